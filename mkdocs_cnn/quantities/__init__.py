"""Numbers that remember how they were made, and how they are written."""

"""What the pages of the book measure on arrays."""

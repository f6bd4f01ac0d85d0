"""Whatever becomes HTML, and what pages can ask for."""

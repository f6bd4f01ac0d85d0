"""The experiments of the book, each in a folder with its code, its findings and its result."""

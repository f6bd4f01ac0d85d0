"""The figures of the book, one module or a few for each chapter."""

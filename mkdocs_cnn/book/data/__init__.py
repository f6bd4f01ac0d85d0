"""What the book measures and learns from; each file has its author and licence beside it."""

from pathlib import Path

FOLDER = Path(__file__).parent

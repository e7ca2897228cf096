"""One file per tool, and the door they all come in by."""

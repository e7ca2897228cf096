"""One neutral description of an answer, and the ways to show it."""

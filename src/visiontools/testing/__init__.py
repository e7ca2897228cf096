"""Doubles for tests, ours and yours: real servers with a script, so that no code is patched."""

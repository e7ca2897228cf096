"""Measuring: generators with exact truth, pure scorers, and the commands that print the tables."""

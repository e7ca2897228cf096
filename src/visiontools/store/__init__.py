"""Keeping records and pictures, and deleting them for good."""

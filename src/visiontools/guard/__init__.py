"""Llama Guard on what goes in and what comes out: asks it, and holds back what it blocks."""

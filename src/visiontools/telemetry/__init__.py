"""What whoever runs a server may see of a run: spans named like its steps, without content."""

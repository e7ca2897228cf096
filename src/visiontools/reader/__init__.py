"""The embedded observer: reads what is printed, without a model download or a network."""

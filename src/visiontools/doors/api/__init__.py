"""The HTTP API: the same runs and records for programs, below ``/api/v1``."""

"""The ways in: each builds a request, walks the events and shows the record."""

"""From an upload to a picture an observer can use."""

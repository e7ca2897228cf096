"""visiontools turns a picture into a checked, typed answer."""

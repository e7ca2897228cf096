"""From an observer's words to data, and the vocabularies that observers and tools share."""

"""The texts room: files and pasted words become messages, counted and cut to what a model takes."""

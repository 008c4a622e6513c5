"""A chapter as its author wrote it."""

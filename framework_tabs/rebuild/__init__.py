"""Which pages must be read or written again."""

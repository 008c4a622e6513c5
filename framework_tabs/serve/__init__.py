"""The book behind a server: live cells, and the author's preview."""

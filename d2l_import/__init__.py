"""D2L's Markdown as chapters of a book that is built with ``framework_tabs``."""

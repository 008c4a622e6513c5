"""The book as one file: PDF and EPUB."""

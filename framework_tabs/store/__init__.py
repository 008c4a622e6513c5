"""What a notebook on disk says. Neither Sphinx nor MyST-NB is imported here."""

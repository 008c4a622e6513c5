"""The outputs of all frameworks on one page."""

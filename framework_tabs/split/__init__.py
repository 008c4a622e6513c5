"""From a chapter to one notebook per framework."""

"""From the merged page to HTML."""

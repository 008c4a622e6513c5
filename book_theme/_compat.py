"""What the theme uses of other packages without their promise that it stays.

Each with the versions in which it was seen to do what is needed here;
``tests/book/test_theme_compat.py`` tries every one.
"""

from sphinx.application import Sphinx


def sheets_of_all_pages(builder) -> list:
    """The style sheets that every page gets (Sphinx 7.4.7, 8.2.3, 9.0.4).

    While it writes, Sphinx keeps them apart from those of the page at hand.
    """
    return getattr(builder, "_orig_css_files", builder._css_files)


def disconnect(app: Sphinx, module: str) -> None:
    """Take back what a module listens for (sphinx-thebe 0.3.1, Sphinx 7.4.7)."""
    for listeners in app.events.listeners.values():
        listeners[:] = [each for each in listeners if each.handler.__module__ != module]

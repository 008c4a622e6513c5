"""Turkish for Sphinx: a search that knows suffixes, and hyphenation.

As an extension it takes the place of Sphinx's own Turkish search, which fails on
the dotted and the dotless i; in books of other languages it does nothing.
"""

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def setup(app):
    """Register the search."""
    from . import search

    app.add_search_language(search.TurkishSearch)
    app.connect("builder-inited", search.offer_terms)
    app.connect("builder-inited", _mark_found_words)
    app.connect("html-collect-pages", search.complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _mark_found_words(app):
    """Add the script that marks on a page what a reader searched for.

    It must act before Sphinx's own (priority 200) does.
    """
    if app.builder.format == "html" and app.config.language == "tr":
        app.config.html_static_path.append(str(STATIC))
        app.add_js_file("search_marks.js", priority=150)

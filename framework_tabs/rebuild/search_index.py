"""Makes the index of the search, in a build of some pages, what that of all would be.

Sphinx keeps words that no page has any longer, and loses the index entries of pages
that are not written.
"""

from sphinx.application import Sphinx
from sphinx.util.index_entries import split_index_msg

from .. import _compat


def complete(app: Sphinx) -> list:
    """Put the index right when all words are in; return no page to add."""
    indexer = app.builder.indexer
    if indexer is not None:
        for pages in _compat.pages_of_words(indexer):
            for word in [word for word, found in pages.items() if not found]:
                del pages[word]
        indexed = _compat.index_entries(indexer)
        for docname, entries in app.env.get_domain("index").entries.items():
            indexed[docname] = sorted(_as_indexed(entries))
    return []


def _as_indexed(entries: list[tuple]) -> set[tuple[str, str, str]]:
    """Return entries as Sphinx's index has them: word, place, and if it is the main."""
    return {
        (word, place or "", main)
        for kind, value, place, main, _ in entries
        for word in split_index_msg(kind, value)
    }

"""What the search uses of Sphinx without its promise that it stays.

Each with the versions in which it was seen to do what is needed here;
``tests/sphinx_turkish/test_search_compat.py`` tries every one.
"""

from sphinx.search import IndexBuilder


def pages_of_words(indexer: IndexBuilder) -> tuple[dict, dict]:
    """The pages by the words of their text, and of their titles (7.4.7, 8.2.3, 9.0.4).

    Sphinx will write what is in them.
    """
    return indexer._mapping, indexer._title_mapping


def index_entries(indexer: IndexBuilder) -> dict[str, list[tuple[str, str, str]]]:
    """What the index of each page will say (7.4.7, 8.2.3, 9.0.4)."""
    return indexer._index_entries

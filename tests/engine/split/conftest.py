"""A page of prose as the notebook of a small Turkish book shows it."""

import pytest
from tiny_book import TWO, cell, write_book

EXTENSIONS = (
    "amsmath attrs_block attrs_inline colon_fence deflist dollarmath fieldlist "
    "substitution tasklist".split()
)


@pytest.fixture
def plain(tmp_path_factory):
    """Return a function: the prose of framework a's notebook (of a and b).

    The chapter ``x`` has the text and a cell of code; ``pages`` are texts of other
    chapters, ``files`` of files in the book's folder, by their names. ``parse`` and
    ``html`` are sections of ``_config.yml``, all else are settings of Sphinx.
    """

    def shown(
        text, framework="a", pages=None, files=None, parse=None, html=None, **sphinx
    ):
        parse = {"myst_enable_extensions": EXTENSIONS, **(parse or {})}
        config = {"parse": parse, **({"html": html} if html else {})}
        root = tmp_path_factory.mktemp("book")
        sphinx = {"language": "tr", **sphinx}
        book = write_book(root, frameworks=TWO, config=config, sphinx=sphinx)
        book.write(f"{text}\n", cell("1"))
        for name, content in (pages or {}).items():
            book.source(name).write_text(content, encoding="utf-8")
        for name, content in (files or {}).items():
            (root / name).write_text(content, encoding="utf-8")
        book.split()
        cells = book.notebook(framework).cells[1:]
        return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")

    return shown

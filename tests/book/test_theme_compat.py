"""What the theme uses of Sphinx without its promise: it is as it was seen."""

import io

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from book_theme import _compat


@pytest.fixture
def app(tmp_path):
    """An application that has not built yet; its one page has a style sheet more."""
    root, out = tmp_path / "pages", tmp_path / "out"
    root.mkdir()
    (root / "index.rst").write_text("A page\n======\n")
    settings = {
        "extensions": ["sphinx_thebe"],
        "html_css_files": ["a.css"],
    }
    with docutils_namespace():
        folders = root, None, out, out
        yield Sphinx(*folders, "html", settings, status=None, warning=io.StringIO())


def test_the_sheets_of_all_pages_are_told_from_those_of_one(app):
    told = []

    def note(app, pagename, *_):
        app.add_css_file("own.css")
        sheets = _compat.sheets_of_all_pages(app.builder)
        told.append([str(sheet.filename).rpartition("/")[2] for sheet in sheets])

    app.connect("html-page-context", note)
    app.build()
    assert all("a.css" in names and "own.css" not in names for names in told)
    assert told


def test_a_module_no_longer_listens(app):
    def modules():
        listeners = [each for some in app.events.listeners.values() for each in some]
        return {listener.handler.__module__ for listener in listeners}

    assert "sphinx_thebe" in modules()
    others = modules() - {"sphinx_thebe"}
    _compat.disconnect(app, "sphinx_thebe")
    assert modules() == others

"""What the search uses of Sphinx without its promise: it is as it was seen."""

import io

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from sphinx_turkish import _compat


@pytest.fixture(scope="module")
def indexer(tmp_path_factory):
    """The index of one page, as it is when Sphinx has written it."""
    root, out = tmp_path_factory.mktemp("pages"), tmp_path_factory.mktemp("out")
    page = "Alexnet\n=======\n\n.. index:: neural\n\nWeights.\n"
    (root / "index.rst").write_text(page)
    with docutils_namespace():
        app = Sphinx(
            root, None, out, out, "html", {}, status=None, warning=io.StringIO()
        )
        app.build()
        yield app.builder.indexer


def test_words_lead_to_pages(indexer):
    in_text, in_titles = _compat.pages_of_words(indexer)
    assert in_text["weight"] == {"index"}
    assert in_titles["alexnet"] == {"index"}


def test_a_word_that_is_taken_out_is_not_written(indexer):
    in_text, _ = _compat.pages_of_words(indexer)
    del in_text["weight"]
    assert "weight" not in indexer.freeze()["terms"]


def test_the_index_entries_of_a_page_are_there_to_be_set(indexer):
    entries = _compat.index_entries(indexer)
    assert [word for word, *_ in entries["index"]] == ["neural"]
    entries["index"] = [("other", "place", "")]
    assert "other" in indexer.freeze()["indexentries"]

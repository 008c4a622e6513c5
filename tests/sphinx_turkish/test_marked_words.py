"""What a reader searched for is marked on the page, in the language of the book."""

import io

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

PAGE = "Sayfa\n=====\n\nBir katman, sonra katmanın çıktısı; a layer and layers.\n"


@pytest.fixture
def marked(tmp_path, chromium):
    """Return a function: what is marked on a page for a word in its address."""

    def ask(language, word):
        root, out = tmp_path / language, tmp_path / f"{language}-out"
        root.mkdir()
        (root / "index.rst").write_text(PAGE, encoding="utf-8")
        settings = {"extensions": ["sphinx_turkish"], "language": language}
        with docutils_namespace():
            folders, silent = (root, None, out, out), io.StringIO()
            Sphinx(*folders, "html", settings, status=None, warning=silent).build()
        page, errors = chromium.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{(out / 'index.html').as_uri()}?highlight={word}")
        found = page.locator("span.highlighted, mark")
        found.first.wait_for()
        texts = found.all_inner_texts()
        page.close()
        assert errors == []
        return texts

    return ask


def test_in_english_sphinx_marks_the_words(marked):
    assert marked("en", "layer") == ["layer", "layer"]


def test_in_turkish_all_forms_of_a_word_are_marked(marked):
    assert marked("tr", "katman") == ["katman", "katmanın"]

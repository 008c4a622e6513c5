"""Words that are Sphinx's: those of the pages, whatever the language."""

import pytest
from tiny_book import write_book

from framework_tabs.split.words import numbered, said

CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Tip"
msgstr "İpucu"
"""


@pytest.mark.parametrize(
    ("language", "figure", "warning"),
    [
        ("tr", "Şekil %s", "Uyarı"),
        ("en", "Fig. %s", "Warning"),
        ("de", "Abb. %s", "Warnung"),
        ("pt_BR", "Fig. %s", "Aviso"),
    ],
)
def test_words_are_those_of_sphinx_in_the_language(tmp_path, language, figure, warning):
    settings = write_book(tmp_path, sphinx={"language": language}).settings
    assert (numbered("figure", settings), said("Warning", settings)) == (
        figure,
        warning,
    )


def test_a_book_may_have_words_and_formats_of_its_own(tmp_path):
    own = {"numfig_format": {"figure": "Çizim %s"}, "locale_dirs": ["dil"]}
    book = write_book(tmp_path, sphinx=own)
    folder = tmp_path / "dil" / "tr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "sphinx.po").write_text(CATALOGUE, encoding="utf-8")
    assert numbered("figure", book.settings) == "Çizim %s"
    assert said("Tip", book.settings) == "İpucu"
    assert said("Warning", book.settings) == "Uyarı"

"""The glossary: in Turkish order, the same from both languages, without dead ends."""

import re
from pathlib import Path

import pytest

from framework_tabs.render import glossary_links
from sphinx_turkish import words as turkish
from tests.book.spelling import turkish_order

PAGE = Path(__file__).resolve().parents[2] / "chapters" / "sozluk.md"
SOURCE = PAGE.read_text(encoding="utf-8")
ENTRIES = glossary_links.entries(SOURCE)
TERMS = {entry.title: entry for entry in ENTRIES if entry.english}
OTHERS = {entry.title: entry for entry in ENTRIES if not entry.english}


def test_turkish_order_is_that_of_a_turkish_dictionary():
    words = ["adım", "ağ", "ağırlık", "cam", "çam", "ırak", "iş", "iş yükü", "işlem"]
    words += ["on", "ön", "su", "şu"]

    assert sorted(reversed(words), key=turkish_order) == words


def test_entries_stand_in_turkish_order_and_once():
    titles = [entry.title for entry in ENTRIES]

    assert titles == sorted(set(titles), key=turkish_order)


def test_each_letter_has_a_section_that_the_list_of_letters_leads_to():
    parts = re.split(r"(?m)^\(sozluk_(.)\)=\n## (.)$", SOURCE)
    letters, headings, sections = parts[1::3], parts[2::3], parts[3::3]
    listed = re.findall(r"\{ref\}`(.) <sozluk_(.)>`", SOURCE)

    assert listed == list(zip(headings, letters, strict=True))
    assert letters == [turkish.fold(heading) for heading in headings]
    for letter, section in zip(letters, sections, strict=True):
        assert {entry.title[0] for entry in glossary_links.entries(section)} == {letter}


def test_the_english_table_has_every_term_in_english_order():
    rows = re.findall(r"(?m)^\| \*(.+)\* \| \{term\}`(.+)` \|$", SOURCE)

    assert rows == sorted(rows)
    assert sorted(rows) == sorted((e, t) for t in TERMS for e in TERMS[t].english)


@pytest.mark.parametrize("title", TERMS)
def test_a_term_has_a_definition(title):
    definition = TERMS[title].definition.partition(". ")[2]

    assert len(definition.split()) >= 4
    assert definition.endswith(".")


def test_another_book_s_word_refers_to_the_term_that_names_it():
    referred = {
        word: re.fullmatch(r"Bu kitapta: \{term\}`(.+)`\.", entry.definition)[1]
        for word, entry in OTHERS.items()
    }
    naming = {
        word: title
        for title, entry in TERMS.items()
        for others in re.findall("; başka kaynaklarda ([^.]+)", entry.definition)
        for word in others.split(", ")
    }

    assert naming == referred


def test_every_reference_to_a_term_names_one_of_the_glossary():
    targets = re.findall(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", SOURCE)

    assert [target for target in targets if target not in TERMS] == []

"""The messages: English in the code, whole in Turkish, the language of the book."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from framework_tabs import messages
from framework_tabs.messages import _, ngettext, speak, sphinx_word

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = "framework_tabs", "api_tabs", "d2l_import"
SOURCES = [
    ("**.py", "python"),
    ("**.js", "javascript"),
    ("templates/**", "jinja2.ext:babel_extract"),
]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
TURKISH = re.compile("[çğıöşüâîûÇĞİÖŞÜ]")
CODE = ".py", ".js", ".css", ".html", ".xhtml", ".md", ".svg"
LINGUISTIC = re.compile(r"sphinx_turkish/(hyphenation|search|words)\.\w+$|README.md$")
"""Files that are about the Turkish language itself, or written in it."""


def in_code(package):
    """Return every message of a package's code, scripts and templates."""
    found = extract_from_dir(REPOSITORY / package, SOURCES, keywords=KEYWORDS)
    return {message for _file, _line, message, *_ in found}


def in_turkish(package):
    """Return the Turkish of a package by its English."""
    path = REPOSITORY / package / "locale/tr/LC_MESSAGES" / f"{package}.po"
    with open(path, "rb") as file:
        entries = read_po(file, locale="tr", abort_invalid=True)
    assert not [each.id for each in entries if each.id and each.fuzzy]
    return {each.id: each.string for each in entries if each.id}


def fields(text):
    """Return the names in braces, and other places for values."""
    names = {name for _text, name, *_ in Formatter().parse(text) if name is not None}
    return names | set(re.findall("%[sd]", text))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_is_there_in_turkish_and_none_that_nothing_says(package):
    assert in_code(package) == set(in_turkish(package))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_translation_takes_the_values_of_its_message(package):
    for english, turkish in in_turkish(package).items():
        ours = turkish if isinstance(turkish, tuple) else (turkish,)
        theirs = english if isinstance(english, tuple) else (english,)
        assert all(ours) and len(ours) == len(theirs)
        assert {frozenset(fields(each)) for each in (*ours, *theirs)} == {
            frozenset(fields(theirs[0]))
        }, english


def test_the_code_is_english():
    paths = [
        path
        for package in (*PACKAGES, "sphinx_turkish")
        for path in sorted((REPOSITORY / package).rglob("*.*"))
        if path.suffix in CODE and not LINGUISTIC.search(path.as_posix())
    ]
    found = [
        f"{path.relative_to(REPOSITORY)}: {line.strip()}"
        for path in paths
        for line in path.read_text("utf-8").splitlines()
        if TURKISH.search(line)
    ]
    assert found == [] and len(paths) > 90


def test_a_language_without_a_catalogue_gets_english():
    speak("de")
    assert _("Answer") == "Answer"
    speak(None)
    assert (_("Answer"), messages.spoken()) == ("Answer", "en")


def test_a_country_s_variety_gets_the_catalogue_of_the_language():
    speak("tr-TR")
    assert (_("Answer"), messages.tag()) == ("Yanıt", "tr-TR")


def test_english_tells_one_from_many():
    told = "{value} ({count} notebook)", "{value} ({count} notebooks)"
    assert [ngettext(*told, n) for n in (1, 2)] == ["{value} ({count} defter)"] * 2
    speak("en")
    assert [ngettext(*told, n) for n in (1, 2)] == list(told)


@pytest.mark.parametrize(
    ("language", "figure", "warning"),
    [
        ("tr", "Şekil %s", "Uyarı"),
        ("en", "Fig. %s", "Warning"),
        ("de", "Abb. %s", "Warnung"),
    ],
)
def test_words_of_sphinx_are_its_own_where_there_is_no_catalogue(
    language, figure, warning
):
    speak(language)
    assert (sphinx_word("Fig. %s"), sphinx_word("Warning")) == (figure, warning)


@pytest.mark.parametrize(
    ("language", "number"), [("tr", "1,5"), ("en", "1.5"), ("zz", "1.5")]
)
def test_numbers_are_written_as_in_the_language(language, number):
    speak(language)
    assert format_decimal(1.5, "0.0", locale=messages.locale()) == number

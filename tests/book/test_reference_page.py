"""The reference page: every public name once, in Turkish, with an example that runs."""

import ast
import logging
from collections import Counter
from pathlib import Path

import pytest

from api_tabs.catalogue import Catalogue
from api_tabs.docstrings import Entry, Package, UnknownName
from framework_tabs import config
from framework_tabs.source import chapter as chapters
from framework_tabs.source import myst
from tests.book import language

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "chapters" / "basvuru.md"
BOOK = config.load(ROOT)
MODULES = {key: framework.api for key, framework in BOOK.frameworks.items()}
HOW_TO_TRANSLATE = "Şunları locale/tr/LC_MESSAGES/api.po dosyasına ekleyip çevirin:"
HOW_TO_TIDY = "Şunlar artık hiçbir docstring'de yok, api.po dosyasından silin:"


@pytest.fixture(scope="module")
def package():
    """The shim, read from its source."""
    return Package("d2l_shim", ROOT)


@pytest.fixture(scope="module")
def catalogue():
    """The Turkish of the shim's docstrings."""
    return Catalogue(ROOT / "locale" / "tr" / "LC_MESSAGES" / "api.po")


def shown():
    """Return the names that the page describes, in its order."""
    for found in myst.directives(PAGE.read_text(encoding="utf-8")):
        if found.name == "api":
            yield found.argument
        elif found.name == "api-table":
            yield from found.body.split()


def entries(package, name) -> list[Entry]:
    """Return what the frameworks that have the name say of it."""
    paths = [name] if "." in name else [f"{m}.{name}" for m in MODULES.values()]
    found = []
    for path in paths:
        try:
            found.append(package.entry(path))
        except UnknownName:
            pass
    return found


@pytest.fixture(scope="module")
def texts(package):
    """Every English text that the page has to show in Turkish."""
    return {
        text
        for name in shown()
        for entry in entries(package, name)
        for text in entry.texts()
    }


def test_every_public_name_is_on_the_page_exactly_once(package):
    public = {name for module in MODULES.values() for name in package.names(module)}
    described = Counter(name for name in shown() if "." not in name)

    assert public
    assert described == Counter(public)


def test_every_name_is_documented_or_stands_for_something(package):
    silent = [
        name
        for name in shown()
        for entry in entries(package, name)
        if not entry.paragraphs and not entry.value
    ]
    assert silent == []


def test_every_text_of_the_docstrings_has_its_turkish(texts, catalogue):
    missing = sorted(text for text in texts if catalogue.translation(text) is None)
    assert not missing, "\n".join([HOW_TO_TRANSLATE, *missing])


def test_every_translation_belongs_to_a_text_of_the_docstrings(texts, catalogue):
    unused = sorted(catalogue.texts.keys() - texts)
    assert not unused, "\n".join([HOW_TO_TIDY, *unused])


def test_translations_have_no_wrong_form_and_turkish_numbers(catalogue):
    prose, _ = language.split("\n\n".join(catalogue.texts.values()))
    assert [str(found) for found in language.wrong_forms(prose)] == []
    assert [str(found) for found in language.wrong_numbers(prose)] == []


def test_links_in_translations_lead_to_names_of_the_page(catalogue):
    targets = {
        part.split(")")[0]
        for text in catalogue.texts.values()
        for part in text.split("](#")[1:]
    }
    assert targets
    assert targets <= {name.rpartition(".")[2] for name in shown()}


def test_docstrings_describe_the_parameters_that_there_are(package, caplog):
    with caplog.at_level(logging.WARNING):
        fresh = Package("d2l_shim", ROOT)
        for name in shown():
            entries(fresh, name)
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("key", MODULES)
def test_every_name_of_a_framework_is_used_in_its_example_cells(package, key):
    cells = chapters.read(PAGE, BOOK).code_cells
    code = "\n".join(cell.source for cell in cells if cell.belongs_to(key))
    used = {
        node.attr
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "d2l"
    }
    assert sorted(set(package.names(MODULES[key])) - used) == []

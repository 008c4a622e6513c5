"""The book's pages when they are found and shared, and how the book is cited."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

SCHEMA = Path(__file__).with_name("citation-file-format-1.2.0.json")
"""Of the Citation File Format (CC BY 4.0), as its authors publish it."""


@pytest.fixture(scope="module")
def heads(site):
    """The heads of the chapters' pages by their names."""
    return {
        path.stem: BeautifulSoup(path.read_text("utf-8"), "html.parser").head
        for path in sorted((site / "chapters").glob("*.html"))
    }


@pytest.fixture(scope="module")
def cite(root):
    """What CITATION.cff says."""
    return yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))


def said(head, name):
    (node,) = head.find_all("meta", attrs={"name": name}) or head.find_all(
        "meta", property=name
    )
    return node["content"]


def test_every_page_has_a_description_of_its_own(heads):
    descriptions = [said(head, "description") for head in heads.values()]
    assert len(descriptions) > 15
    assert len(set(descriptions)) == len(descriptions)
    for text in descriptions:
        assert 50 <= len(text) <= 160, text


def test_descriptions_are_written_and_not_cut_off(heads):
    assert not [n for n, head in heads.items() if "…" in said(head, "description")]


def test_the_picture_is_as_large_as_networks_show_it(site, heads):
    for name, head in heads.items():
        path = (site / "chapters" / said(head, "og:image")).resolve()
        with Image.open(path) as image:
            assert image.size == (1200, 630), name


def test_the_structured_data_is_a_book_and_its_chapters(heads, cite):
    found = {
        name: json.loads(head.find("script", type="application/ld+json").string)
        for name, head in heads.items()
    }
    book = found.pop("index")
    assert book["@type"] == "Book" and book["version"] == cite["version"]
    assert all(data["@type"] == "Chapter" for data in found.values())
    positions = [data["position"] for data in found.values()]
    assert sorted(positions) == list(range(1, len(found) + 1))


def test_the_citation_file_is_valid(cite):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    # As the schema has it: dates are text.
    text = json.loads(json.dumps(cite, default=str))
    jsonschema.Draft7Validator(schema).validate(text)


def test_the_citation_file_agrees_with_the_book(root, cite):
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    assert cite["title"] == config["title"]
    assert [author["name"] for author in cite["authors"]] == [config["author"]]
    project = (root / "pyproject.toml").read_text("utf-8")
    assert f'version = "{cite["version"]}"' in project


def test_the_preface_shows_how_to_cite_the_book(site, cite):
    page = BeautifulSoup(
        (site / "chapters" / "giris.html").read_text("utf-8"), "html.parser"
    )
    record = page.find(class_="highlight-bibtex").get_text()
    assert cite["title"] in record and cite["version"] in record

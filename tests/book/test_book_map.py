"""The map on the front page shows the chapters that there are, in their order."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script(figure_script):
    """The names of the script that draws the map."""
    return figure_script("draw_book_map")


@pytest.fixture(scope="module")
def contents():
    """The names of the chapters in the order of the book."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [Path(c["file"]).name for part in toc["parts"] for c in part["chapters"]]


def test_the_map_shows_every_chapter_between_preface_and_glossary(script, contents):
    drawn = [box.chapter for row in script["ROWS"] for box in row]
    between = contents[contents.index("giris") + 1 : contents.index("sozluk")]
    assert drawn == between


def test_no_chapter_rests_on_a_later_one(script, contents):
    for row in script["ROWS"]:
        for box in row:
            for earlier in box.rests_on:
                assert contents.index(earlier) < contents.index(box.chapter)

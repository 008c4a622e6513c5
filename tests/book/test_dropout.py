"""The picture of dropout: whoever is dropped has no connections, the rest have all."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

FIGURES = Path(__file__).parents[2] / "chapters" / "figures"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture() -> ET.Element:
    """The root of the picture."""
    return ET.parse(FIGURES / "dropout.svg").getroot()


def circles(picture: ET.Element, panel: str, dropped: bool) -> set[tuple[str, str]]:
    """Centres of the units that are there, or of those that are dropped."""
    found = picture.findall(f"{SVG}g[@id='{panel}']/{SVG}circle")
    return {
        (circle.get("cx"), circle.get("cy"))
        for circle in found
        if (circle.get("class") == "dropped") == dropped
    }


def ends(picture: ET.Element, panel: str) -> list[tuple[tuple, tuple]]:
    """The two ends of each connection."""
    lines = picture.findall(f"{SVG}g[@id='{panel}']/{SVG}line")
    return [
        ((line.get("x1"), line.get("y1")), (line.get("x2"), line.get("y2")))
        for line in lines
    ]


def test_the_whole_network_has_every_unit_and_every_connection(picture):
    assert circles(picture, "whole", dropped=True) == set()
    assert len(ends(picture, "whole")) == 4 * 6 + 6 * 6 + 6 * 3


def test_half_of_each_hidden_layer_is_dropped_and_has_no_connection(picture):
    gone = circles(picture, "thinned", dropped=True)
    assert sorted(x for x, _ in gone) == 3 * [min(gone)[0]] + 3 * [max(gone)[0]]
    connections = ends(picture, "thinned")
    assert len(connections) == 4 * 3 + 3 * 3 + 3 * 3
    assert not gone & {end for connection in connections for end in connection}

"""The explorer on a page: what stands there without JavaScript, and what is loaded."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from architecture_explorer import markup, network, picture

WITH = "# Ağ\n\n```{architecture-explorer}\n```\n"
WITHOUT = "# Söz\n\nBurada gezgin yok.\n"


@pytest.fixture(scope="module")
def page():
    """The explorer's own HTML."""
    return BeautifulSoup(markup.explorer("explorer-0"), "html.parser")


@pytest.fixture(scope="module")
def build(tmp_path_factory, root):
    """Return a function that builds a small book in a format; it returns the folder.

    Sphinx runs in a process of its own, since what it registers stays in a process.
    """
    source = tmp_path_factory.mktemp("book")
    (source / "index.md").write_text(f"{WITH}\n```{{toctree}}\nsoz\n```\n", "utf-8")
    (source / "soz.md").write_text(WITHOUT, "utf-8")
    settings = "-C", "-D", "extensions=myst_parser,architecture_explorer"

    def run(builder):
        out = source / "_build" / builder
        sphinx = sys.executable, "-m", "sphinx", "-W", "-q", "-b", builder, *settings
        command = [*sphinx, "-d", source / "_build" / "doctrees", source, out]
        made = subprocess.run(command, cwd=root, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        return out

    return run


def rows(page, key="alexnet"):
    """Return what the rows of a network say: name, shape, settings, costs."""
    body = page.select_one(f"tbody[data-network={key}]")
    parts = ".explorer-name, .explorer-shape, .explorer-value, .explorer-number"
    return [[p.get_text() for p in row.select(parts)] for row in body.find_all("tr")]


def test_without_javascript_a_table_tells_all_of_the_first_network(page):
    assert rows(page)[0] == [
        *("Evrişim 1", "96 × 54 × 54", "11", "4", "0", "96", "1"),
        *("11.712", "143,4 MB", "33.872.256"),
    ]
    assert rows(page)[8] == [
        *("Tam bağlı 1", "4.096", "4096"),
        *("26.218.496", "211,8 MB", "26.214.400"),
    ]
    totals = [n.get_text() for n in page.select(".explorer-totals .explorer-number")]
    assert totals == ["46.764.746", "741,1 MB", "938.146.176"]


def test_the_other_networks_wait_hidden(page):
    hidden = {part["data-network"] for part in page.select("[hidden]")}
    assert hidden == set(network.NETWORKS) - {"alexnet"}
    assert rows(page, "lenet")[0][:2] == ["Evrişim 1", "6 × 28 × 28"]


def test_the_page_holds_the_data_that_the_script_calculates_with(page):
    assert json.loads(page.div["data-setup"]) == network.SETUP


def test_it_is_well_formed_and_needs_neither_styles_nor_scripts_of_its_own(page):
    root = ET.fromstring(markup.explorer("explorer-0"))
    assert not [e for e in root.iter() if e.tag.endswith(("script", "style"))]
    assert not [e for e in root.iter() if {"style", "onclick"} & set(e.keys())]
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_a_block_is_as_high_as_the_root_of_its_side_tells():
    largest = picture.Scale(side=100, channels=4, units=10)
    small, large = (
        _height(picture.faces((4, side, side), largest)["front"]) for side in (25, 100)
    )
    assert large == pytest.approx(picture.TALLEST, abs=0.1)
    assert small == pytest.approx(picture.TALLEST / 2, abs=0.1)


def _height(path):
    numbers = [float(y.split(" ")[1]) for y in path.strip("MZ").split("L")]
    return max(numbers) - min(numbers)


@pytest.mark.parametrize("key", network.NETWORKS)
def test_every_block_fits_its_picture(key):
    layers = network.measure(network.NETWORKS[key])
    for layer in layers:
        for outline in picture.faces(layer.shape, picture.scale(layers)).values():
            for corner in outline.strip("MZ").split("L"):
                x, y = map(float, corner.split(" "))
                assert 0 <= x <= picture.WIDTH and 0 <= y <= picture.HEIGHT


def test_only_a_page_with_an_explorer_loads_it(build):
    out = build("html")
    assert "architecture" not in (out / "soz.html").read_text("utf-8")
    page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    scripts = [s for s in page.select("script[src]") if "architecture" in s["src"]]
    assert [s["src"].split("?")[0] for s in scripts] == [
        "_static/architecture_network.js",
        "_static/architecture_explorer.js",
    ]
    assert all(script.has_attr("defer") for script in scripts)
    assert (out / "_static" / "architecture_explorer.css").exists()


def test_the_scripts_stay_small(root):
    scripts = (root / "architecture_explorer" / "static").glob("*.js")
    assert sum(path.stat().st_size for path in scripts) < 25_000


@pytest.mark.parametrize("builder", ["latex", "text"])
def test_other_formats_have_the_table(build, builder):
    (found,) = build(builder).glob("*.tex" if builder == "latex" else "index.txt")
    text = found.read_text("utf-8")
    assert "46.764.746" in text and "96 × 54 × 54" in text

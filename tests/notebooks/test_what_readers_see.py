"""What a reader of the notebooks sees: nothing that only MyST understands."""

import re
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

from framework_tabs import config
from framework_tabs.split import labels

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
RAW = {
    "a role": re.compile(r"\{[a-z][\w:+-]*\}`"),
    "a directive": re.compile(r"^\s*(`{3,}|:{3,}|~{3,})\s*\{", re.M),
    "the end of a directive": re.compile(r"^:{3,}\s*$", re.M),
    "a label": re.compile(r"^\(.+\)=\s*$", re.M),
    "a substitution": re.compile(r"\{\{"),
    "attributes": re.compile(r"[\])`]\{[.#\w]"),
    "a link without a text": re.compile(r"\[\]\("),
    "a note": re.compile(r"\[\^"),
}
"""Of each construct, what no text of a notebook may hold."""


@pytest.fixture(scope="module")
def known_labels():
    """Every label of the book that is a name and no word."""
    return {each for each in labels.book(config.load(ROOT)).places if "_" in each}


def prose(source: str) -> str:
    """The text of a cell without its code and formulas; a raw directive is no code."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", source, flags=re.S)
    lines = text.split("\n")
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "fence" and not token.info.startswith("{"):
            first, last = token.map
            lines[first:last] = [""] * (last - first)
    text = "\n".join(lines)
    return re.sub(r"(?<!\})(`+)(?!`).+?(?<!`)\1(?!`)", "code", text, flags=re.S)


def code_spans(source: str) -> set[str]:
    """What stands in a cell as code within lines."""
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    children = [child for token in tokens for child in token.children or []]
    return {child.content for child in children if child.type == "code_inline"}


@pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_no_text_shows_what_only_myst_understands(path, known_labels):
    cells = nbformat.read(path, as_version=4).cells
    for cell in (each for each in cells if each.cell_type == "markdown"):
        text = prose(cell.source)
        found = {name for name, raw in RAW.items() if raw.search(text)}
        assert found == set(), cell.source
        words = set(re.findall(r"[\w-]+", text)) | code_spans(cell.source)
        assert words & known_labels == set(), cell.source


def test_every_local_link_and_picture_leads_to_a_file():
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
        tokens = MarkdownIt("commonmark").parse(text)
        children = [child for token in tokens for child in token.children or []]
        for address in (c.attrs.get("src") or c.attrs.get("href") for c in children):
            if address and not re.match(r"[a-z]+:|#", str(address)):
                target = path.parent / str(address).partition("#")[0]
                assert target.exists(), f"{path}: {address}"

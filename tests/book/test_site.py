"""The built book in a browser: outputs, windows of all sizes, nothing from outside."""

import re

import nbformat
import pytest
from myst_nb.core.utils import coalesce_streams

from framework_tabs.store import record
from framework_tabs.store.record import MIME_TYPE
from tests.book.reader import FRONT_PAGE, tab

REFERENCE_PAGE = "chapters/basvuru.html"

# What a reader who has made a choice can see, folded or not.
SHOWN_TEXTS = """() => {
  const shown = (node) => {
    const panel = node.parentElement.closest(".framework-panel");
    return !panel || (!panel.hidden && shown(panel));
  };
  const outputs = ".output.stream, .output.text_plain, .output.stderr";
  const found = [...document.querySelectorAll(outputs)];
  return found.filter(shown).map((node) => node.querySelector("pre").textContent);
}"""


def words(text):
    """Return a text without colours and layout."""
    return " ".join(re.sub(r"\x1b\[[\d;]*m", "", text).split())


def stored_texts(path):
    """Return the outputs of a notebook that a page shows as plain text, in order."""
    for cell in nbformat.read(path, as_version=4).cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and not tags & {"remove-cell", "remove-output"}:
            for output in coalesce_streams(cell.outputs):
                if output.output_type == "stream":
                    yield words(output.text)
                elif set(output.get("data", {})) - {MIME_TYPE} == {"text/plain"}:
                    yield words(output.data["text/plain"])


def test_under_each_tab_are_the_outputs_of_its_framework(visit, sources, book, keys):
    for source in sources:
        page = visit(source.source.removesuffix(".md") + ".html")
        for key in keys:
            tab(page, key).click()
            stored = list(stored_texts(record.path_for(book, key, source)))
            assert stored
            assert [words(text) for text in page.evaluate(SHOWN_TEXTS)] == stored


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_the_window_and_report_no_error(
    visit, site, address, path, keys, width, scheme
):
    folder = site.parent / "screenshots"
    size = {"width": width, "height": 900}
    page = visit(FRONT_PAGE, viewport=size, color_scheme=scheme)
    pages = {"index": FRONT_PAGE, "reference": REFERENCE_PAGE, "chapter": path}
    for name, where in pages.items():
        page.goto(address + where, wait_until="networkidle")
        shot = folder / f"{name}-{scheme}-{width}.png"
        page.screenshot(path=shot, full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    tab(page, keys[1]).click()

    assert page.errors == []


def test_the_address_of_the_site_leads_to_the_front_page(visit, address):
    visit("").wait_for_url(address + FRONT_PAGE)

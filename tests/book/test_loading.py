"""How pages load: few bytes, nothing to wait for, and nothing that jumps.

Times depend on the machine; ``benchmarks.lighthouse`` measures them.
"""

import gzip
from urllib.parse import urlsplit

import pytest

from tests.book.reader import FRONT_PAGE

HEAVIEST = "chapters/alexnet.html"
MOST_BYTES = 215_000

# Moves of what is in sight, and what is on the page while it is read.
NOTE_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def asked(visit, address):
    """Return a function: what a page asks for when it is opened."""

    def open_page(where):
        page = visit(FRONT_PAGE)
        found = []
        page.on("response", lambda answer: found.append(answer))
        page.goto(address + where, wait_until="networkidle")
        return page, found

    return open_page


def test_the_longest_chapter_transfers_few_bytes(asked, site):
    _, answers = asked(HEAVIEST)
    sizes = {}
    for answer in answers:
        path = site / urlsplit(answer.url).path.lstrip("/")
        packed = answer.headers.get("content-encoding") == "gzip"
        body = path.read_bytes()
        sizes[path.name] = len(gzip.compress(body, 6)) if packed else len(body)
    assert "alexnet.html" in sizes and len(sizes) > 10
    assert sum(sizes.values()) < MOST_BYTES, sizes


def test_only_small_scripts_that_act_before_the_first_paint_hold_it_up(asked, site):
    page, _ = asked(HEAVIEST)
    blocking = page.locator("script[src]:not([defer], [async], [type=module])")
    names = [urlsplit(each.get_attribute("src")).path for each in blocking.all()]
    assert {name.rsplit("/", 1)[-1] for name in names} == {
        "theme_mode.js",
        "framework_tabs.js",
    }
    sizes = [(site / "chapters" / name).resolve().stat().st_size for name in names]
    assert sum(sizes) < 12_000
    # The site's and the explorer's.
    assert page.locator("link[rel=stylesheet]").count() == 2


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "where",
    [
        HEAVIEST,
        f"{HEAVIEST}#egitim",
        f"{HEAVIEST}#ozet",
        "chapters/lenet.html#ozet",
        "chapters/fashion_mnist.html#ozet",
    ],
)
def test_nothing_jumps_when_a_page_opens(visit, address, where, width):
    page = visit(FRONT_PAGE, viewport={"width": width, "height": 900})
    page.add_init_script(NOTE_SHIFTS)
    page.goto("about:blank")
    page.goto(address + where, wait_until="networkidle")
    page.wait_for_timeout(300)  # what the observer notes comes a moment later
    assert page.evaluate("window.shift") < 0.01

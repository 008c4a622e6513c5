"""What the tests of the book need: the site, served, its readers, and its figures."""

import contextlib
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

from book_theme import serve
from framework_tabs import config
from framework_tabs.source import chapter as chapters
from tests import policy
from tests.book import spelling
from tests.book.reader import FRONT_PAGE

FIGURES = Path(__file__).parents[2] / "chapters" / "figures"
HOW_TO_GET_HUNSPELL = (
    "hunspell ya da Türkçe sözlüğü kurulu değil; apt install hunspell hunspell-tr"
)


@pytest.fixture(scope="session")
def figure_script():
    """Return a function: the names that a script of a figure defines, not run as main.

    Scripts import what they share from their own folder.
    """

    def run(name):
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(str(FIGURES))
            return runpy.run_path(str(FIGURES / f"{name}.py"))

    return run


@pytest.fixture(scope="session")
def site(root, tmp_path_factory):
    """The folder of the site, built from the book as it is now.

    No framework can be imported meanwhile, nor anything else that ``make book`` does
    not install. One process of a parallel run builds it; the others must not see it
    change.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    built = shared / "site.built"
    with FileLock(shared / "site.lock"):
        if not built.exists():
            _build(root)
            built.touch()
    return root / "_build" / "html"


def _build(root):
    build = "from jupyter_book.cli.main import main; main()"
    made = subprocess.run(
        [sys.executable, "-m", "tests.only_locked", "book", "--", build, "build", root],
        capture_output=True,
        text=True,
        cwd=root,
    )
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.fixture(scope="session")
def address(site):
    """The address at which the site is served, as strictly as by ``make serve``."""
    with serve.server(site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def book(root):
    """The settings of the book."""
    return config.load(root)


@pytest.fixture(scope="module")
def sources(book):
    """The chapters that have tabs."""
    found = [each for each in chapters.read_all(book) if each.uses_frameworks]
    assert found
    return found


@pytest.fixture(scope="module")
def keys(book):
    """The keys of the frameworks; the first is chosen where the reader did not."""
    return list(book.frameworks)


@pytest.fixture(scope="module")
def path(sources):
    """The address of a page with tabs, below the site's."""
    return sources[0].source.removesuffix(".md") + ".html"


@pytest.fixture
def visit(chromium, address):
    """Return a function that opens a new reader's browser and returns its page.

    Nothing is asked of other machines, and errors end up in ``page.errors``.
    """
    with _visits(chromium, address) as open_page:
        yield open_page


@contextlib.contextmanager
def _visits(chromium, address):
    contexts = []

    def open_page(where, **options):
        context = chromium.new_context(**options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        foreign = re.compile(f"^(?!{re.escape(address)})")
        context.route(foreign, lambda route: route.fulfill(status=200, body=""))
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: _note(page.errors, message))
        page.goto(address + where)
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()


@dataclass
class Seen:
    """What a browser saw of all pages on one way through the site, by their address."""

    said: dict[str, list[str]] = field(default_factory=dict)
    language: dict[str, str] = field(default_factory=dict)
    images_without_size: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def pages(site):
    """The addresses of all pages, below the site's; its own only leads to one."""
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(found) > 10
    return [p for p in found if p != "index.html" and not p.startswith("_static/")]


@pytest.fixture(scope="module")
def tour(chromium, address, pages):
    """What one visit of every page shows: each test looks at another side of it."""
    seen = Seen()
    with _visits(chromium, address) as open_page:
        page = open_page(FRONT_PAGE)
        page.on("request", lambda request: seen.asked.append(request.url))
        for where in pages:
            page.goto(address + where, wait_until="networkidle")
            seen.said[where] = page.evaluate(SAID)
            seen.language[where] = page.locator("html").get_attribute("lang")
            seen.images_without_size[where] = page.evaluate(WITHOUT_SIZE)
        seen.errors = page.errors
    return seen


# What a reader sees or hears outside the text, whose spelling other tests check. Names
# of code and of works in other languages stay what they are.
SAID = """() => {
  const names = ["title", "aria-label", "placeholder", "alt", "data-tooltip", "label"];
  const own = "button, summary, [role=tablist], .headerlink";
  const found = [document.title];
  for (const node of document.querySelectorAll("body *")) {
    if (node.matches("script, style, code, code *")) continue;
    if (node.closest("article") && !node.closest(own)) continue;
    for (const name of names) found.push(node.getAttribute(name) || "");
    for (const child of node.childNodes)
      if (child.nodeType === Node.TEXT_NODE) found.push(child.data);
  }
  return found.filter((text) => text.trim());
}"""

WITHOUT_SIZE = """() => [...document.querySelectorAll("article img")]
    .filter((image) => !image.getAttribute("width") || !image.getAttribute("height"))
    .map((image) => image.getAttribute("src"))"""


def _note(errors, message):
    if message.type == "error":
        errors.append(f"{message.text} ({message.location})")


@pytest.fixture(scope="module")
def hunspell():
    """Give up where hunspell or its Turkish dictionary is missing."""
    if not shutil.which("hunspell"):
        policy.skip_or_fail(HOW_TO_GET_HUNSPELL)
    try:
        assert spelling.known(["katman", "katmna"]) == {"katman"}
    except RuntimeError as error:
        policy.skip_or_fail(f"{HOW_TO_GET_HUNSPELL} ({error})")

"""The built book in a browser: one choice of framework for all pages and visits."""

import re

import nbformat
import pytest
from myst_nb.core.utils import coalesce_streams

from framework_tabs import chapter as chapters
from framework_tabs import config, notebooks
from framework_tabs.results import MIME_TYPE

TABS = ".sd-tab-label[data-sync-group=framework]"
CHOSEN = f":checked + {TABS}"

# The address of the site itself only leads here, a moment later.
FRONT_PAGE = "chapters/index.html"
REFERENCE_PAGE = "chapters/basvuru.html"

# What a reader who has made a choice can see, folded or not.
SHOWN_TEXTS = """() => {
  const shown = (node) => {
    const tab = node.parentElement.closest(".sd-tab-content");
    return !tab || (getComputedStyle(tab).display !== "none" && shown(tab));
  };
  const outputs = ".output.stream, .output.text_plain, .output.stderr";
  const found = [...document.querySelectorAll(outputs)];
  return found.filter(shown).map((node) => node.querySelector("pre").textContent);
}"""


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

    yield open_page
    for context in contexts:
        context.close()


def _note(errors, message):
    if message.type == "error":
        errors.append(f"{message.text} ({message.location})")


def chosen(page):
    """Return the framework that each tab set of the page shows."""
    labels = page.locator(CHOSEN).all()
    return [label.get_attribute("data-sync-id") for label in labels]


def shows_only(page, key):
    """Say whether the page has tabs, and all of them show one framework."""
    return set(chosen(page)) == {key}


def label(page, key, number=0):
    """Return the label of a framework in one of the page's tab sets."""
    return page.locator(f"{TABS}[data-sync-id={key}]").nth(number)


def test_at_first_every_tab_set_shows_the_first_framework(visit, path, keys):
    assert shows_only(visit(path), keys[0])


def test_choosing_a_tab_switches_every_tab_set(visit, path, keys):
    page = visit(path)
    for number, key in enumerate([*keys[1:], keys[0]]):
        label(page, key, number).click()
        assert shows_only(page, key)


def test_the_choice_survives_a_reload_and_other_pages(visit, address, path, keys):
    page = visit(path)
    label(page, keys[-1]).click()

    page.reload()
    assert shows_only(page, keys[-1])

    page.goto(address + FRONT_PAGE)
    page.goto(address + path)
    assert shows_only(page, keys[-1])

    other = page.context.new_page()
    other.goto(address + path)
    assert shows_only(other, keys[-1])


def test_a_page_in_another_window_follows_the_choice(visit, address, path, keys):
    page = visit(path)
    other = page.context.new_page()
    other.goto(address + path)

    label(other, keys[1]).click()

    page.wait_for_function(
        "([chosen, key]) => [...document.querySelectorAll(chosen)]"
        ".every((label) => label.dataset.syncId === key)",
        arg=[CHOSEN, keys[1]],
    )


def test_a_page_that_the_browser_brings_back_follows_the_choice(visit, path, keys):
    page = visit(path)
    page.evaluate(
        "(key) => localStorage.setItem('sphinx-design-tab-id-framework', key)", keys[1]
    )
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: 1}))")

    assert shows_only(page, keys[1])


def test_the_address_chooses_a_framework(visit, path, keys):
    for key in keys:
        assert shows_only(visit(f"{path}?framework={key}"), key)


def test_an_unknown_framework_in_the_address_changes_nothing(
    visit, address, path, keys
):
    page = visit(path)
    label(page, keys[1]).click()

    page.goto(f"{address}{path}?framework=caffe")

    assert shows_only(page, keys[1])
    page.goto(address + path)
    assert shows_only(page, keys[1])


def test_a_later_choice_counts_more_than_the_address(visit, path, keys):
    page = visit(f"{path}?framework={keys[1]}")
    label(page, keys[2]).click()
    page.reload()

    assert shows_only(page, keys[2])


def test_the_tabs_work_by_keyboard_and_show_the_focus(visit, path, keys):
    page = visit(path)
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.sd-tab-set > input')"):
            break
    before = page.locator(":focus + label")
    assert before.evaluate("(label) => getComputedStyle(label).outlineStyle") == "solid"

    page.keyboard.press("ArrowRight")
    assert shows_only(page, keys[1])
    assert page.locator(":focus + label").get_attribute("data-sync-id") == keys[1]

    page.keyboard.press("ArrowLeft")
    assert shows_only(page, keys[0])


def test_the_chosen_tab_stays_where_the_reader_clicked_it(visit, path, keys):
    page = visit(path)
    last = label(
        page, keys[1], page.locator(f"{TABS}[data-sync-id={keys[1]}]").count() - 1
    )
    last.scroll_into_view_if_needed()
    # Unlike content above, which a browser without scroll anchoring would not mind.
    page.add_style_tag(
        content=f"html {{ overflow-anchor: none; }} "
        f"{CHOSEN}[data-sync-id={keys[1]}] + * {{ min-height: 1000px; }}"
    )
    before = last.bounding_box()["y"]

    last.evaluate("(label) => label.click()")

    assert last.bounding_box()["y"] == pytest.approx(before, abs=2)


def test_each_tab_set_works_by_itself_without_scripts(visit, path, keys):
    page = visit(path, java_script_enabled=False)
    label(page, keys[1]).click()

    assert chosen(page)[:2] == [keys[1], keys[0]]
    content = page.locator(f"{CHOSEN} + .sd-tab-content").first
    assert content.is_visible()


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
            label(page, key).click()
            stored = list(stored_texts(notebooks.path_for(book, key, source)))
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
    label(page, keys[1]).click()

    assert page.errors == []


def test_no_page_asks_another_machine_for_anything(visit, site, address):
    page = visit(FRONT_PAGE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in site.rglob("*.html"):
        if path != site / "index.html":
            where = path.relative_to(site).as_posix()
            page.goto(address + where, wait_until="networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_the_address_of_the_site_leads_to_the_front_page(visit, address):
    visit("").wait_for_url(address + FRONT_PAGE)

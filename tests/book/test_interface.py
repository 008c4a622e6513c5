"""What surrounds the text on the built site: Turkish words, access, nothing foreign."""

import pytest

from tests.book import spelling
from tests.book.reader import FRONT_PAGE, switch, tab
from tests.book.test_spelling import EXTRA

# Names of keys and files, and words of the list of D2L's sections, which is generated.
NAMES = [
    "Ctrl",
    "ipynb",
    "md",
    "pdf",
    "Kaggle",
    "Transformer",
    "bölütleme",
    "hiperparametre",
]


def test_no_word_of_the_interface_is_english(tour, hunspell):
    said = {}
    for where, texts in tour.said.items():
        for text in texts:
            said.setdefault(" ".join(text.split()), where)
    assert len(said) > 100
    speller = spelling.Speller(said, [*EXTRA, *NAMES])
    wrong = {text: said[text] for text in said if speller.wrong(text)}
    assert wrong == {}


def test_every_page_says_that_it_is_turkish(tour):
    assert set(tour.language.values()) == {"tr"}, tour.language


def test_no_page_asks_another_machine_for_anything(tour, address):
    assert tour.asked
    assert [u for u in tour.asked if not u.startswith((address, "data:"))] == []


def test_what_is_copied_is_said_in_turkish(visit, path):
    page = visit(path)
    button = page.locator("button.copybtn").first
    page.wait_for_function("document.querySelector('.copybtn').ariaLabel === 'Kopyala'")
    button.click(force=True)
    page.wait_for_function(
        "/^Kopyalan/.test(document.querySelector('.copybtn').dataset.tooltip)"
    )


def test_every_page_keeps_to_the_strict_policy_of_its_server(visit, address, tour):
    """Scripts and styles in the page itself, or from elsewhere, would be errors."""
    answer = visit(FRONT_PAGE).goto(address + FRONT_PAGE)
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert tour.errors == []


def test_no_page_loads_the_themes_icons_or_the_index_of_the_search(visit, path):
    page = visit(FRONT_PAGE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace(FRONT_PAGE, path), wait_until="networkidle")
    names = [url.rsplit("/", 1)[-1].split("?")[0] for url in asked]
    assert "theme_mode.js" in names
    for heavy in ("fontawesome.js", "bootstrap.js", "searchindex.js"):
        assert heavy not in names
    assert not [name for name in names if name.startswith("fa-")]


def test_icons_are_drawn(visit, path):
    page = visit(path)
    for icon in page.locator("i.fa-solid, span.fa-solid").all():
        mask = icon.evaluate("(i) => getComputedStyle(i, '::before').maskImage")
        assert "data:image/svg" in mask, icon.get_attribute("class")


def test_the_menu_of_downloads_works_by_keyboard(visit, path):
    page = visit(path)
    menu = page.locator(".header-menu").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    link = menu.get_by_role("link", name="PyTorch defterini indir")
    assert link.is_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".ipynb")
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_images_tell_their_size_before_they_come(tour):
    found = {where: each for where, each in tour.images_without_size.items() if each}
    assert found == {}


# For everyone: https://github.com/dequelabs/axe-core, all of its rules


@pytest.fixture(scope="module")
def axe():
    """axe-core, ready to run on a page."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose answer depends on whether it is light or dark."""


def violations(axe, page, **options):
    """Return what axe finds on a page, with the first element of each.

    All of its rules unless ``options`` name some; what they find to be right is not
    listed, which takes long.
    """
    answer = axe.run(page, options={"resultTypes": ["violations"], **options}).response
    return [
        (each["id"], each["impact"], each["nodes"][0]["html"][:200])
        for each in answer["violations"]
    ]


PLACES = ["scrollable-region-focusable", "target-size", "css-orientation-lock"]
"""The rules whose answer depends on how wide the window is."""


@pytest.mark.parametrize(
    ("scheme", "width", "rules"),
    [
        ("light", 1280, {}),
        ("light", 390, {"runOnly": PLACES}),
        ("dark", 1280, {"runOnly": COLOURS}),
    ],
)
def test_axe_finds_nothing_on_any_page(
    visit, address, pages, axe, scheme, width, rules
):
    size = {"width": width, "height": 900}
    page = visit(FRONT_PAGE, viewport=size, color_scheme=scheme)
    found = {}
    for where in pages:
        page.goto(address + where, wait_until="load")
        found[where] = violations(axe, page, **rules)
    assert {where: each for where, each in found.items() if each} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(visit, address, path, axe, scheme):
    """What only phones show is the same on all pages."""
    size = {"width": 390, "height": 900}
    page = visit(FRONT_PAGE, viewport=size, color_scheme=scheme)
    for where in (FRONT_PAGE, path, "chapters/basvuru.html"):
        page.goto(address + where, wait_until="load")
        assert violations(axe, page) == [], where


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_side_by_side(visit, path, axe, scheme):
    size = {"width": 1280, "height": 900}
    page = visit(path, viewport=size, color_scheme=scheme)
    switch(page).click()
    tab(page, "mxnet").wait_for(state="hidden")
    page.wait_for_timeout(600)  # the theme waits until a change of size is over
    assert violations(axe, page) == []


def test_at_four_times_the_size_nothing_is_lost(visit, path):
    """A window of 1280 pixels at 400 % is one of 320."""
    page = visit(path, viewport={"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.get_by_role("button", name="Bölümler").is_visible()

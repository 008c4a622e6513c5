"""The site opened from the disk, without a server: whole, and silent."""

import pytest

from tests.book.reader import FRONT_PAGE, shows_only, tab

# Pictures that did not come, and whether the book's type and style are there.
LACKING = """async () => {
  await document.fonts.ready;
  const images = [...document.querySelectorAll("article img")];
  for (const image of images) image.loading = "eager";
  await Promise.all(images.map((image) => image.decode().catch(() => null)));
  return {
    images: images.filter((image) => !image.naturalWidth).map((image) => image.src),
    font: [...document.fonts].some(
      (face) => face.family === "Literata" && face.status === "loaded",
    ),
    style: getComputedStyle(document.querySelector(".bd-article, #search-results"))
      .fontFamily.includes("Literata"),
    mode: document.documentElement.dataset.theme,
  };
}"""


@pytest.fixture
def page(chromium, site):
    """A page of a new reader; ``asked`` holds what left it for elsewhere."""
    context = chromium.new_context()
    page = context.new_page()
    page.asked, page.errors = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    context.close()


def open_from_disk(page, site, where):
    page.goto(f"{site.as_uri()}/{where}", wait_until="load")


def test_every_page_is_whole_and_asks_nobody(page, site):
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    # Of the 404 page a host knows the root, and a disk does not.
    left = {"index.html", "404.html"}
    pages = [p for p in pages if p not in left and not p.startswith("_static/")]
    assert len(pages) > 10
    for where in pages:
        open_from_disk(page, site, where)
        lacking = page.evaluate(LACKING)
        assert lacking == {
            "images": [],
            "font": True,
            "style": True,
            "mode": "light",
        }, where
        assert page.errors == [], where
    outside = [url for url in page.asked if not url.startswith(("file:", "data:"))]
    assert outside == []


def test_tabs_and_the_explorer_work(page, site):
    open_from_disk(page, site, "chapters/alexnet.html")
    tab(page, "pytorch").click()
    assert shows_only(page, "pytorch")

    explorer = page.locator(".architecture-explorer")
    before = explorer.inner_text()
    explorer.locator("select").first.select_option(index=1)
    assert explorer.inner_text() != before


def test_the_search_finds_and_its_results_lead_to_pages(page, site):
    open_from_disk(page, site, FRONT_PAGE)
    page.locator("body").press("Control+k")
    page.keyboard.type("İSTATİSTİK")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    link = page.locator("#search-results li a", has_text="Fashion-MNIST").first
    link.click()
    page.wait_for_url("**/chapters/fashion_mnist.html*")
    assert page.locator(".highlighted").count() > 0
    assert page.errors == []


def test_the_mode_and_the_menus_work(page, site):
    open_from_disk(page, site, "chapters/lenet.html")
    html = page.locator("html")
    seen = set()
    for _ in range(3):
        page.locator("button.theme-switch-button").first.click()
        seen.add(html.get_attribute("data-mode"))
    assert seen == {"light", "dark", "auto"}
    page.locator(".header-menu summary").first.click()
    assert page.get_by_role("link", name="PyTorch defterini indir").is_visible()

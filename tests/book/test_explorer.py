"""The explorer in a browser: the arithmetic of its script, and a reader at work."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architecture_explorer import markup, network
from tests.explorer.random_networks import NETWORKS, WRONG_NUMBERS

STATIC = Path(markup.__file__).parent / "static"
PAGE = "chapters/alexnet.html"
MEASURE = """([network, setup]) => {
  const { Problem, costs, measure } = ArchitectureNetwork;
  try {
    const layers = measure(network, setup);
    return { layers, total: costs(layers, network.layers[0].batch) };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { problem: [problem.message, problem.layer, problem.setting] };
  }
}"""
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
SHELL = """<!doctype html><html lang="tr"><meta charset="utf-8"><title>x</title>
<link rel="stylesheet" href="/architecture_explorer.css">
<script defer src="/architecture_network.js"></script>
<script defer src="/architecture_explorer.js"></script>
<main><h1>x</h1>%s</main>"""


# The arithmetic


@pytest.fixture(scope="module")
def script(chromium):
    """Return a function: what the script says of a network."""
    page = chromium.new_page()
    page.add_script_tag(path=STATIC / "architecture_network.js")
    yield lambda drawn: page.evaluate(MEASURE, [drawn, network.SETUP])
    page.close()


def expected(drawn):
    """Return what Python says of a network, in the form of the script's answer."""
    try:
        layers = network.measure(drawn)
    except network.Problem as problem:
        return {"problem": [str(problem), problem.layer, problem.setting]}
    total = network.costs(layers, drawn["layers"][0]["batch"])
    keys = "parameters", "state", "outputs", "memory", "operations"
    return {
        "layers": [
            {
                **{k: getattr(layer, k) for k in ("name", "kind", *keys[::2])},
                "shape": list(layer.shape),
            }
            for layer in layers
        ],
        "total": {key: getattr(total, key) for key in keys},
    }


@pytest.mark.parametrize("key", network.NETWORKS)
def test_the_script_measures_the_networks_of_the_list_as_python_does(script, key):
    assert script(network.NETWORKS[key]) == expected(network.NETWORKS[key])


@settings(max_examples=300, deadline=None)
@given(NETWORKS)
def test_the_script_measures_and_refuses_like_python(script, drawn):
    assert script(drawn) == expected(drawn)


@settings(max_examples=100, deadline=None)
@given(NETWORKS, WRONG_NUMBERS, st.data())
def test_the_script_explains_what_cannot_be_like_python(script, drawn, wrong, data):
    layer = data.draw(
        st.sampled_from([each for each in drawn["layers"] if len(each) > 1])
    )
    setting = data.draw(st.sampled_from(sorted(set(layer) - {"kind"})))
    changed = json.loads(json.dumps(drawn))
    changed["layers"][drawn["layers"].index(layer)][setting] = wrong
    assert script(changed) == expected(changed)


# A reader at work


@pytest.fixture
def explore(chromium):
    """Return a function that opens a page with nothing but an explorer.

    Its policy forbids styles and scripts in the page; what the browser complains of is
    in ``page.errors``.
    """
    pages = []

    def serve(route):
        name = route.request.url.rsplit("/", 1)[1]
        headers = {"Content-Security-Policy": POLICY}
        if name:
            return route.fulfill(path=STATIC / name, headers=headers)
        body = SHELL % markup.explorer("explorer-0")
        return route.fulfill(body=body, content_type="text/html", headers=headers)

    def open_page(**options):
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        context.route("**/*", serve)
        page = context.new_page()
        pages.append(page)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
        page.goto("http://explorer.test/")
        return page

    yield open_page
    for page in pages:
        assert page.errors == []
        page.context.close()


def field(page, label):
    """Return an input by its name for screen readers."""
    return page.get_by_role("spinbutton", name=label, exact=True)


def networks(page):
    """Return the list of the networks."""
    return page.get_by_role("combobox", name="Ağ", exact=True)


def numbers(page, place):
    """Return the numbers of a row, found by what it says."""
    row = page.locator("tr:visible", has=page.locator("th", has_text=place))
    return row.locator(".explorer-number").all_inner_texts()


def message(page):
    """Return what the explorer says of the reader's settings."""
    return page.locator(".explorer-message").inner_text()


def test_the_script_begins_with_the_page_as_it_is(explore):
    look = """() => ({
      text: document.querySelector("main").innerText.split("JavaScript")[0],
      paths: [...document.querySelectorAll("path")].map((p) => p.getAttribute("d")),
      bars: [...document.querySelectorAll("rect")].map((r) => r.getAttribute("width")),
      places: [...document.querySelectorAll("td, th, li, p")].map((e) => {
        const { x, y, width, height } = e.getBoundingClientRect();
        return [x, y, width, height].map(Math.round);
      }),
    })"""
    for width in (1000, 700, 390):
        size = {"viewport": {"width": width, "height": 900}}
        before = explore(java_script_enabled=False, **size).evaluate(look)
        after = explore(**size).evaluate(look)
        assert before["paths"] and before["bars"]
        assert {k: after[k] for k in ("paths", "bars", "places")} == {
            k: before[k] for k in ("paths", "bars", "places")
        }


def test_a_changed_stride_moves_every_later_layer(explore):
    page = explore()
    field(page, "Evrişim 1 Adım").fill("2")

    stride_two = json.loads(json.dumps(network.NETWORKS["alexnet"]))
    stride_two["layers"][1]["stride"] = 2
    layers = network.measure(stride_two)
    shapes = page.locator("tbody:visible .explorer-shape").all_inner_texts()
    assert shapes == [markup.shape(layer) for layer in layers[1:]]
    total = network.costs(layers, 128)
    written = [markup.written(total, name) for name in markup.MEASURES]
    assert numbers(page, "Toplam") == written


def test_the_total_says_how_many_times_that_of_the_preset_it_is(explore):
    page = explore()
    assert numbers(page, "kaç katı") == ["1,00", "1,00", "1,00"]
    field(page, "Evrişim 2 Öbek").fill("2")
    assert numbers(page, "Evrişim 2")[0] == "307.456"
    assert numbers(page, "kaç katı") == ["0,99", "1,00", "0,78"]


def test_blocks_grow_and_shrink_with_their_maps(explore):
    page = explore()
    block = page.locator("ol:visible li").nth(1)
    before = block.locator("path.front").get_attribute("d")
    field(page, "Görüntünün kenarı").fill("112")
    assert block.locator("path.front").get_attribute("d") != before
    assert "26×" in block.inner_text()


def test_each_network_of_the_list_can_be_chosen(explore):
    page = explore()
    networks(page).select_option("alexnet-2012")
    assert numbers(page, "Toplam")[0] == "60.965.224"
    assert field(page, "Görüntünün kanalları").input_value() == "3"
    networks(page).select_option("lenet")
    assert numbers(page, "Toplam")[0] == "61.706"
    assert page.locator("ol:visible").count() == 1


def test_an_impossible_setting_is_explained_and_the_last_valid_picture_stays(explore):
    page = explore()
    before = page.locator("tbody:visible .explorer-shape").all_inner_texts()
    size = field(page, "Görüntünün kenarı")
    size.fill("28")
    assert "Havuzlama 2 katmanının penceresi 3×3" in message(page)
    assert "son geçerli" in message(page)
    assert page.locator("tbody:visible .explorer-shape").all_inner_texts() == before
    wrong = page.locator("[aria-invalid=true]")
    assert wrong.get_attribute("data-setting") == "window"
    assert wrong.get_attribute("aria-describedby") == "explorer-0-message"

    size.fill("67")
    assert page.locator("[aria-invalid]").count() == 0
    assert "son geçerli" not in message(page)


@pytest.mark.parametrize("typed", ["", "0", "-3", "2.5", "1e9"])
def test_whatever_is_typed_gets_an_answer(explore, typed):
    page = explore()
    field(page, "Evrişim 3 Pencere").fill(typed)
    assert message(page).startswith("Evrişim 3 katmanının penceresi")


def test_screen_readers_are_told_once_the_reader_pauses(explore):
    page = explore()
    status = page.get_by_role("status")
    page.wait_for_timeout(900)
    assert status.inner_text() == ""
    for side in ("223", "222", "100"):
        field(page, "Görüntünün kenarı").fill(side)
    page.locator("[role=status]:not(:empty)").wait_for(state="attached")
    assert re.match(r"[\d.]+ parametre, [\d,]+ MB bellek, ", status.inner_text())
    field(page, "Evrişim 1 Adım").fill("0")
    page.locator("[role=status]", has_text="olamaz").wait_for(state="attached")


def test_it_works_by_keyboard_and_shows_the_focus(explore):
    page = explore()
    visited = []
    for _ in range(60):
        page.keyboard.press("Tab")
        visited.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-labelledby') || "
                "document.activeElement.textContent"
            )
        )
        if visited[-1] == "explorer-0-alexnet-1 explorer-0-alexnet-1-stride":
            break
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) == "solid"
    page.keyboard.press("ArrowUp")
    assert field(page, "Evrişim 1 Adım").input_value() == "5"
    assert page.locator("tbody:visible .explorer-shape").first.inner_text() == (
        "96 × 43 × 43"
    )
    assert page.locator("li.is-current").inner_text().startswith("E1")


def test_the_way_back_restores_every_number(explore):
    page = explore()
    before = page.locator("main").inner_text()
    field(page, "Evrişim 1 Kanal").fill("7")
    field(page, "Yığın boyutu").fill("1")
    assert page.locator("input.is-changed").count() == 2
    page.get_by_role("button", name="Başa dön").click()
    assert page.locator("main").inner_text() == before
    assert page.locator(".is-changed").count() == 0


@pytest.mark.parametrize(
    ("wish", "moves"), [("no-preference", True), ("reduce", False)]
)
def test_nothing_moves_for_a_reader_who_wants_it_so(explore, wish, moves):
    page = explore(reduced_motion=wish)
    field(page, "Evrişim 1 Adım").fill("2")
    assert page.evaluate("document.getAnimations().length > 0") is moves


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_fits_its_place(explore, width):
    page = explore(viewport={"width": width, "height": 700})
    for key in network.NETWORKS:
        networks(page).select_option(key)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        clipped = """() => [...document.querySelectorAll("td, th, li, p")].filter(
          (e) => e.scrollWidth > e.clientWidth + 1 && e.getClientRects().length
                 && getComputedStyle(e).position !== "absolute"
        ).map((e) => e.innerText)"""
        assert page.evaluate(clipped) == []


def test_on_paper_there_is_the_picture_without_controls(explore):
    page = explore()
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Başa dön").is_visible()
    assert not page.locator(".explorer-message").is_visible()
    border = "(e) => getComputedStyle(e).borderTopColor"
    assert field(page, "Evrişim 1 Adım").evaluate(border) == "rgba(0, 0, 0, 0)"
    assert page.locator("ol:visible svg").first.is_visible()


# In the book


def test_the_chapter_has_the_explorer_at_work(chromium, address):
    page = chromium.new_page()
    page.goto(address + PAGE)
    page.locator(".architecture-explorer.is-interactive").wait_for()
    assert numbers(page, "Toplam")[0] == "46.764.746"
    page.close()

"""The tabs on a page: what stands under which tab, cell tags included."""

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from tests.engine.fake_book import (
    CHAPTERS,
    LABELS,
    cell,
    chapter,
    stream,
    tab_sets,
    three,
    write_book,
)

ALL = list(LABELS)


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """Return a function that builds a book of one chapter and returns its page."""

    def build(*parts, outputs=lambda key, _: [stream(f"{key} dedi\n")], **more):
        texts = {"deneme": chapter("Deneme", *parts)}
        book = write_book(tmp_path_factory.mktemp("book") / "b", texts, **more)
        result, warnings = book.answer(outputs).build(warningiserror=True)
        assert (result, warnings) == (0, "")
        page = BeautifulSoup(book.page("chapters/deneme"), "html.parser")
        return page.find("article")

    return build


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The first page of the common fake book."""
    book = write_book(tmp_path_factory.mktemp("book") / "b", CHAPTERS)
    assert book.answer().build(warningiserror=True) == (0, "")
    return BeautifulSoup(book.page("chapters/bir"), "html.parser").find("article")


def text(node):
    return " ".join(node.get_text().split())


def test_neighbouring_framework_cells_become_one_tab_set(html):
    (tabs,) = tab_sets(html(three("ağ = kur()")))

    assert {key: text(tab) for key, tab in tabs.items()} == {
        key: f"ağ = kur() # {key} {key} dedi" for key in ALL
    }


def test_tabs_come_in_the_order_of_the_configuration_with_its_labels(html):
    parts = [cell("ağ", key) for key in reversed(ALL)]
    page = html(*parts)

    assert list(tab_sets(page)[0]) == ALL
    names = [text(name) for name in page.find_all(class_="framework-name")]
    assert names == list(LABELS.values())


def test_prose_that_a_chapter_writes_in_tabs_stands_in_panels_like_cells(first):
    assert any("PyTorch için söz." in text(t["pytorch"]) for t in tab_sets(first))


def test_tabs_that_choose_something_else_are_left_alone(html):
    other = "::::{tab-set}\n:sync-group: sistem\n\n:::{tab-item} Linux\n:sync: l\nA\n"
    page = html(three("x"), other + ":::\n::::\n")

    assert len(tab_sets(page)) == 1
    assert page.find(class_="sd-tab-set").find("label")["data-sync-group"] == "sistem"


def test_several_neighbouring_cells_of_a_framework_share_its_tab(html):
    (tabs,) = tab_sets(html(three("bir"), three("iki"), outputs=lambda *_: []))

    assert text(tabs["pytorch"]) == "bir # pytorch iki # pytorch"


def test_prose_between_cells_begins_a_new_tab_set(html):
    assert len(tab_sets(html(three("bir"), "Söz.\n", three("iki")))) == 2


def test_a_common_cell_s_code_stands_once_above_its_outputs_in_tabs(html):
    page = html(cell("ortak()"))

    assert text(page).count("ortak()") == 1
    (tabs,) = tab_sets(page)
    assert {key: text(t) for key, t in tabs.items()} == {k: f"{k} dedi" for k in ALL}
    code = page.find(class_="cell_input")
    assert code.find_parent(class_="cell").find_next_sibling(class_="framework-tabs")


def test_outputs_of_a_common_cell_do_not_join_the_tabs_of_the_next_cells(html):
    first, second = tab_sets(html(cell("ortak()"), three("sonra()")))

    assert text(first["mxnet"]) == "mxnet dedi"
    assert text(second["mxnet"]).startswith("sonra()")


def test_equal_outputs_of_a_common_cell_stand_under_it_without_tabs(html):
    page = html(cell("len(ağ)"), outputs=lambda *_: [stream("8\n")])

    assert tab_sets(page) == []
    assert text(page.find(class_="cell")) == "len(ağ) 8"


def test_a_common_cell_without_outputs_has_no_tabs(html):
    page = html(cell("x = 1"), outputs=lambda *_: [])

    assert tab_sets(page) == []
    assert not page.find(class_="cell_output")


def test_a_framework_without_output_says_so_beside_those_that_have_one(html):
    def outputs(key, _):
        return [] if key == "mxnet" else [stream("dedi\n")]

    (tabs,) = tab_sets(html(cell("ortak()"), outputs=outputs))

    assert text(tabs["mxnet"]) == "Bu çerçevede çıktı yok."
    assert text(tabs["pytorch"]) == "dedi"


@pytest.mark.parametrize(
    ("tag", "code", "output"),
    [
        ("remove-output", True, False),
        ("remove-input", False, True),
        ("hide-input", True, True),
        ("hide-output", True, True),
        ("hide-cell", True, True),
        ("remove-cell", False, False),
    ],
)
def test_myst_nb_s_tags_work_in_tabs_and_in_common_cells(html, tag, code, output):
    page = html(three("çerçeve()", tag), "Söz.\n", cell("ortak()", tag))

    assert ("çerçeve() # pytorch" in text(page)) is code
    assert ("ortak()" in text(page)) is code
    assert text(page).count("pytorch dedi") == (2 if output else 0)
    assert bool(page.find_all("details")) is tag.startswith("hide")
    assert all(text(part) for part in page.find_all(class_="cell"))


def test_hidden_outputs_of_a_common_cell_are_folded_under_each_tab(html):
    (tabs,) = tab_sets(html(cell("ortak()", "hide-output")))

    for key, tab in tabs.items():
        assert f"{key} dedi" in text(tab.find("details"))


def test_nothing_is_left_of_cells_that_show_nothing(html):
    page = html(three("x = 1", "remove-input"), outputs=lambda *_: [])

    assert tab_sets(page) == []
    assert not page.find(class_="cell")


def test_a_named_figure_of_a_common_cell_can_be_referred_to(html):
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
        "60e6kgAAAABJRU5ErkJggg=="
    )
    figure = {"figure": {"name": "fig_x", "caption": "Eğri"}}

    def outputs(key, _):
        return [v4.new_output("display_data", {"image/png": pixel, "text/plain": key})]

    page = html(
        cell("çiz()", mystnb=figure),
        cell("yine()", mystnb={"figure": {"caption": "İkinci"}}),
        "Bkz. {numref}`fig_x`.\n",
        outputs=outputs,
    )

    assert text(page.find("a", class_="reference", href="#fig-x")) == "Şekil 1"
    assert "framework-tabs" in page.find(id="fig-x")["class"]  # whose choice is visible
    for tabs, number in zip(tab_sets(page), "12", strict=True):
        assert [text(t.find("figcaption"))[:7] for t in tabs.values()] == [
            f"Şekil {number}"
        ] * len(ALL)
    ids = [node["id"] for node in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_fourth_framework_is_one_entry_of_the_configuration(html):
    labels = {**LABELS, "jax": "JAX"}
    page = html(three("ağ"), cell("ağ", "jax"), labels=labels)

    (tabs,) = tab_sets(page)
    assert list(tabs) == [*ALL, "jax"]
    assert text(tabs["jax"]) == "ağ jax dedi"


def prose(*texts):
    """Return Markdown for the frameworks in order, each in a cell of its own."""
    cells = zip(LABELS, texts, strict=True)
    parts = [f'+++ {{"tags": ["{key}"]}}\n\n{said}\n' for key, said in cells]
    return "\n".join([*parts, "+++\n"])


def raw(key, content, kind="text/html"):
    """Return a raw cell of a framework."""
    return f"```{{raw-cell}}\n:tags: [{key}]\n:format: {kind}\n\n{content}\n```\n"


def test_markdown_of_the_frameworks_stands_in_tabs(html):
    said = "*Bir* söz.\n\n````\n```\n````", "İki.\n\n- A\n- B", "(etiket)=\nÜç."
    page = html(three("x = 1"), "Önce.\n", prose(*said), "Sonra. {ref}`U <etiket>`.\n")

    _, tabs = tab_sets(page)
    assert {key: text(tab) for key, tab in tabs.items()} == {
        "mxnet": "Bir söz. ```",
        "pytorch": "İki. A B",
        "tensorflow": "Üç.",
    }
    assert tabs["mxnet"].find("em") and tabs["pytorch"].find("li")
    assert text(page).count("İki.") == 1
    assert tabs["tensorflow"].find(id=page.find("a", string="U")["href"][1:])


def test_a_framework_s_markdown_and_code_that_are_neighbours_share_its_tab(html):
    said = prose("Bir.", "İki.", "Üç.").removesuffix("+++\n")
    page = html(said, three("ağ = 1"), outputs=lambda *_: [])

    (tabs,) = tab_sets(page)
    assert text(tabs["pytorch"]) == "İki. ağ = 1 # pytorch"


def test_raw_content_of_the_frameworks_stands_in_tabs_as_it_is(html):
    cells = [raw(key, f"<b class='own'>{key}</b>") for key in LABELS]
    page = html(three("x = 1"), "Söz.\n", *cells)

    _, tabs = tab_sets(page)
    for key, tab in tabs.items():
        assert text(tab.find("b", class_="own")) == text(tab) == key
        assert not tab.find(class_="cell")


def test_a_chapter_whose_frameworks_differ_in_words_alone_has_tabs(html):
    page = html(cell("print(1)"), prose("Bir.", "İki.", "Üç."))

    *_, tabs = tab_sets(page)
    assert text(tabs["mxnet"]) == "Bir."

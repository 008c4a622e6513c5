"""Pages for paper and e-readers: everything is open, one under the other."""

import zipfile

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from framework_tabs.editions import command as editions
from tests.engine.fake_book import (
    LABELS,
    PROSE_TABS,
    cell,
    chapter,
    stream,
    three,
    write_book,
)
from tests.epubcheck import complaints

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
    "60e6kgAAAABJRU5ErkJggg=="
)
FIGURE = {"figure": {"name": "fig_egri", "caption": "Eğri"}, "image": {"alt": "Eğri."}}
HTML = f"""
One<br>two&nbsp;three, <kbd>Ctrl</kbd>.

<p>A picture <img src="data:image/png;base64,{PIXEL}" alt="A pixel"> without an end

- [x] Done<br>
- [ ] To do

"""
TABLE = """<div><style scoped>td {color: red}</style>
<table border="1" class="dataframe"><tr><td>1&nbsp;<br>2<td>3</table>
<!-- no end -->"""
CHAPTER = chapter(
    "Deneme",
    three("ağ = kur()"),
    "Söz.\n",
    PROSE_TABS,
    cell("katmanlar(ağ)"),
    "Bkz. {numref}`fig_egri`.\n",
    cell("çiz()", mystnb=FIGURE),
    cell("gizli()", "hide-input"),
    HTML,
    three("table()"),
    "## Soru\n",
    "(yanit_bir)=\n### Yanıt\n",
    "Çünkü {ref}`öyle <yanit_bir>`.\n",
)


def outputs(key, source):
    if source.startswith("table"):
        return [v4.new_output("display_data", {"text/html": TABLE, "text/plain": key})]
    if source.startswith("çiz"):
        return [v4.new_output("display_data", {"image/png": PIXEL, "text/plain": key})]
    return [] if "=" in source else [stream(f"{key} dedi\n")]


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Return a function: the EPUB of a chapter in some frameworks, or in all."""
    book = write_book(tmp_path_factory.mktemp("book") / "b", {"deneme": CHAPTER})
    book.answer(outputs)
    return lambda keys: editions.make(book.settings, "epub", keys)


@pytest.fixture(scope="module")
def page(make):
    """Return a function: the chapter in an edition of some frameworks, or of all."""
    made = {}

    def read(*keys):
        if keys not in made:
            with zipfile.ZipFile(make(keys)) as epub:
                text = epub.read("chapters/deneme.xhtml")
            made[keys] = BeautifulSoup(text, "html.parser").body
        return made[keys]

    return read


def text(node):
    return " ".join(node.get_text().split())


def stacks(page):
    """For each stack of frameworks a mapping of their names to what stands below."""
    return [
        {
            text(part.find(class_="framework-name")): text(part)
            for part in stack.find_all(class_="framework-panel", recursive=False)
        }
        for stack in page.find_all(class_="framework-tabs")
    ]


def test_every_framework_stands_below_its_name(page):
    code, prose, output, figure, *_ = stacks(page())
    for key, label in LABELS.items():
        assert code[label] == f"{label} ağ = kur() # {key}"
        assert prose[label] == f"{label} {label} için söz."
        assert output[label] == f"{label} {key} dedi"
        assert figure[label] == f"{label} Şekil 1 Eğri"


def test_an_edition_of_one_framework_shows_nothing_of_the_others(page):
    shown = page("pytorch")
    assert "ağ = kur() # pytorch" in text(shown)
    for trace in ("# mxnet", "tensorflow dedi", "MXNet için söz", "# tensorflow"):
        assert trace not in text(shown)
    assert not shown.find_all(class_="framework-name")


def test_an_edition_of_two_names_them(page):
    code, *_ = stacks(page("tensorflow", "mxnet"))
    assert list(code) == ["MXNet", "TensorFlow"]


@pytest.mark.parametrize("keys", [(), ("pytorch",)])
def test_a_reference_to_a_shared_figure_finds_it_in_every_edition(page, keys):
    shown = page(*keys)
    link = shown.find("a", href="#fig-egri")
    assert text(link) == "Şekil 1"
    assert "framework-tabs" in shown.find(id="fig-egri")["class"]


def test_answers_are_open_below_their_heading(page):
    answer = page().find(class_="answer")
    assert text(answer) == "Yanıt Çünkü öyle."
    assert page().find(id=answer.find("a")["href"][1:])


def test_an_e_reader_takes_what_is_html_but_not_xml(make):
    assert complaints(make(("pytorch",))) == ""


def test_folded_cells_are_open(page):
    assert "gizli()" in text(page())
    closed = "details, summary, input:not([disabled]), label, button"
    assert not page().select(closed)

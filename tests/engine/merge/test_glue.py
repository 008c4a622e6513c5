"""Values that the text takes from cells: one for all, or each framework its own."""

import zipfile

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from framework_tabs.editions import command
from tests.engine.fake_book import (
    cell,
    chapter,
    stream,
    tab_sets,
    three,
    write_book,
)

VALUES = {"mxnet": "0.891", "pytorch": "0.884", "tensorflow": "0.873"}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
    "60e6kgAAAABJRU5ErkJggg=="
)
SCRIPT = "<script>f()</script>"

ONE = chapter(
    "Bir",
    three("ağ = kur()"),
    cell("glue('acc')"),
    cell("glue('acc', display=False)".replace("acc", "hidden")),
    cell("same()"),
    three("own()"),
    cell("figure()"),
    cell("only()"),
    "Doğruluk {glue}`acc`; biçimli {glue:text}`acc:.1f`, {glue:}`hidden`.\n",
    "Her yerde {glue:text}`same`, {glue:text}`own:.2f`, {glue:text}`only`.\n",
    "```{glue} acc\n```\n",
    "```{glue:figure} egri\n:name: fig_egri\nEğri\n```\n",
    "Bkz. {numref}`fig_egri`. {glue:md}`words`.\n",
)
TWO = chapter(
    "İki",
    three("ağ = yükle()"),
    "Öteki sayfada {glue:text}`bir.md::acc:.1f`, {glue}`bir.md::same`.\n",
    "```{glue} acc\n:doc: bir.md\n```\n",
)


def glued(name, display=True, **forms):
    """Return what ``myst_nb.glue`` puts out."""
    prefix = "" if display else "application/papermill.record/"
    kinds = {"text": "text/plain", "png": "image/png", "md": "text/markdown"}
    data = {prefix + kinds[form]: content for form, content in forms.items()}
    scrap = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    return v4.new_output("display_data", data, metadata=scrap)


def outputs(framework, source):
    """Return the outputs of the cells above."""
    value = VALUES[framework]
    if source.startswith("glue('acc'"):
        return [glued("acc", text=value)]
    if source.startswith("glue('hidden'"):
        return [glued("hidden", display=False, text=value)]
    if source.startswith("same"):
        return [glued("same", text="8"), stream("seen\n")]
    if source.startswith("own"):
        return [glued("own", display=False, text=value)]
    if source.startswith("figure"):
        words = glued("words", display=False, md=f"**{framework}** {SCRIPT}", text="w")
        return [glued("egri", display=False, png=PIXEL, text=framework), words]
    if source.startswith("only") and framework == "pytorch":
        return [glued("only", display=False, text="42")]
    return []


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two pages; the second pastes values of the first."""
    root = tmp_path_factory.mktemp("book") / "b"
    book = write_book(root, {"bir": ONE, "iki": TWO}).answer(outputs)
    result, warnings = book.build()
    # The one value that is pasted as Markdown has no passive form of that kind.
    told = [line for line in warnings.splitlines() if "WARNING" in line]
    assert (result, len(told)) == (0, 1)
    assert "No text/markdown found in 'words'" in told[0]
    return book


@pytest.fixture(scope="module")
def page(book):
    """The first page."""
    return BeautifulSoup(book.page("chapters/bir"), "html.parser").find("article")


def words(choice):
    return " ".join(choice.get_text().split())


def test_without_a_script_a_sentence_names_the_value_of_every_framework(page):
    said = [words(choice) for choice in page.find_all(class_="framework-choice")]
    full = "0.891 (MXNet) · 0.884 (PyTorch) · 0.873 (TensorFlow)"
    assert said[0] == said[2] == full
    assert said[1] == "0.9 (MXNet) · 0.9 (PyTorch) · 0.9 (TensorFlow)"


def test_what_cells_of_the_frameworks_glue_is_each_one_s_own_too(page):
    said = [words(choice) for choice in page.find_all(class_="framework-choice")]
    assert said[3] == "0.89 (MXNet) · 0.88 (PyTorch) · 0.87 (TensorFlow)"


def test_a_value_that_all_have_stands_there_once(page):
    (paragraph,) = [p for p in page.find_all("p") if "Her yerde" in p.text]
    assert words(paragraph).startswith("Her yerde 8, ")


def test_a_framework_without_a_value_has_a_dash(page):
    said = [words(choice) for choice in page.find_all(class_="framework-choice")]
    assert said[4] == "– (MXNet) · 42 (PyTorch) · – (TensorFlow)"


def test_what_is_pasted_as_a_block_stands_in_tabs(page):
    tabs = [{k: words(t) for k, t in tabs.items()} for tabs in tab_sets(page)]
    assert VALUES in tabs


def test_a_figure_is_one_to_the_text(page):
    figures = [tabs for tabs in tab_sets(page) if tabs["mxnet"].find("figcaption")]
    (tabs,) = figures
    assert {words(t.find("figcaption"))[:7] for t in tabs.values()} == {"Şekil 1"}
    assert words(page.find("a", href="#fig-egri")) == "Şekil 1"
    assert page.find(id="fig-egri")


def test_what_is_shown_where_it_is_glued_is_an_output_like_others(page):
    assert words(page).count("seen") == 1
    (shown, *_) = [t for t in tab_sets(page) if "0.891" in t["mxnet"].text]
    assert {key: words(tab) for key, tab in shown.items()} == VALUES


def test_another_page_pastes_the_values_of_all_frameworks(book):
    page = BeautifulSoup(book.page("chapters/iki"), "html.parser").find("article")
    (choice,) = page.find_all(class_="framework-choice")
    assert words(choice) == "0.9 (MXNet) · 0.9 (PyTorch) · 0.9 (TensorFlow)"
    assert page.find("code", string="8")
    *_, tabs = tab_sets(page)
    assert {key: words(tab) for key, tab in tabs.items()} == VALUES


def test_nothing_that_would_run_is_pasted(book):
    assert SCRIPT not in book.page("chapters/bir")


def test_a_book_on_paper_names_them_and_of_one_framework_only_the_value(book):
    said = {}
    path = book.root / "chapters" / "bir.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace(" {glue:md}`words`.", ""), encoding="utf-8")
    for keys in ((), ("pytorch",)):
        with zipfile.ZipFile(command.make(book.settings, "epub", keys)) as epub:
            body = BeautifulSoup(epub.read("chapters/bir.xhtml"), "html.parser").body
        said[keys] = words(next(p for p in body.find_all("p") if "Doğruluk" in p.text))
    path.write_text(text, encoding="utf-8")
    assert said[()].startswith(
        "Doğruluk 0.891 (MXNet) · 0.884 (PyTorch) · 0.873 (TensorFlow); biçimli"
    )
    assert said[("pytorch",)] == "Doğruluk 0.884; biçimli 0.9, 0.884."


def test_with_a_script_a_sentence_has_the_value_of_the_chosen_framework(book, chromium):
    page = chromium.new_page(viewport={"width": 1920, "height": 900})
    page.goto((book.site / "chapters" / "bir.html").as_uri())
    sentence = page.get_by_text("Doğruluk")
    assert sentence.inner_text() == "Doğruluk 0.891; biçimli 0.9, 0.891."
    page.get_by_role("tab", name="PyTorch").first.click()
    assert sentence.inner_text() == "Doğruluk 0.884; biçimli 0.9, 0.884."
    page.get_by_role("button", name="Yan yana").click()
    box = page.get_by_role("checkbox", name="MXNet")
    box.uncheck()
    beside = "0.884 (PyTorch) · 0.873 (TensorFlow)"
    assert sentence.inner_text().startswith(f"Doğruluk {beside}; ")
    page.close()

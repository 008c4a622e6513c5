"""Building the site: warnings, errors, what is built again, downloads, runs."""

import re
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import v4
from sphinx.errors import SphinxError, SphinxWarning

from framework_tabs.render.reference_runs import duration
from tests.engine.fake_book import CHAPTERS, cell, chapter, three, write_book

RUN = {
    "key": "0",
    "packages": {"numpy": "1.26.4"},
    "python": "3.11.9",
    "environment": {"D2L_SHIM_DATA": None, "D2L_SHIM_BUDGET": "cpu"},
    "started": "2026-11-24T08:00:00+03:00",
    "seconds": 1450.2,
    "machine": "Küçük bir makine",
    "peak_memory": 3_240_000_000,
}


@pytest.fixture
def book(tmp_path):
    """A book whose notebooks are up to date, not built yet."""
    return write_book(tmp_path / "book").answer()


def edit(path, old, new):
    """Replace text in a file, which makes it newer."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def written(book):
    """Return the time each page was last written."""
    return {p.stem: p.stat().st_mtime_ns for p in book.site.rglob("*.html")}


def pages_built(book, **options):
    """Build again; return which of the book's own pages were written anew."""
    before = written(book)
    assert book.build(**options) == (0, "")
    after = written(book)
    return {n for n in before if before[n] != after[n]} - {"search", "genindex"}


def test_a_book_that_is_up_to_date_builds_without_a_warning(book):
    assert book.build(warningiserror=True) == (0, "")


def test_a_changed_cell_is_named_with_chapter_framework_number_and_place(book):
    edit(book.root / "chapters" / "bir.md", "ağ = kur()  # pytorch", "ağ = kur(2)")

    result, warnings = book.build()

    (line,) = [line for line in warnings.splitlines() if "WARNING" in line]
    at = CHAPTERS["bir"][: CHAPTERS["bir"].index("ağ = kur()  # pytorch")].count("\n")
    # Cell options stand between the fence, which the warning names, and the code.
    assert re.search(rf"chapters/bir\.md:{at - 1}: WARNING", line)
    assert "chapters/bir: PyTorch defterindeki 2. kod hücresinin" in line
    assert "güncel değil" in line


def test_a_cell_that_never_ran_is_missing(tmp_path):
    book = write_book(tmp_path / "book", {"iki": CHAPTERS["iki"]})

    result, warnings = book.build()

    lines = [line for line in warnings.splitlines() if "WARNING" in line]
    assert ["1. kod hücresi çalıştırılmamış" in line for line in lines] == [True] * 3


def test_a_cell_that_is_one_figure_and_shows_more_or_none_is_named(tmp_path):
    figure = cell("çiz()", mystnb={"figure": {"caption": "Eğri"}})
    text = chapter("Şekil", three("x = 1"), figure)
    shown = v4.new_output("execute_result", {"text/plain": "[<Line2D>]"})
    count = {"mxnet": 0, "pytorch": 2, "tensorflow": 1}
    book = write_book(tmp_path / "book", {"şekil": text})
    book.answer(lambda key, source: [shown] * count[key] if "çiz" in source else [])

    _, warnings = book.build()

    found = re.findall(r"(\w+) defterinde 2\. kod hücresi .* (\d) çıktı", warnings)
    assert found == [("MXNet", "0"), ("PyTorch", "2")]


def test_a_stale_output_is_an_error_where_warnings_are(book):
    edit(book.root / "chapters" / "iki.md", "yükle()  # mxnet", "yükle(1)")

    result, _ = book.build(warningiserror=True)

    assert isinstance(result, SphinxWarning)


def test_the_warning_comes_with_every_build_until_it_is_dealt_with(book):
    edit(book.root / "chapters" / "iki.md", "yükle()  # mxnet", "yükle(1)")

    _, first = book.build()
    _, second = book.build()
    assert "güncel değil" in first and "güncel değil" in second

    book.answer()
    _, third = book.build()
    assert third == ""


def test_a_malformed_chapter_ends_the_build_and_is_named_with_its_line(tmp_path):
    text = chapter("Bozuk", cell("ağ", "pytorch"))
    book = write_book(tmp_path / "book", {"bozuk": text})

    result, message = book.build()

    assert isinstance(result, SphinxError)
    assert re.search(r"Bölüm hatası.*chapters/bozuk\.md:\d+: ", message, re.S)
    assert "Traceback" not in message


def test_an_output_that_would_run_in_the_browser_ends_the_build_if_asked(tmp_path):
    html = v4.new_output("display_data", data={"text/html": "<script>f()</script>"})
    refuse = {"active_outputs": "refuse"}
    book = write_book(tmp_path / "book", engine_extra=refuse)
    book.answer(lambda framework, source: [html])

    result, message = book.build()

    assert isinstance(result, SphinxError)
    assert "notebooks/mxnet/bir.ipynb: kod hücresi 1/" in message
    assert "tarayıcıda çalışacak içerik var (<script>)" in message
    assert "Traceback" not in message


def test_malformed_settings_end_the_build_and_are_named(book):
    edit(book.root / "_config.yml", "frameworks:", "çatılar:")

    result, message = book.build()

    assert isinstance(result, SphinxError)
    assert "framework_tabs" in message and "çatılar" in message
    assert "Traceback" not in message


def test_nothing_is_built_again_when_nothing_changed(book):
    book.build()

    assert pages_built(book) == set()


def test_a_changed_notebook_builds_its_page_and_the_table_of_runs_again(book):
    book.build()
    edit(book.notebook("pytorch", "iki"), "nbformat_minor", "nbformat_minor")

    assert pages_built(book) == {"iki", "index"}


def test_new_notebooks_build_their_pages_and_the_table_of_runs_again(tmp_path):
    book = write_book(tmp_path / "book")
    book.build()
    book.answer(run=RUN)

    assert pages_built(book) == {"bir", "iki", "index"}
    assert "Küçük bir makine" in book.page("index")


def test_a_changed_label_builds_the_chapters_again(book):
    book.build()
    edit(book.root / "_config.yml", "label: PyTorch", "label: Torç")

    assert {"bir", "iki"} <= pages_built(book)
    assert "Torç" in book.page("chapters/bir")


def test_pages_built_side_by_side_are_the_same(tmp_path, monkeypatch):
    # Jupyter Book loads these two always, and they alone do not allow it.
    able = {"parallel_read_safe": True, "parallel_write_safe": True}
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        monkeypatch.setattr(f"{name}.setup", lambda app: able)
    many = {f"bölüm{n}": CHAPTERS["iki"] for n in range(6)}
    one = write_book(tmp_path / "bir", many).answer(run=RUN)
    two = write_book(tmp_path / "iki", many).answer(run=RUN)

    assert one.build() == (0, "")
    assert two.build(jobs=2) == (0, "")

    for name in ("index", *(f"chapters/{name}" for name in many)):
        assert one.page(name) == two.page(name)
    assert pages_built(two, jobs=2) == set()


def test_notebooks_are_no_pages_of_their_own(book):
    book.build()

    assert not list(book.site.glob("notebooks/**/*.html"))


def test_each_framework_s_notebook_is_offered_and_is_the_one_in_the_book(tmp_path):
    name = "bir söz #1"
    book = write_book(tmp_path / "book", {name: CHAPTERS["bir"]}).answer()
    book.build()

    page = BeautifulSoup(book.page(f"chapters/{name}"), "html.parser")
    links = page.select(".dropdown-download-buttons a")
    assert [link.get_text(strip=True) for link in links] == [
        "MXNet defterini indir (.ipynb)",
        "PyTorch defterini indir (.ipynb)",
        "TensorFlow defterini indir (.ipynb)",
    ]
    for key, link in zip(("mxnet", "pytorch", "tensorflow"), links, strict=True):
        target = (book.site / "chapters" / unquote(link["href"])).resolve()
        assert "#" not in link["href"]
        assert target.read_bytes() == book.notebook(key, name).read_bytes()
        nbformat.validate(nbformat.read(target, as_version=4))


def test_a_book_with_a_repository_opens_its_notebooks_online(tmp_path):
    repository = {"url": "https://github.com/biri/kitap", "branch": "ana"}
    book = write_book(tmp_path / "book", repository=repository).answer()
    book.build()
    page = BeautifulSoup(book.page("chapters/bir"), "html.parser")
    links = {a.get_text(strip=True): a["href"] for a in page.select("a[href]")}

    assert links["PyTorch defterini Colab'da aç"] == (
        "https://colab.research.google.com/github/biri/kitap/blob/ana/"
        "notebooks/pytorch/bir.ipynb"
    )
    assert links["PyTorch defterini Binder'da aç"] == (
        "https://mybinder.org/v2/gh/biri/kitap/ana?labpath=notebooks/pytorch/bir.ipynb"
    )


def test_a_book_without_a_repository_offers_nothing_online(book):
    book.build()
    assert "Colab" not in book.page("chapters/bir")


def test_the_page_itself_which_can_not_be_run_is_not_offered(tmp_path):
    book = write_book(
        tmp_path / "book",
        launch_buttons={"colab_url": "https://colab.example"},
        repository={"url": "https://github.com/biri/kitap"},
    ).answer()
    book.build()

    html = book.page("chapters/bir")
    assert "colab.example" not in html
    assert "_sources/chapters/bir.ipynb" not in html
    assert not (book.site / "_sources" / "chapters" / "bir.ipynb").exists()


def test_a_page_without_code_keeps_the_theme_s_own_buttons(book):
    book.build()

    assert "_sources/index.md" in book.page("index")


def test_every_script_is_on_the_page_once(book):
    book.build()

    scripts = BeautifulSoup(book.page("chapters/bir"), "html.parser").find_all("script")
    texts = [str(script) for script in scripts]
    assert sorted(set(texts)) == sorted(texts)


def tables(book, page="index"):
    """Return the tables of a page: for each its rows as lists of texts."""
    found = BeautifulSoup(book.page(page), "html.parser").find_all("table")
    return [
        [
            [each.get_text(" ", strip=True) for each in row.find_all(["th", "td"])]
            for row in table.find_all("tr")
        ]
        for table in found
    ]


def test_the_tables_of_runs_say_what_the_notebooks_recorded(tmp_path):
    book = write_book(tmp_path / "book").answer(run=RUN)
    for name in ("bir", "iki"):
        edit(book.notebook("pytorch", name), "1.26.4", "2.4.6")
    assert book.build() == (0, "")

    facts, costs = tables(book)
    assert facts == [
        ["Ortam değişkenleri", "D2L_SHIM_BUDGET=cpu"],
        ["Tarih", "24 Kasım 2026"],
        ["Python sürümü", "3.11.9"],
        ["Makine", "Küçük bir makine"],
        ["MXNet", "numpy 1.26.4"],
        ["PyTorch", "numpy 2.4.6"],
        ["TensorFlow", "numpy 1.26.4"],
        ["Toplam süre", "2 sa 25 dk (6 defter)"],
    ]
    assert costs == [
        ["Bölüm", "MXNet", "PyTorch", "TensorFlow"],
        ["Birinci bölüm", *["24 dk 10 sn, 3,2 GB"] * 3],
        ["İkinci bölüm", *["24 dk 10 sn, 3,2 GB"] * 3],
        ["Toplam", *["48 dk 20 sn"] * 3],
    ]
    assert 'href="chapters/bir.html"' in book.page("index")


def test_facts_that_differ_are_counted(tmp_path):
    book = write_book(tmp_path / "book").answer(run=RUN)
    path = book.notebook("mxnet", "bir")
    edit(path, "Küçük bir makine", "Büyük bir makine")
    assert book.build() == (0, "")

    facts = dict(tables(book)[0])
    assert facts["Makine"] == "Büyük bir makine (1 defter); Küçük bir makine (5 defter)"


def test_a_run_without_settings_is_said_to_be_the_default(tmp_path):
    run = {**RUN, "environment": {"D2L_SHIM_BUDGET": None}}
    book = write_book(tmp_path / "book").answer(run=run)
    book.build()

    assert tables(book)[0][0] == ["Ortam değişkenleri", "varsayılan"]


def test_without_a_run_a_sentence_stands_in_place_of_the_table(book):
    book.build()

    assert "Henüz çalıştırılmış bir defter yok." in book.page("index")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (9.4, "9 sn"),
        (1450.2, "24 dk 10 sn"),
        (3599.6, "1 sa 0 dk"),
        (7384, "2 sa 3 dk"),
    ],
)
def test_a_duration_is_given_in_its_two_largest_units(seconds, text):
    assert duration(seconds) == text


def test_cells_of_a_chapter_are_never_run(tmp_path):
    text = chapter("Tehlikeli", three("open('iz', 'w')"))
    book = write_book(tmp_path / "book", {"tehlikeli": text}).answer()

    assert book.build(warningiserror=True) == (0, "")
    assert not list(book.root.rglob("iz"))

"""The live preview end to end: an author saves a file, the open page changes."""

import contextlib
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from framework_tabs.__main__ import main
from framework_tabs.serve.preview.pages import Pages
from tests.engine.fake_book import REPOSITORY, write_book

SOON = 60_000  # milliseconds; how fast it is, benchmarks/preview.py measures


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book with a notebook for every chapter, in this module's hands alone."""
    return write_book(tmp_path_factory.mktemp("preview") / "book").answer()


@pytest.fixture(scope="module")
def address(book):
    """Where the preview of the book is."""
    command = [sys.executable, "-m", "framework_tabs", "preview", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--root", book.root],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(process.stdout.readline, "")
        yield next(line for line in lines if "http://" in line).split()[-1]
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


@pytest.fixture
def source(book):
    """The text of the first chapter, put back after the test."""
    path = book.root / "chapters" / "bir.md"
    before = path.read_text(encoding="utf-8")
    yield path
    path.write_text(before, encoding="utf-8")


@pytest.fixture
def page(chromium, address):
    """The first chapter, open in a browser."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(SOON)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(f"{address}chapters/bir.html")
    yield page
    context.close()


def edit(path, old, new):
    """Save a file with another text in it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_saved_sentence_appears_without_a_hand_on_the_browser(page, source):
    article = page.locator("article")
    expect(article).to_contain_text("Ağı kuralım.")
    edit(source, "Ağı kuralım.", "Ağı şimdi kuralım.")
    expect(article).to_contain_text("Ağı şimdi kuralım.", timeout=SOON)
    assert page.errors == []


def test_the_output_of_a_changed_cell_is_marked_and_those_before_it_are_not(
    page, source
):
    notes = page.locator(".framework-panel[data-framework=pytorch] .preview-outdated")
    expect(notes).to_have_count(0)
    edit(source, "eğit(ağ)  # pytorch", "eğit(ağ, 2)  # pytorch")
    expect(notes).to_have_count(1, timeout=SOON)
    expect(notes).to_contain_text("Hücre değişti")
    outputs = notes.locator("xpath=ancestor::div[contains(@class, 'cell_output')]")
    expect(outputs).to_contain_text("pytorch: eğit(ağ)")
    others = page.locator(".framework-panel[data-framework=mxnet] .preview-outdated")
    expect(others).to_have_count(0)


def test_a_chapter_that_cannot_be_read_is_reported_with_its_line_until_it_can(
    page, source
):
    problems = page.locator(".preview-problems")
    expect(problems).to_be_hidden()
    edit(source, ":tags: [mxnet]", ":tags: [mxnett]")
    expect(problems).to_contain_text(
        re.compile(r"chapters/bir\.md:\d+: bilinmeyen etiket: “mxnett”"), timeout=SOON
    )
    expect(page.locator("article")).to_contain_text("Ağı kuralım.")
    edit(source, ":tags: [mxnett]", ":tags: [mxnet]")
    expect(problems).to_be_hidden(timeout=SOON)


def test_a_warning_stands_on_the_page_with_its_line(page, source):
    edit(source, "Ağı kuralım.", "Bakınız: {numref}`fig_yok`.")
    problems = page.locator(".preview-problems")
    expect(problems).to_contain_text("chapters/bir.md:", timeout=SOON)
    expect(problems).to_contain_text("Uyarı: undefined label: 'fig_yok'")


def test_a_new_page_in_the_table_of_contents_is_there_and_a_broken_table_reported(
    page, book, address
):
    toc = book.root / "_toc.yml"
    before = toc.read_text()
    (book.root / "chapters" / "uc.md").write_text("# Üçüncü\n", encoding="utf-8")
    toc.write_text("format: [")
    problems = page.locator(".preview-problems")
    expect(problems).to_be_visible(timeout=SOON)
    toc.write_text(before.replace("chapters:\n", "chapters:\n- file: chapters/uc\n"))
    link = page.locator("nav.bd-links").get_by_role("link", name="Üçüncü")
    expect(link).to_be_attached(timeout=SOON)


def test_a_new_figure_changes_the_numbers_on_all_pages(tmp_path):
    figure = "```{{figure}} resim.svg\n:name: fig_{0}\n\nSöz.\n```\n"
    texts = {"bir": "# Bir\n\nSöz.\n", "iki": f"# İki\n\n{figure.format('iki')}"}
    book = write_book(tmp_path / "book", texts)
    (book.root / "chapters" / "resim.svg").write_text("<svg/>")
    numbered = '    numfig: true\n    numfig_format: {figure: "Fig. %s"}'
    edit(book.root / "_config.yml", "    language: tr", numbered)

    with Pages(book.root, book.root / "_build" / "preview") as pages:
        list(pages.update())
        new = figure.format("bir") + "\n{numref}`fig_iki`"
        edit(book.root / "chapters" / "bir.md", "Söz.", new)
        *steps, end = pages.update()

    assert [step.pages for step in steps] == [
        ("chapters/bir.html",),
        ("chapters/bir.html", "chapters/iki.html", "index.html"),
    ]
    assert end.problems == ()
    page = (pages.site / "chapters" / "bir.html").read_text(encoding="utf-8")
    assert "Fig. 1" in page and "Fig. 2" in page


def test_a_port_in_use_is_named_and_another_one_proposed(book, address, capsys):
    port = re.search(r":(\d+)/", address)[1]
    assert main(["preview", "--port", port, "--root", str(book.root)]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"{port} numaralı kapı açılamadı")
    assert f"“--port {int(port) + 1}”" in message


def test_the_site_of_the_book_is_left_alone(book, page):
    assert not book.site.exists()

"""Outputs that would run in a reader's browser do not get into the book."""

import pytest
from tiny_book import cell, write_book

from framework_tabs.execute import verify
from framework_tabs.store import safe_outputs

SHOW = "from IPython.display import HTML, Javascript, display\n"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>metin</p><script>f()</script>", "<script>"),
        ("<SCRIPT src=x.js>", "<script>"),
        ('<img src="x" onerror="f()">', "onerror="),
        ('<a href=" java\nscript:f()">', "href="),
        ('<svg><a xlink:href="javascript:f()"/></svg>', "xlink:href="),
        ('<svg onload="f()"></svg>', "onload="),
        ('<iframe src="x.html"></iframe>', "<iframe>"),
        ('<a href="data:text/html;base64,AA">', "href="),
    ],
)
def test_what_a_browser_would_run_is_found(markup, found):
    assert safe_outputs.in_markup(markup) == found


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>1 &lt; 2</td></tr></table>",
        '<svg><path d="M0 0"/><image xlink:href="data:image/png;base64,AA"/></svg>',
        '<a href="https://d2l.ai/on.html">javascript: değil</a>',
    ],
)
def test_what_only_shows_something_is_left_alone(markup):
    assert safe_outputs.in_markup(markup) is None


@pytest.mark.parametrize("shown", ["HTML('<b onclick=f()>a</b>')", "Javascript('f()')"])
def test_a_chapter_with_such_an_output_is_refused_with_its_cell(tmp_path, shown):
    book = write_book(tmp_path, cell("print(1)"), cell(f"{SHOW}display({shown})"))
    assert book.execute() == []
    (problem, *_) = verify.problems(book.chapters, book.settings)
    assert "x.ipynb: kod hücresi 2/2" in problem
    assert "tarayıcıda çalışacak içerik var" in problem

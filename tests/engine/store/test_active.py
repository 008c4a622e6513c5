"""Outputs that would run in a reader's browser do not get into the book."""

import pytest
from nbformat import v4
from tiny_book import cell, write_book

from framework_tabs.execute import verify
from framework_tabs.messages import _
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
        ('<svg><set attributeName="href" to="javascript:f()"/></svg>', "to="),
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
def test_a_book_can_refuse_such_an_output_with_its_cell(tmp_path, shown):
    cells = cell("print(1)"), cell(f"{SHOW}display({shown})")
    book = write_book(tmp_path, *cells, active_outputs="refuse")
    assert book.execute() == []
    (problem, *_) = verify.problems(book.chapters, book.settings)
    assert "x.ipynb: kod hücresi 2/2" in problem
    assert "tarayıcıda çalışacak içerik var" in problem


def test_otherwise_a_notebook_may_hold_what_pages_do_not_show(tmp_path):
    book = write_book(tmp_path, cell(f"{SHOW}display(Javascript('f()'))"))
    assert book.execute() == []
    assert list(verify.problems(book.chapters, book.settings)) == []


def output(**forms):
    """An output in several forms, by short names of their kinds."""
    kinds = {"js": "application/javascript", "html": "text/html", "text": "text/plain"}
    kinds |= {"md": "text/markdown", "png": "image/png", "plotly": PLOTLY}
    kinds |= {"view": "application/vnd.jupyter.widget-view+json"}
    data = {kinds[name]: content for name, content in forms.items()}
    return v4.new_output("display_data", data)


PLOTLY = "application/vnd.plotly.v1+json"
HTML = "<div onclick='f()'>model</div>"
SCRIPT = "<script>f()</script>"


@pytest.mark.parametrize(
    ("forms", "left"),
    [
        ({"html": HTML, "text": "Model()"}, {"text": "Model()"}),
        ({"js": "f()", "png": "AA", "text": "x"}, {"png": "AA", "text": "x"}),
        ({"view": {"model_id": "1"}, "text": "0%"}, {"text": "0%"}),
        ({"md": f"~~~html\n{SCRIPT}\n~~~"}, {"md": f"~~~html\n{SCRIPT}\n~~~"}),
        ({"md": f"# A\n\n{SCRIPT}", "text": "x"}, {"text": "x"}),
        ({"md": f"```{{raw}} html\n{SCRIPT}\n```", "text": "x"}, {"text": "x"}),
        ({"html": "<b>1</b>", "text": "1"}, {"html": "<b>1</b>", "text": "1"}),
    ],
)
def test_of_an_output_a_passive_form_is_left(forms, left):
    shown = safe_outputs.passive(output(**forms))
    assert shown == output(**left)
    assert safe_outputs.in_output(shown) is None


@pytest.mark.parametrize("forms", [{"html": SCRIPT}, {"plotly": {}, "html": SCRIPT}])
def test_words_stand_for_an_output_that_has_no_passive_form(forms):
    shown = safe_outputs.passive(output(**forms))
    assert shown.data["text/plain"] == _(safe_outputs.INTERACTIVE)
    assert "text/html" not in shown.data


def test_what_is_glued_and_not_shown_in_its_place_is_no_exception():
    kind = f"{safe_outputs.HIDDEN}text/html"
    glued = v4.new_output("display_data", {kind: SCRIPT})
    assert safe_outputs.in_output(glued) == "<script>"
    shown = safe_outputs.passive(glued)
    words = _(safe_outputs.INTERACTIVE)
    assert shown.data == {f"{safe_outputs.HIDDEN}text/plain": words}


def test_text_and_errors_stay_as_they_are():
    text = v4.new_output("stream", name="stdout", text=SCRIPT)
    assert safe_outputs.passive(text) == text

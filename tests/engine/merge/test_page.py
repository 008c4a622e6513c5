"""The merged page: which cells and outputs a chapter's page is made of."""

import nbformat
import pytest
from myst_parser.config.main import MdParserConfig
from nbformat import v4

from framework_tabs.merge import merged_page
from framework_tabs.source import chapter as chapters
from framework_tabs.store.record import MARK, CellOutputs
from tests.engine.fake_book import LABELS, cell, chapter, stream, three, write_book


@pytest.fixture
def merge(tmp_path):
    """Return a function that makes the page of a chapter with the given parts.

    ``outputs(framework, cell)`` gives the outputs of a cell, or None if stale.
    """

    def make(*parts, outputs, text=None):
        text = text or chapter("Deneme", *parts)
        book = write_book(tmp_path / "book", {"deneme": text})
        source = chapters.read(book.root / "chapters" / "deneme.md", book.settings)
        results = {key: list(_results(source, key, outputs)) for key in LABELS}
        return merged_page.read(
            text, config=MdParserConfig(), chapter=source, results=results
        )

    return make


def _results(source, key, outputs):
    for each in source.code_cells:
        if each.belongs_to(key):
            found = outputs(key, each)
            if found is None:
                yield CellOutputs(each, "stale", [stream("eski\n")])
            else:
                yield CellOutputs(each, "fresh", found)


def code_cells(notebook):
    return [c for c in notebook.cells if c.cell_type == "code"]


def texts(cells):
    return ["".join(output.text for output in c.outputs) for c in cells]


def test_a_framework_cell_has_the_outputs_of_its_own_framework(merge):
    made = merge(three("ağ"), outputs=lambda key, _: [stream(f"{key}\n")])

    assert texts(code_cells(made)) == ["mxnet\n", "pytorch\n", "tensorflow\n"]
    assert [c.metadata[MARK] for c in code_cells(made)] == [
        {"framework": "mxnet"},
        {"framework": "pytorch"},
        {"framework": "tensorflow"},
    ]


def test_a_common_cell_shows_its_code_once_and_then_each_framework_s_outputs(merge):
    made = merge(cell("ağ"), outputs=lambda key, _: [stream(f"{key}\n")])

    code, *shown = code_cells(made)
    assert (code.source, code.outputs) == ("ağ", [])
    assert texts(shown) == ["mxnet\n", "pytorch\n", "tensorflow\n"]
    assert all("remove-input" in c.metadata.tags for c in shown)
    assert {c.metadata[MARK]["outputs_of"] for c in shown} == {1}


def test_outputs_that_are_alike_are_shown_once(merge):
    def outputs(key, _):
        number = list(LABELS).index(key)
        return [
            v4.new_output("execute_result", {"text/plain": "8"}, execution_count=number)
        ]

    (code,) = code_cells(merge(cell("len(ağ)"), outputs=outputs))

    assert code.outputs[0].data["text/plain"] == "8"
    assert MARK not in code.metadata


def test_a_stream_is_alike_however_it_was_cut(merge):
    def outputs(key, _):
        cut = ["1\n", "2\n"] if key == "mxnet" else ["1\n2\n"]
        return [stream(text) for text in cut]

    assert texts(code_cells(merge(cell("say()"), outputs=outputs))) == ["1\n2\n"]


def test_a_common_cell_without_outputs_stays_alone(merge):
    (code,) = code_cells(merge(cell("x = 1"), outputs=lambda *_: []))

    assert code.outputs == []
    assert "tags" not in code.metadata


def test_outputs_of_other_code_are_not_shown(merge):
    def outputs(key, _):
        return None if key == "mxnet" else [stream(f"{key}\n")]

    assert texts(code_cells(merge(three("ağ"), outputs=outputs))) == [
        "",
        "pytorch\n",
        "tensorflow\n",
    ]


def test_common_cells_keep_their_order_among_the_others(merge):
    made = merge(
        three("a"),
        cell("b"),
        cell("c"),
        "Söz.\n",
        three("d"),
        outputs=lambda key, each: [stream(each.source[0])],
    )

    assert [c.source.split()[0] for c in made.cells] == [
        "#", "a", "a", "a", "b", "c", "Söz.", "d", "d", "d"
    ]  # fmt: skip


def test_every_cell_knows_its_line_in_the_source(merge):
    made = merge(cell("ağ"), "Söz.\n", cell("b"), outputs=lambda key, _: [stream(key)])

    lines = made.metadata.source_map
    assert len(lines) == len(made.cells)
    assert len(set(lines[1:5])) == 1
    assert lines == sorted(lines)


def test_only_the_first_of_three_figures_keeps_the_name_to_refer_to(merge):
    figure = {"figure": {"name": "fig_x", "caption": "Bir şekil"}}
    made = merge(
        cell("çiz()", mystnb=figure), outputs=lambda key, _: [stream(f"{key}\n")]
    )

    figures = [c.metadata.mystnb["figure"] for c in code_cells(made)[1:]]
    assert figures == [figure["figure"], *[{"caption": "Bir şekil"}] * 2]


def test_the_page_has_a_language_to_highlight_but_no_kernel_to_launch(merge):
    made = merge(cell("ağ"), outputs=lambda key, _: [stream(key)])

    assert made.metadata.language_info["pygments_lexer"] == "ipython3"
    assert "kernelspec" not in made.metadata
    nbformat.validate(made)


@pytest.mark.parametrize(
    "said",
    [
        "<Net object at {address}>\n",
        "3\nCPU times: user {n} ms, sys: {n} µs, total: {n} ms\nWall time: {n} ms\n",
        "{n} ms ± 3.4 ns per loop (mean ± std. dev. of 7 runs, 1,000 loops each)\n",
        "100%|████| 10/10 [00:0{n}<00:00, {n}.5it/s]\n",
    ],
)
def test_outputs_that_differ_by_what_passes_are_shown_once(merge, said):
    def outputs(key, _):
        number = list(LABELS).index(key) + 1
        shown = said.format(address=f"0x7f{number}a0", n=number)
        return [
            stream(shown),
            v4.new_output("execute_result", {"text/plain": shown}, execution_count=1),
        ]

    (code,) = code_cells(merge(cell("net"), outputs=outputs))

    assert code.outputs[0].text.strip() == said.format(address="0x7f1a0", n=1).strip()


def test_what_a_chapter_measures_is_no_passing_time(merge):
    def outputs(key, _):
        return [stream(f"{list(LABELS).index(key)} s\n")]

    assert len(code_cells(merge(cell("print(t)"), outputs=outputs))) == 4


def test_the_page_asks_for_no_execution_whatever_its_header_says(merge):
    header = "mystnb:\n  execution_mode: force\n  remove_code_source: true\n---\n"
    text = chapter("Deneme", cell("x = 1")).replace("---\n\n# D", f"{header}\n# D")
    assert "execution_mode" in text
    made = merge(text=text, outputs=lambda *_: [])

    assert made.metadata.mystnb == {"remove_code_source": True}

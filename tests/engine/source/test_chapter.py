"""Reading a chapter: cells with framework and line, and every way to get it wrong."""

import pytest
from tiny_book import ONE, THREE, TWO, cell, text, write_book

from framework_tabs.config import Settings
from framework_tabs.source.cell import ChapterError
from framework_tabs.source.chapter import read, read_all
from framework_tabs.source.rules import looks_like


def refused(tmp_path, content: str, frameworks=TWO) -> ChapterError:
    """The error that reading a chapter with this content raises."""
    book = write_book(tmp_path, frameworks=frameworks)
    book.source().write_text(content, encoding="utf-8")
    with pytest.raises(ChapterError) as caught:
        read(book.source(), book.settings)
    assert str(caught.value).startswith(f"chapters/x.md:{caught.value.line}: ")
    return caught.value


def line_of(content: str, part: str) -> int:
    """The 1-based line on which ``part`` begins."""
    return content[: content.index(part)].count("\n") + 1


def test_cells_know_kind_framework_and_line(tmp_path):
    book = write_book(
        tmp_path,
        "Söz.\n",
        cell("1", "a", "hide-input"),
        cell("2", "b"),
        cell("3"),
        frameworks=TWO,
    )
    chapter = read(book.source(), book.settings)
    assert [(c.kind, c.framework, c.source) for c in chapter.cells] == [
        ("markdown", None, "# Başlık\n\nSöz."),
        ("code", "a", "1"),
        ("code", "b", "2"),
        ("code", None, "3"),
    ]
    lines = book.source().read_text(encoding="utf-8").splitlines()
    for each, start in zip(chapter.cells, ("# Baş", *["```{code"] * 3), strict=True):
        assert lines[each.line - 1].startswith(start)
    assert chapter.cells[1].metadata["tags"] == ["a", "hide-input"]
    assert (chapter.name, chapter.source) == ("x", "chapters/x.md")
    assert chapter.uses_frameworks


def test_a_chapter_of_common_cells_alone_is_legal(tmp_path):
    book = write_book(tmp_path, cell("1"), frameworks=TWO)
    assert not book.chapters[0].uses_frameworks


def test_a_page_without_code_is_no_chapter_to_split(tmp_path):
    book = write_book(tmp_path, cell("1"))
    book.source("index").write_text("# Giriş\n", encoding="utf-8")
    assert [chapter.name for chapter in read_all(book.settings)] == ["x"]


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("pytroch", "pytorch"),
        ("PyTorch", "pytorch"),
        ("torch", "pytorch"),
        ("pytorch-only", "pytorch"),
        ("tf", "tensorflow"),
        ("keras", "tensorflow"),
        ("tensor_flow", "tensorflow"),
        ("mx", "mxnet"),
        ("mxnt", "mxnet"),
    ],
)
def test_a_tag_that_looks_like_a_framework_is_refused(tmp_path, tag, meant):
    content = text("Söz.\n", cell("1", tag))
    error = refused(tmp_path, content, THREE)
    assert error.line == line_of(content, "```{code-cell}")
    assert f"“{tag}”" in str(error) and f"“{meant}”" in str(error)


@pytest.mark.parametrize(
    "tag",
    "hide-input hide-output remove-cell remove-input nbval-ignore-output nbval-skip "
    "raises-exception skip-execution output_scroll full-width margin parameters "
    "numpy training".split(),
)
def test_ordinary_tags_look_like_no_framework(tmp_path, tag):
    settings = Settings.from_mapping(tmp_path, {"frameworks": THREE})
    assert looks_like(tag, settings.frameworks) is None


def test_a_cell_of_two_frameworks_is_refused(tmp_path):
    content = text(cell("1", "a", "b"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "```{code-cell}")
    assert "a, b" in str(error)


def test_a_framework_left_out_among_its_siblings_is_refused(tmp_path):
    content = text(cell("1", "a"), cell("1", "b"), "Söz.\n", cell("2", "b"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "```{code-cell} ipython3\n:tags: [b]\n2")
    assert "a hücresi yok" in str(error)


def test_two_cells_of_one_framework_in_a_row_are_legal(tmp_path):
    parts = cell("1", "a"), cell("2", "a"), cell("1", "b")
    assert len(write_book(tmp_path, *parts, frameworks=TWO).chapters[0].cells) == 4


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("````{note}\n", "````\n"),
        (":::{note}\nSöz.\n\n", ":::\n"),
        ("::::{tab-set}\n:::{tab-item} A\n", ":::\n::::\n"),
        ("````{note}\n:class: tip\n\n", "````\n"),
    ],
)
def test_a_code_cell_inside_a_directive_is_refused(tmp_path, before, after):
    content = text("Söz.\n", before + cell("1") + after)
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "```{code-cell}")
    assert "yönergenin" in str(error)


@pytest.mark.parametrize("prefix", ["> ", "  "])
def test_a_code_cell_in_a_quotation_or_list_is_refused(tmp_path, prefix):
    body = "\n".join(prefix + line for line in cell("1").splitlines())
    content = text("- madde\n", body, "")
    assert refused(tmp_path, content).line == line_of(content, "```{code-cell}")


@pytest.mark.parametrize("before", ["    ", "<div>\n"])
def test_an_indented_code_cell_or_one_in_html_is_refused(tmp_path, before):
    content = text(before + cell("1").replace("\n", "\n" + before.strip("<div>\n")))
    assert refused(tmp_path, content).line == line_of(content, "```{code-cell}")


def test_a_code_cell_with_colons_is_refused(tmp_path):
    content = text(":::{code-cell} ipython3\n1\n:::\n")
    assert refused(tmp_path, content).line == line_of(content, ":::{code-cell}")


def test_a_code_cell_in_a_file_without_the_header_is_refused(tmp_path):
    error = refused(tmp_path, "# Başlık\n\n" + cell("1"))
    assert error.line == 3 and "jupytext" in str(error)


@pytest.mark.parametrize(
    "block",
    [
        "```python\nx = 1\n\n" + cell("1"),
        "````{note}\nSöz.\n\n",
        ":::{note}\nSöz.\n",
        "```{code-cell} ipython3\n1\n\nSöz.\n\n" + cell("2"),
        "```{code-cell} ipython3\n1\n",
        "~~~\n",
    ],
)
def test_a_fence_without_an_end_is_refused_where_it_begins(tmp_path, block):
    content = text("Söz.\n", block)
    error = refused(tmp_path, content)
    assert error.line == line_of(content, block.splitlines()[0])
    assert "kapatılmamış" in str(error)


def test_a_nested_fence_without_an_end_is_refused_where_it_begins(tmp_path):
    content = text("::::{note}\n:class: x\n\nSöz.\n\n```python\nx\n::::\n", cell("1"))
    assert refused(tmp_path, content).line == line_of(content, "```python")


@pytest.mark.parametrize(
    "block",
    [
        "```python\nprint(1)\n```\n",
        "````md\n" + cell("1") + "````\n",
        "````{code-block} md\n" + cell("1") + "````\n",
        "<!--\n" + cell("1") + "-->\n",
    ],
)
def test_an_example_is_no_cell(tmp_path, block):
    book = write_book(tmp_path, block, cell("2"))
    assert [c.source for c in book.chapters[0].code_cells] == ["2"]


@pytest.mark.parametrize(
    "options",
    [":tags: a", ":tags: [1]", ":tags: [a", ":tags: [x, x]", ":tags: ['x,y']"],
)
def test_tags_that_are_no_list_of_names_are_refused(tmp_path, options):
    content = text("```{code-cell} ipython3\n" + options + "\n1\n```\n")
    assert refused(tmp_path, content).line == line_of(content, "```{code-cell}")


def test_options_that_run_into_the_content_are_refused(tmp_path):
    content = text("::::{tab-set}\n:sync-group: g\n:::{tab-item} A\nx\n:::\n::::\n")
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "::::{tab-set}") and "boş satır" in str(error)


def test_a_broken_header_is_refused(tmp_path):
    assert refused(tmp_path, "---\na: [1\n---\n").line == 1


TABS = """::::{{tab-set}}
:sync-group: framework

:::{{tab-item}} A
:sync: a
bir
:::
:::{{tab-item}} B
:sync: {}
iki
:::
::::
"""


def test_prose_tabs_leave_no_framework_out(tmp_path):
    content = text(TABS.format("başka"), cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "::::{tab-set}") and "b sekmesi" in str(error)


def test_a_mistyped_sync_is_refused(tmp_path):
    content = text(TABS.format("pytroch"), cell("1"))
    error = refused(tmp_path, content, {"a": ONE["a"], "pytorch": THREE["pytorch"]})
    assert error.line == line_of(content, ":::{tab-item} B")
    assert "“pytorch” mi" in str(error)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    book = write_book(tmp_path)
    book.source().write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ChapterError, match=r"^chapters/x\.md:1: dosya okunamadı"):
        read(book.source(), book.settings)

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


def test_a_code_cell_with_a_space_before_its_name_is_refused(tmp_path):
    content = text("``` {code-cell} ipython3\n1\n```\n")
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "code-cell") and "boşluk" in str(error)


@pytest.mark.parametrize("mark", ["\u2028", "\x0c", "\x85"])
def test_a_character_that_only_some_take_for_a_new_line_is_refused(tmp_path, mark):
    content = text(f"bir{mark}iki", cell("1"))
    error = refused(tmp_path, content)
    assert error.line == 1 + content[: content.index(mark)].count("\n")
    assert f"U+{ord(mark):04X}" in str(error)


def test_a_percentage_at_the_beginning_of_a_line_is_no_comment(tmp_path):
    content = text("% not\n", "Doğruluk\n%95 oldu.\n", cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "%95") and r"“\%95”" in str(error)
    content = text("% not\n", "Doğruluk\n\\%95 oldu.\n", cell("1"))
    assert write_book(tmp_path / "right", content, frameworks=TWO).chapters


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


@pytest.mark.parametrize(
    "lines",
    ["```{code-cell}\n:tag: [a]\n1\n```", '+++ {"Tags": ["a"]}\n\nText.\n'],
)
def test_a_mistyped_tags_is_refused(tmp_path, lines):
    content = text(lines, cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, lines.split("\n")[0])
    assert "“tags”" in str(error)


def test_options_of_a_cell_without_an_end_are_refused(tmp_path):
    content = text("```{code-cell}\n---\ntags: [a]\n1\n```\n")
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "```{code-cell}") and "“---”" in str(error)


def test_words_behind_a_block_break_are_refused_with_what_may_stand_there(tmp_path):
    content = text("+++ merhaba\n", cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "+++")
    assert "merhaba" in str(error) and '{"tags": ["pytorch"]}' in str(error)


def test_options_that_run_into_the_content_are_refused(tmp_path):
    content = text("::::{tab-set}\n:sync-group: g\n:::{tab-item} A\nx\n:::\n::::\n")
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "::::{tab-set}") and "boş satır" in str(error)


def test_a_broken_header_is_refused(tmp_path):
    content = "---\na: 1\nb: [1\n---\n" + cell("1")
    error = refused(tmp_path, content)
    assert error.line in (3, 4) and "YAML" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        "---\n---\n",
        "---\n---\n# Title\n",
        "---\n\nWelcome\n\n# Title\n",
        "---\n\nWelcome: to: all\n\n---\n\n# Title\n",
        "---\na: [1\n---\n",
        "---\n- a\n---\n",
        "---\n",
        "",
        "\n\n",
        "+++ {broken\n",
        "- [ ] to do\n- [x] done\n",
        "::::{tab-set}\n::::\n",
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_page_without_cells_is_read_however_it_begins(tmp_path, content, mark):
    book = write_book(tmp_path, cell("1"))
    book.source("page").write_text(mark + content, encoding="utf-8")
    assert read(book.source("page"), book.settings).code_cells == []
    assert [each.name for each in book.chapters] == ["x"]
    assert book.split() == ["notebooks/a/x.ipynb"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_and_the_ends_of_lines_change_nothing(tmp_path, newline):
    book = write_book(
        tmp_path, "- [ ] to do\n", cell("1", "a"), cell("2", "b"), frameworks=TWO
    )
    plain = read(book.source(), book.settings)
    text = book.source().read_text(encoding="utf-8")
    marked = ("\ufeff" + text).replace("\n", newline)
    book.source().write_bytes(marked.encode())
    assert read(book.source(), book.settings).cells == plain.cells


@pytest.mark.parametrize(
    ("content", "line_at"),
    [
        ("Text.\n\n+++ {broken\n", "+++"),
        ("Text.\n\n+++ [1]\n\nMore.\n", "+++"),
        ('Text.\n\n+++ {"tags": "a"}\n\nMore.\n', "+++"),
        ("```{code-cell}\n:load: nothing.py\n```\n", "```{code-cell}"),
        ("```{code-cell}\n---\n- a\n---\n1\n```\n", "```{code-cell}"),
        ("```{raw-cell}\n:tags: a\n1\n```\n", "```{raw-cell}"),
    ],
)
def test_whatever_a_parser_cannot_read_has_its_line(tmp_path, content, line_at):
    content = text("Text.\n", content)
    assert refused(tmp_path, content).line == line_of(content, line_at)


def test_code_that_a_cell_loads_is_read_again_when_it_changes(tmp_path):
    book = write_book(tmp_path)
    book.source().write_text(text("```{code-cell}\n:load: lib.py\n```\n"))
    for code in ("x = 1", "x = 2"):
        (book.root / "chapters" / "lib.py").write_text(code)
        assert [each.source for each in book.chapters[0].code_cells] == [code]


def with_front_matter(lines: str, *parts: str) -> str:
    """A chapter with these lines more in its front matter."""
    return text(*parts).replace("jupytext:", f"{lines}\njupytext:", 1)


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ("mystnb:\n  execution_mode: force", "  execution_mode"),
        ("mystnb:\n  merge_streams: true\n  execution_mode: 'off'", "  execution_mode"),
        ("mystnb: {execution_timeout: 5}", "mystnb"),
        ("execution:\n  timeout: 5", "execution"),
        ("kernelspec: bash", "kernelspec"),
        ("kernelspec:\n  display_name: Bash", "kernelspec"),
    ],
)
def test_an_order_to_the_build_to_run_cells_is_refused(tmp_path, lines, at):
    content = with_front_matter(lines, cell("1"))
    assert refused(tmp_path, content).line == line_of(content, at)


def test_other_settings_of_myst_nb_are_left_to_it(tmp_path):
    book = write_book(tmp_path)
    content = with_front_matter("mystnb:\n  merge_streams: true", cell("1"))
    book.source().write_text(content, encoding="utf-8")
    assert len(book.chapters) == 1


OWN_KERNEL = "kernelspec:\n  name: other\n  display_name: Other"


def test_a_chapter_without_frameworks_has_the_kernel_that_it_asks_for(tmp_path):
    book = write_book(tmp_path, frameworks=TWO, common={"p": {"label": "P"}})
    book.source().write_text(with_front_matter(OWN_KERNEL, cell("1")))
    (chapter,) = book.chapters
    ((key, runner),) = book.settings.runners_of(chapter).items()
    assert (key, runner.kernel, runner.label) == ("p", "other", "Other")
    book.split()
    assert book.notebook("p").metadata.kernelspec.name == "other"


def test_the_frameworks_with_the_kernel_that_a_chapter_asks_for_run_it(tmp_path):
    frameworks = {**TWO, "b": {"label": "B", "kernel": "other"}}
    book = write_book(tmp_path, frameworks=frameworks)
    book.source().write_text(with_front_matter(OWN_KERNEL, cell("1")))
    assert book.split() == ["notebooks/b/x.ipynb"]


def test_a_kernel_that_none_of_its_frameworks_has_is_refused(tmp_path):
    content = with_front_matter(OWN_KERNEL, cell("1", "a"), cell("2", "b"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "kernelspec")
    assert "other" in str(error) and "python3" in str(error)
    fitting = {**TWO, "b": {"label": "B", "kernel": "other"}}
    book = write_book(tmp_path / "fitting", frameworks=fitting)
    book.source().write_text(content)
    assert book.split() == ["notebooks/a/x.ipynb", "notebooks/b/x.ipynb"]


def test_a_cell_in_an_included_file_is_refused_where_it_is_included(tmp_path):
    content = text("Text.\n", "```{include} part.md\n```\n", cell("1"))
    (tmp_path / "chapters").mkdir()
    for path, further in (
        ("chapters/part.md", "/deep.md"),
        ("deep.md", "chapters/x.md"),
    ):
        (tmp_path / path).write_text(f"```{{include}} {further}\n```\n")
    write_book(tmp_path / "book")
    book = write_book(tmp_path / "other", frameworks=TWO)
    book.source().write_text(content)
    assert len(book.chapters) == 1  # what is not there Sphinx will say
    part, deep = book.source("part"), book.root / "deep.md"
    part.write_text("```{include} /deep.md\n```\n\n```{include} part.md\n```\n")
    deep.write_text("# Part\n\n" + cell("2") + "<!-- end -->\n" + "Text.\n")
    with pytest.raises(ChapterError) as caught:
        read(book.source(), book.settings)
    assert caught.value.line == line_of(content, "```{include}")
    assert "deep.md" in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        ":start-after: <!-- end -->",
        ':end-before: "```"',
        ":end-line: 1",
        ":literal:",
        ":code: md",
    ],
)
def test_what_is_not_included_or_is_code_may_hold_cells(tmp_path, options):
    include = f"```{{include}} ../part.txt\n{options}\n```\n"
    book = write_book(tmp_path, include, cell("1"))
    part = "# Part\n\n" + cell("2") + "<!-- end -->\nText.\n"
    (tmp_path / "part.txt").write_text(part)
    assert len(book.chapters) == 1


def test_a_markdown_cell_of_a_framework_wants_its_siblings(tmp_path):
    block = '+++ {{"tags": ["{}"]}}\n\nOnly {}.\n'
    both = block.format("a", "a"), block.format("b", "b"), cell("1")
    book = write_book(tmp_path, *both, frameworks=TWO, common={"p": {"label": "P"}})
    (chapter,) = book.chapters
    assert [(c.kind, c.framework) for c in chapter.cells[1:]] == [
        ("markdown", "a"),
        ("markdown", "b"),
        ("code", None),
    ]
    assert chapter.uses_frameworks
    content = text("Text.\n", both[0], cell("1"))
    error = refused(tmp_path / "alone", content)
    assert error.line == line_of(content, "Only a")
    raw = "```{raw-cell}\n:tags: [b]\n1\n```\n"
    content = text(raw, cell("1"))
    assert refused(tmp_path / "raw", content).line == line_of(content, "```{raw")


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


def test_tabs_of_the_frameworks_are_synchronised_as_such(tmp_path):
    content = text(TABS.format("b").replace(":sync-group: framework\n", ""), cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "::::{tab-set}")
    assert "sync-group: framework" in str(error)


def test_tabs_of_another_group_are_the_authors_own(tmp_path):
    tabs = TABS.format("c").replace("framework", "clients")
    assert write_book(tmp_path, tabs, cell("1"), frameworks=TWO).chapters


def test_a_group_with_nearly_the_frameworks_name_is_refused(tmp_path):
    content = text(TABS.format("b").replace("framework", "frameworks"), cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, "::::{tab-set}")
    assert "“framework”" in str(error)


@pytest.mark.parametrize("sync", ["", ":sync: a\n", ":sync: c\n"])
def test_no_tab_of_none_or_another_s_framework_stands_among_theirs(tmp_path, sync):
    more = f":::{{tab-item}} C\n{sync}üç\n:::\n::::\n"
    content = text(TABS.format("b").removesuffix("::::\n") + more, cell("1"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, ":::{tab-item} C")


def test_tabs_within_a_tab_are_a_set_of_their_own(tmp_path):
    own = TABS.format("mac").replace(":sync-group: framework", ":sync-group: os")
    inner = own.replace(":sync: a", ":sync: linux")
    outer = TABS.format("b").replace(":::", "::::::")
    tabs = outer.replace("iki", f"\n{inner}")
    assert write_book(tmp_path, tabs, cell("1"), frameworks=TWO).chapters


def test_a_tab_whose_options_run_into_its_content_is_refused_as_such(tmp_path):
    content = text(TABS.format("b\n:::{note}\n:::"))
    error = refused(tmp_path, content)
    assert error.line == line_of(content, ":::{tab-item} B")
    assert "boş satır" in str(error)


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

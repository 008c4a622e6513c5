"""Importing D2L's Markdown: what it becomes, and that nothing is lost unreported."""

import pytest

from d2l_import import cells as d2l_cells
from d2l_import.section import translate
from framework_tabs import messages
from framework_tabs.__main__ import main
from framework_tabs.config import Framework
from framework_tabs.source import chapter
from framework_tabs.split import notebook as notebooks
from tests.engine.fake_book import write_book

FRAMEWORKS = {
    "mxnet": Framework("mxnet", "MXNet"),
    "pytorch": Framework("pytorch", "PyTorch"),
    "tensorflow": Framework("tensorflow", "TensorFlow"),
}
WITH_API = {"pytorch": Framework("pytorch", "PyTorch", api="d2l_shim.torch")}
LABELS = {"sec_eski": "ref", "fig_eski": "numref", "eq_eski": "eq"}

WHOLE = """\
```{.python .input}
%load_ext d2lbook.tab
tab.interact_select('mxnet', 'pytorch', 'tensorflow')
```

# Küçük bir ağ
:label:`sec_kucuk`

Önce :numref:`fig_kucuk`'e bakın, sonra [**kodu yazın**].

![Bir ağ.](../img/ag.svg)
:width:`300px`
:label:`fig_kucuk`

```{.python .input}
%%tab mxnet
w = 1
```

```{.python .input}
%%tab pytorch, tensorflow
w = 2
```

```{.python .input}
%%tab all
print(w)
```

:begin_tab:`mxnet`
[Tartışma](https://ornek.org/1)
:end_tab:

:begin_tab:`pytorch`
[Tartışma](https://ornek.org/2)
:end_tab:
"""


@pytest.fixture(autouse=True)
def in_turkish():
    """Read what is said as an author of this book does."""
    messages.speak("tr")
    yield
    messages.speak("en")


def imported(text, frameworks=FRAMEWORKS):
    """A text in D2L's Markdown, translated for the chapter ``yeni``."""
    return translate(text, "yeni", frameworks, LABELS, {"Bir.2012", "Iki.2013"})


def body(text, **options):
    """The chapter without its front matter and the source at its end."""
    whole = imported(text, **options).text
    return whole.partition("---\n\n")[2].partition("\n\n```{admonition} Kaynak")[0]


def said(text):
    """What is reported: lines and messages."""
    return [(note.line, note.message) for note in imported(text).notes]


def input_cell(*lines):
    """A code cell of D2L."""
    return "\n".join(["```{.python .input}", *lines, "```", ""])


def tagged(source, **options):
    """Cells of the chapter in ``source``: framework and code, in order."""
    cells, text = [], body(source, **options)
    for part in text.split("```{code-cell} ipython3\n")[1:]:
        code = part.partition("\n```")[0]
        head, _, rest = code.partition("\n\n")
        is_tagged = head.startswith(":tags: [")
        cells.append((head[8:-1], rest) if is_tagged else (None, code))
    return cells


@pytest.mark.parametrize("line", ["#@tab {}", "# @tab {}", "%%tab {}"])
def test_a_cell_goes_to_the_frameworks_of_its_tab(line):
    source = input_cell(line.format("mxnet, pytorch"), "a") + "\n"
    source += input_cell(line.format("tensorflow"), "b")
    assert tagged(source) == [("mxnet", "a"), ("pytorch", "a"), ("tensorflow", "b")]


def test_a_cell_without_a_tab_is_mxnets_and_one_for_all_is_common():
    source = input_cell("a") + "\nSöz.\n\n" + input_cell("#@tab all", "b")
    cells = tagged(source)
    assert cells[0] == ("mxnet", "a") and cells[-1] == (None, "b")


def test_a_framework_without_a_cell_gets_one_that_says_so_and_is_reported():
    source = "Söz.\n\n" + input_cell("#@tab pytorch", "a")
    assert tagged(source) == [
        ("mxnet", "# Bu adımda MXNet için kod yok."),
        ("pytorch", "a"),
        ("tensorflow", "# Bu adımda TensorFlow için kod yok."),
    ]
    assert [line for line, _ in said(source)] == [3, 3]


def test_a_framework_that_the_book_has_not_is_left_out_and_reported():
    source = input_cell("#@tab all", "a") + "\nSöz.\n\n" + input_cell("%%tab jax", "b")
    assert tagged(source) == [(None, "a")]
    assert said(source) == [(8, "jax bu kitabın çerçevesi değil; atlandı.")]


def test_d2l_becomes_the_module_that_the_framework_names():
    source = input_cell("#@tab pytorch", "from d2l import torch as d2l", "d2l.x()")
    cells = dict(tagged(source, frameworks=WITH_API))
    assert cells["pytorch"] == "from d2l_shim import torch as d2l\nd2l.x()"


def test_the_first_cell_of_a_framework_imports_it_before_anything_else():
    source = input_cell("#@tab pytorch", "import torch", "from d2l import torch as d2l")
    source += "\nSöz.\n\n" + input_cell("#@tab pytorch", "import os")
    cells = [code for _, code in tagged(source, frameworks=WITH_API)]
    assert cells == ["from d2l_shim import torch as d2l\nimport torch", "import os"]


def test_the_commands_of_d2lbook_are_left_out():
    assert tagged(WHOLE)[0] == ("mxnet", "w = 1")


CHOICE = """\
%%tab all
def f():
    # both
    if tab.selected('mxnet'):
        # why
        return 1
    elif tab.selected(['pytorch', 'jax']):
        return 2
    else:
        if tab.selected('tensorflow'): return 3
def g():
    if tab.selected('jax'):
        return 4
"""


def test_each_framework_gets_the_branch_that_it_would_run():
    cells = dict(tagged(input_cell(*CHOICE.splitlines())))
    end = "def g():\n    pass"
    assert cells == {
        "mxnet": f"def f():\n    # both\n    # why\n    return 1\n{end}",
        "pytorch": f"def f():\n    # both\n    return 2\n{end}",
        "tensorflow": f"def f():\n    # both\n    return 3\n{end}",
    }


def test_code_that_is_not_python_is_left_as_it_is():
    source = d2l_cells.Source("if tab.selected('mxnet'):\n  !ls (", ["all"])
    assert source.chosen("mxnet") == source.code


def test_labels_stand_before_headings_and_inside_what_they_name():
    text = body(
        "# A\n:label:`sec_a`\n\n![Söz](../img/b.png)\n:width:`9px`\n:label:`fig_b`\n\n"
        "$$\nx\n$$\n:eqlabel:`eq_c`\n\n:Ad\n\n|a|\n|-|\n|1|\n:label:`tab_d`\n"
    )
    assert text == (
        "(sec_a)=\n# A\n\n"
        "```{figure} figures/yeni_b.png\n:name: fig_b\n:width: 9px\n:alt: Söz\n\nSöz\n"
        "```\n\n$$\nx\n$$ (eq_c)\n\n"
        "```{table} Ad\n:name: tab_d\n\n|a|\n|-|\n|1|\n```"
    )


def test_the_name_of_a_table_may_stand_behind_it():
    text = body("|a|\n|-|\n|1|\n:Ad\n:label:`tab_d`\n\nSöz.\n")
    assert text == "```{table} Ad\n:name: tab_d\n\n|a|\n|-|\n|1|\n```\n\nSöz."


def test_references_say_what_they_lead_to():
    text = body(
        "# A\n:label:`sec_a`\n\n:numref:`fig_b`'te, :ref:`sec_a`; :numref:`sec_eski`, "
        ":numref:`fig_eski`, :eqref:`eq_eski`.\n\n![S](b.svg)\n:label:`fig_b`\n"
    )
    assert (
        "{numref}`fig_b`'te, {ref}`sec_a`; {ref}`sec_eski`, {numref}`fig_eski`, "
        "{eq}`eq_eski`." in text
    )


def test_a_label_that_the_book_has_gets_another_name_wherever_it_stands():
    source = "# A\n:label:`sec_eski`\n\nBkz. :numref:`sec_eski`.\n"
    assert body(source) == "(sec_eski_yeni)=\n# A\n\nBkz. {ref}`sec_eski_yeni`."
    assert said(source)[0][0] == 1


def test_works_are_cited_and_those_that_the_book_lacks_reported():
    source = "A :cite:`Bir.2012,Iki.2013` b :citet:`Bir.2012`\nc :cite:`Yok.2020`."
    assert body(source) == (
        "A {cite}`Bir.2012,Iki.2013` b {cite:t}`Bir.2012`\nc `Yok.2020`."
    )
    assert len(said(source)) == 1 and "Yok.2020" in said(source)[0][1]


def test_the_marks_of_slides_go_and_what_looks_like_them_stays():
    source = "(**Bir**) [**iki**] ve (~~gizli~~) `[**kod**]`, $[**]$ **kalın** [a](#b)."
    assert body(source) == "Bir iki ve  `[**kod**]`, $[**]$ **kalın** [a](#b)."
    assert said(source) == [(1, "yalnız slaytlarda görünen bir parça atlandı.")]


def test_nothing_in_code_or_formulas_is_taken_for_a_role():
    source = "`:cite:`\n\n$a:numref:`b`$\n\n```text\n:label:`x`\n```"
    assert body(source).endswith("```text\n:label:`x`\n```")


def test_prose_of_frameworks_becomes_tabs_with_all_of_them():
    text = body(":begin_tab:`mxnet, pytorch`\nA :cite:`Bir.2012`\n:end_tab:\n")
    assert text.count("A {cite}`Bir.2012`") == 2
    assert ":sync: tensorflow\n\nBu adımda TensorFlow için ayrı" in text
    assert text.startswith("::::{tab-set}\n:sync-group: framework\n\n:::{tab-item} MXN")


def test_a_report_from_within_a_tab_names_the_line_of_the_text():
    source = "A\n\n:begin_tab:`mxnet`\nB\nC :cite:`Yok.2020`\n:end_tab:\n"
    assert 5 in [line for line, message in said(source) if "Yok.2020" in message]


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("A\n\n:bibliography:\n", 3, "kaynakça"),
        ("A\n:label:`x`\n", 2, ":label:`x` bir başlığın"),
        ("```toc\n:maxdepth: 2\n```\n", 1, "“toc”"),
        ("```{.json .output}\n1\n```\n", 1, "saklanmış çıktı"),
        ("A [b](../c.md)\n", 1, "../c.md"),
        ("A :ozel:`b`\n", 1, ":ozel:`b` bilinmeyen"),
        ("A :numref:`yok`\n", 1, "“yok” etiketi kitapta yok"),
        (":begin_tab:`mxnet`\nA\n", 1, ":end_tab: yok"),
        ("* a\n\n  ```{.python .input}\n  b\n  ```\n", 3, "liste içindeki hücre"),
        (input_cell("%%tab all", "if tab.selected('jax'):", "  a"), 1, "mxnet"),
        ("![a](https://ornek.org/a.png)\n", 1, "başka bir sitede"),
    ],
)
def test_what_cannot_be_translated_is_reported_with_its_line(source, line, message):
    assert any(line == at and message in text for at, text in said(source))


def test_an_imported_section_is_a_chapter_that_splits_and_builds(tmp_path, capsys):
    book = write_book(tmp_path / "book")
    source = tmp_path / "d2l" / "kucuk.md"
    source.parent.mkdir()
    source.write_text(WHOLE, encoding="utf-8")

    assert main(["import", str(source), "kucuk", "--root", str(book.root)]) == 0

    said = capsys.readouterr().out
    assert f"{source}:11: ../img/ag.svg bulunamadı" in said
    assert (book.root / "chapters/figures/kucuk_ag.svg").exists()
    assert "chapters/kucuk" in (book.root / "_toc.yml").read_text()
    found = chapter.read(book.root / "chapters" / "kucuk.md", book.settings)
    assert len(found.code_cells) == 4
    notebooks.split([found], book.settings)
    book.answer()
    assert book.build(warningiserror=True) == (0, "")


def test_a_picture_beside_the_text_comes_along(tmp_path, capsys):
    book = write_book(tmp_path / "book")
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "ag.svg").write_text("<svg/>")
    (tmp_path / "d2l").mkdir()
    source = tmp_path / "d2l" / "kucuk.md"
    source.write_text(WHOLE, encoding="utf-8")
    main(["import", str(source), "kucuk", "--root", str(book.root)])
    assert (book.root / "chapters/figures/kucuk_ag.svg").read_text() == "<svg/>"
    assert "ag.svg" not in capsys.readouterr().out


def test_a_text_that_cannot_be_read_changes_nothing(tmp_path, capsys):
    book = write_book(tmp_path / "book")
    before = (book.root / "_toc.yml").read_bytes()
    assert (
        main(["import", str(tmp_path / "yok.md"), "a", "--root", str(book.root)]) == 1
    )
    assert "yok.md okunamadı" in capsys.readouterr().err
    assert (book.root / "_toc.yml").read_bytes() == before

"""Importing D2L's Markdown: what it becomes, and that nothing is lost unreported."""

import re

import pytest

from d2l_import import cells as d2l_cells
from d2l_import.labels import labels
from d2l_import.section import translate
from framework_tabs import messages
from framework_tabs.__main__ import main
from framework_tabs.config import Framework
from framework_tabs.source import chapter, myst
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
    """The chapter without front matter, the title it got, and the source at its end."""
    whole = imported(text, **options).text
    inside = whole.partition("---\n\n")[2]
    return inside.partition("\n\n```{admonition} Kaynak")[0].removeprefix("# yeni\n\n")


def said(text):
    """What is reported, lines and messages, but for a title that is missing."""
    notes = [(note.line, note.message) for note in imported(text).notes]
    return [each for each in notes if "başlığı yok" not in each[1]]


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
    shown = "% slide: Bir\n\n% slide: iki\n\n% slide only: gizli\n\n"
    assert body(source) == f"{shown}Bir iki ve  `[**kod**]`, $[**]$ **kalın** [a](#b)."
    assert said(source) == []


def test_marks_of_slides_may_end_in_italics_and_enclose_blocks():
    source = "Ön [**çok *önemli***]; (***bu***) da.\n\n[**Şöyle:\n\n$$a$$\n**]\nSon."
    assert body(source) == (
        "% slide: çok *önemli*\n\n% slide: *bu*\n\nÖn çok *önemli*; *bu* da.\n\n"
        "% slide: Şöyle: $$a$$\n\nŞöyle:\n\n$$a$$\n\nSon."
    )


def test_what_only_looks_like_a_mark_of_slides_stays():
    source = "[**Bağ**](https://ornek.org), f(**a) ve\n\n# B\n\nc**)"
    assert body(source).startswith("[**Bağ**](https://ornek.org), f(**a) ve")
    assert [line for line, _ in said(source)] == [1, 5]


FORMULA_IN_TEXT = """\
# A

Toplamı şudur:
$$x
- y.$$
:eqlabel:`eq_a`
Sonra $$z$$, ama $$t$$ :eqlabel:`eq_c`
var.

1. Soru
$$u$$
sürüyor.
1. Öbür soru

:eqref:`eq_a`, :eqref:`eq_c`
"""


def test_a_formula_in_a_sentence_or_below_one_is_a_block_with_its_label():
    assert body(FORMULA_IN_TEXT) == (
        "# A\n\nToplamı şudur:\n\n$$x\n- y.$$ (eq_a)\nSonra\n\n$$z,$$\n\n"
        "ama\n\n$$t$$ (eq_c)\nvar.\n\n"
        "1. Soru\n\n   $$u$$\n   sürüyor.\n1. Öbür soru\n\n{eq}`eq_a`, {eq}`eq_c`"
    )
    assert said(FORMULA_IN_TEXT) == []


def test_a_labelled_formula_may_be_in_a_list_and_in_a_mark():
    text = "* A\n\n  $$b$$\n  :eqlabel:`eq_b`\n\n(**$$c$$**)\n:eqlabel:`eq_c`\n"
    assert body(text) == ("* A\n\n  $$b$$ (eq_b)\n\n% slide: $$c$$\n\n$$c$$ (eq_c)")


def test_a_picture_below_a_sentence_is_a_figure_with_its_label():
    source = "Söz.\n![Bir\nşekil](a.svg)\n:label:`fig_a`\n\n![b](b.svg)\n![c](c.svg)\n"
    assert body(source) == (
        "Söz.\n\n```{figure} figures/yeni_a.svg\n:name: fig_a\n:alt: Bir şekil\n\n"
        "Bir şekil\n```\n\n![b](figures/yeni_b.svg)\n![c](figures/yeni_c.svg)"
    )


@pytest.mark.parametrize(
    "caption",
    [
        '"Tırnaklı" söz.',
        "'Tek' tırnak",
        "> 0 olanlar",
        "1. şekil",
        "| çubuk",
        "bir: iki",
        "# diyez",
        "- eksi",
        "[köşeli] ve {süslü}",
        r"\alpha ters",
        "%95 güven",
        "`kod` ve $x$",
        "evet & hayır *",
    ],
)
def test_a_caption_may_be_anything(tmp_path, caption):
    book = write_book(tmp_path / "book")
    text = f"# A\n\n![{caption}](a.svg)\n:width:`300px`\n:label:`fig_a`\n"
    result = translate(text, "a", FRAMEWORKS, {}, set())
    path = book.root / "chapters" / "a.md"
    path.write_text(result.text, encoding="utf-8")
    (figure,) = (each for each in myst.directives(result.text) if each.name == "figure")
    escaped = re.sub(r"^(\d*)", r"\1\\", caption)
    assert not figure.warning and figure.body in (caption, escaped)
    blocks = [each.type for each in myst.parser().parse(figure.body) if not each.level]
    assert blocks == ["paragraph_open", "paragraph_close"]
    assert figure.options["alt"] == re.sub("[`$*]", "", caption).strip()
    assert chapter.read(path, book.settings)


def test_a_picture_whose_name_has_spaces_is_found_and_named_without():
    result = imported("# A\n\n![b](../img/b%20c.svg)\n")
    assert result.pictures == {"yeni_b_c.svg": ("../img/b c.svg", 3)}


def test_the_caption_of_a_table_may_hold_code_and_works():
    text = body(":`topla` ve :cite:`Bir.2012`\n\n|a|\n|-|\n|1|\n:label:`tab_d`\n")
    head = "~~~{table} `topla` ve {cite}`Bir.2012`\n:name: tab_d\n"
    assert text == f"{head}\n|a|\n|-|\n|1|\n~~~"


def test_the_label_of_a_table_may_stand_below_its_caption():
    source = ":Ad\n:label:`tab_d`\n\n|a|\n|-|\n|1|\n\nBkz. :numref:`tab_d`.\n"
    table = "```{table} Ad\n:name: tab_d\n\n|a|\n|-|\n|1|\n```"
    assert body(source) == f"{table}\n\nBkz. {{numref}}`tab_d`."
    assert said(source) == []


def test_a_role_without_an_end_ends_where_its_name_does():
    source = "# A\n:label:`sec_a`\n\nBunu :numref:`sec_a içinde `kod` ile anlattık."
    assert "Bunu {ref}`sec_a` içinde `kod` ile" in body(source)
    assert [line for line, _ in said(source)] == [4]
    assert body("A :numref:``sec_eski`` b :cite:`Bir.2012,\nIki.2013`") == (
        "A {ref}`sec_eski` b {cite}`Bir.2012,Iki.2013`"
    )


def test_blank_lines_and_tabs_in_code_stay():
    code = 'x = """a\n\n\n\n\tb"""'
    assert tagged(input_cell("#@tab all", *code.split("\n"))) == [(None, code)]


def test_a_tab_is_named_below_blank_lines_too():
    assert tagged(input_cell("", "%%tab pytorch", "a"))[1] == ("pytorch", "a")


def test_code_may_hold_fences():
    code = 'x = """\n```\n"""'
    source = "````{.python .input}\n#@tab all\n" + code + "\n````\n"
    assert body(source) == "````{code-cell} ipython3\n" + code + "\n````"


def test_an_empty_tab_says_so():
    source = ":begin_tab:`mxnet`\nA\n:end_tab:\n\n:begin_tab:`pytorch`\n\n:end_tab:\n"
    text = body(source)
    assert ":sync: pytorch\n\nBu adımda PyTorch için ayrı bir açıklama yok." in text
    assert [message.partition(" ")[0] for _, message in said(source)] == [
        "PyTorch",
        "TensorFlow",
    ]


def test_a_tab_without_an_end_ends_at_the_next():
    source = ":begin_tab:`mxnet`\nA\n\n:begin_tab:`pytorch`\nB\n:end_tab:\n\nC\n"
    text = body(source)
    assert ":sync: mxnet\n\nA\n:::" in text and ":sync: pytorch\n\nB\n:::" in text
    assert text.endswith("\n\nC")


def test_restructuredtext_runs_if_it_can_anywhere_and_is_shown_if_not():
    note, api = ".. note:: Söz.", ".. automodule:: a"
    assert body(f"```eval_rst\n{note}\n```") == f"```{{eval-rst}}\n{note}\n```"
    assert body(f"```eval_rst\n{api}\n```") == f"```rst\n{api}\n```"


def test_what_myst_would_take_for_something_else_is_escaped():
    assert body("%95 güven\n") == "\\%95 güven"
    assert body("Ne $5 ne $6; $a$ kadar.\n") == "Ne \\$5 ne \\$6; $a$ kadar."
    assert body("Bkz. $a_{\\text{$n$ kere}}$.\n") == (
        "Bkz. {math}`a_{\\text{$n$ kere}}`."
    )


def test_a_section_without_a_title_gets_one_and_that_is_reported():
    result = imported("Söz.\n")
    assert "\n# yeni\n\nSöz.\n" in result.text
    assert [note.line for note in result.notes] == [1]


def test_each_line_of_a_chapter_knows_the_line_that_it_is_from():
    result = imported(WHOLE)
    numbers = dict(zip(result.text.splitlines(), result.numbers, strict=True))
    lines = WHOLE.splitlines()
    for new, old in [
        ("# Küçük bir ağ", "# Küçük bir ağ"),
        ("print(w)", "print(w)"),
        (":width: 300px", "![Bir ağ.](../img/ag.svg)"),
    ]:
        assert numbers[new] == lines.index(old) + 1


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
        ("A\n\nB :numref: c\n", 3, "“:numref:” çevrilemedi"),
        ("A\n\nB **) c\n", 3, "“**)” çevrilemedi"),
        ("```eval_rst\n.. autoclass:: a\n```\n", 1, "reStructuredText"),
        (input_cell("#@tab all", "a", "#@tab mxnet", "b"), 1, "yeniden sekme adı"),
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


def snapshot(folder):
    """Every file below a folder, with what is in it."""
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_section_that_is_refused_is_told_by_its_own_line(tmp_path, capsys):
    book = write_book(tmp_path / "book")
    source = tmp_path / "kucuk.md"
    text = (
        "# A\n\n![b](b.svg)\n:label:`fig_b`\n\nSöz.\n\n> ```{code-cell}\n> 1\n> ```\n"
    )
    source.write_text(text, encoding="utf-8")
    before = snapshot(book.root)
    assert main(["import", str(source), "kucuk", "--root", str(book.root)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{source}:8: ") and "kucuk.md:8" in said
    assert "Hiçbir dosya yazılmadı." in said and "chapters/" not in said
    assert snapshot(book.root) == before


def test_another_chapter_need_not_be_readable(tmp_path, capsys):
    book = write_book(tmp_path / "book")
    (book.root / "chapters" / "iki.md").write_text("---\njupytext: [\n---\n```{note\n")
    source = tmp_path / "kucuk.md"
    source.write_text("# A\n", encoding="utf-8")
    assert main(["import", str(source), "kucuk", "--root", str(book.root)]) == 0


def test_without_the_package_the_command_says_what_to_install(
    tmp_path, capsys, monkeypatch
):
    book = write_book(tmp_path / "book")
    monkeypatch.setattr("framework_tabs.__main__.find_spec", lambda name: None)
    assert main(["import", "a.md", "a", "--root", str(book.root)]) == 1
    assert "d2l_import" in capsys.readouterr().err


def test_the_labels_of_a_book_are_known_with_the_role_that_refers_to_them(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "(sec_a)=\n# A\n\n(fig_a)=\n```{figure} a.svg\n:name: fig_b\n```\n\n"
        "$$\nx\n$$ (eq_a)\n\n```{math}\n:label: eq_b\ny\n```\n\n"
        "```{code-cell}\n---\nmystnb:\n  figure:\n    name: fig_c\n---\n1\n```\n\n"
        ":::{note}\n:name: not_a\n:::\n"
    )
    assert labels([path]) == {
        "sec_a": "ref",
        "fig_a": "numref",
        "fig_b": "numref",
        "fig_c": "numref",
        "eq_a": "eq",
        "eq_b": "eq",
        "not_a": "ref",
    }


def test_a_text_that_cannot_be_read_changes_nothing(tmp_path, capsys):
    book = write_book(tmp_path / "book")
    before = (book.root / "_toc.yml").read_bytes()
    assert (
        main(["import", str(tmp_path / "yok.md"), "a", "--root", str(book.root)]) == 1
    )
    assert "yok.md okunamadı" in capsys.readouterr().err
    assert (book.root / "_toc.yml").read_bytes() == before

"""Prose for a notebook: what MyST becomes where only plain Markdown is shown."""

import pytest

from framework_tabs.split.plain_markdown import Prose


def plain(text: str, framework: str = "a") -> str:
    """The prose of framework a (of a and b) for a chapter two folders away."""
    return Prose(framework, ["a", "b"], "../../chapters").translate([text])[0]


def test_the_title_leaves_the_prose():
    prose = Prose("a", ["a", "b"], "..")
    assert prose.translate(["(sec_x)=\n# Evrişimli *ağlar*\n\nSöz.", None]) == [
        "Söz.",
        None,
    ]
    assert prose.title == "Evrişimli *ağlar*"


TABS = """\
Önce.

::::{tab-set}
:sync-group: framework

:::{tab-item} A
:sync: a
A için **söz**.
:::
:::{tab-item} B
:sync: b
B için söz.
:::
::::

Sonra."""


def test_of_prose_tabs_only_the_own_one_stays_without_markup():
    assert plain(TABS, "a") == "Önce.\n\nA için **söz**.\n\nSonra."
    assert plain(TABS, "b") == "Önce.\n\nB için söz.\n\nSonra."


def test_tabs_of_another_kind_all_stay():
    tabs = TABS.replace(":sync: a", ":sync: linux").replace(":sync: b", ":sync: mac")
    assert plain(tabs).split("\n\n")[1:3] == ["**A**", "A için **söz**."]
    assert plain(tabs).split("\n\n")[3:5] == ["**B**", "B için söz."]


def test_a_figure_becomes_an_image_that_resolves_with_a_numbered_caption():
    figure = (
        ":::{figure} figures/x.svg\n:name: fig_x\n:alt: Bir ağ\n\n"
        "Ağ, {cite}`Lowe.2004`.\n:::\n\nBkz. {numref}`fig_x`."
    )
    assert plain(figure) == (
        "![Bir ağ](../../chapters/figures/x.svg)\n\n"
        "**Şekil 1.** Ağ, (Lowe, 2004).\n\nBkz. Şekil 1."
    )


def test_a_table_keeps_its_caption_and_number():
    table = (
        ":::{table} Sayılar {cite}`A.2004`.\n:name: tab_x\n\n| a |\n|---|\n| 1 |\n:::"
    )
    assert plain(f"{{numref}}`tab_x`:\n\n{table}") == (
        "Tablo 1:\n\n**Tablo 1.** Sayılar (A, 2004).\n\n| a |\n|---|\n| 1 |"
    )


def test_a_figure_in_a_list_keeps_its_indent():
    assert plain("- madde\n  ```{image} x.png\n  ```\n- son") == (
        "- madde\n  ![](../../chapters/x.png)\n- son"
    )


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("{ref}`sec_y`", "[Alt başlık](#Alt-başlık)"),
        ("{ref}`burada <sec_y>`", "[burada](#Alt-başlık)"),
        ("{ref}`sec_yok`", "`sec_yok`"),
        ("{ref}`LeNet <sec_lenet>`", "LeNet"),
        ("{eq}`eq_y`", "(1)"),
        ("{numref}`Çizim %s <fig_y>`", "Çizim 1"),
        ("{cite}`Dalal.Triggs.2005`", "(Dalal, Triggs, 2005)"),
        ("{cite:t}`Lowe.2004`", "Lowe, 2004"),
        ("{cite}`Deng.Dong.ea.2009`", "(Deng, Dong ve diğerleri, 2009)"),
        ("{cite}`Lowe.2004,Bay.2006`", "(Lowe, 2004; Bay, 2006)"),
        ("{math}`x^2`", "$x^2$"),
        ("{sub}`2`", "<sub>2</sub>"),
        ("{file}`a.py`", "`a.py`"),
        ("{doc}`giriş <index>`", "giriş"),
        ("{ref}`iki\nsatır <sec_y>`", "\n[iki satır](#Alt-başlık)"),
        ("``{ref}`sec_y` ``", "``{ref}`sec_y` ``"),
        ("[bağ](figures/a.svg)", "[bağ](../../chapters/figures/a.svg)"),
        ('![x](a.png "ad")', '![x](../../chapters/a.png "ad")'),
        (
            "[**{ref}`sec_y`**](b.md)",
            "[**[Alt başlık](#Alt-başlık)**](../../chapters/b.md)",
        ),
        ("[bağ](https://tr.d2l.ai/a)", "[bağ](https://tr.d2l.ai/a)"),
        ("[bağ](#sec_y)", "[bağ](#Alt-başlık)"),
        ("$a_1$ ve `b`", "$a_1$ ve `b`"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "x {} y", "> x {}", "1. {} y"])
def test_roles_and_links_become_readable(role, shown, around):
    named = (
        "\n\n(sec_y)=\n## Alt başlık\n\n$$\nx\n$$ (eq_y)\n\n"
        "```{figure} y.svg\n:name: fig_y\n```"
    )
    shown = around.format(shown).lstrip("\n")
    assert plain(around.format(role) + named).startswith(shown + "\n")


def test_roles_in_a_table_become_readable():
    table = "| {math}`a` | {math}`b` |\n|---|---|\n| {math}`a` | \\| {math}`b` |"
    assert plain(table).splitlines()[0] == "| $a$ | $b$ |"
    assert plain(table).splitlines()[2].startswith("| $a$ |")


def test_a_labelled_formula_has_its_number():
    assert plain("$$\nx = 1\n$$ (eq_x)\n\n{eq}`eq_x`") == (
        "$$\nx = 1\n\\tag{1}\n$$\n\n(1)"
    )


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (
            "```{note}\nBir {ref}`sec`.\n\nİki.\n```",
            "> **Not**\n>\n> Bir `sec`.\n>\n> İki.",
        ),
        ("```{warning} Bir.\n```", "> **Uyarı**\n>\n> Bir."),
        (":::{admonition} Bilgi\n:class: tip\n\nBir.\n:::", "> **Bilgi**\n>\n> Bir."),
        ("```{code-block} python\nx = 1\n```", "```python\nx = 1\n```"),
        ("```{math}\nx\n```", "$$\nx\n$$"),
        ("```{reference-runs}\n```", ""),
        ("```{architecture-explorer}\n```", ""),
        ("% yorum", ""),
        ("```python\n{ref}`x`\n```", "```python\n{ref}`x`\n```"),
        ("````md\n```{note}\n```\n````", "````md\n```{note}\n```\n````"),
        ("```{bilinmeyen} x\ny\n```", "```{bilinmeyen} x\ny\n```"),
    ],
)
def test_blocks_become_readable(block, shown):
    assert plain(block) == shown
    assert plain(f"Önce.\n\n{block}\n\nSonra.") == "\n\n".join(
        part for part in ("Önce.", shown, "Sonra.") if part
    )


def test_numbers_count_on_from_cell_to_cell():
    prose = Prose("a", ["a"], "..")
    figure = "```{{figure}} {0}.svg\n:name: fig_{0}\n```"
    texts = prose.translate(["{numref}`fig_2`", figure.format(1), figure.format(2)])
    assert texts[0] == "Şekil 2"
    assert "**Şekil 2.**" in texts[2]

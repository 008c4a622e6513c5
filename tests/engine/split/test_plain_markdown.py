"""Prose for a notebook: what MyST becomes where only plain Markdown is shown."""

import pytest
from tiny_book import HEADER, TWO, cell, write_book

from framework_tabs.source.cell import ChapterError

URL = {"baseurl": "https://ornek.org/kitap/"}
HERE = "[Başlık](https://ornek.org/kitap/chapters/x.html)"
OTHER = "(sec_o)=\n# Öteki\n\n```{figure} o.svg\n:name: fig_o\n\nYazı\n```\n"


def test_the_title_moves_to_the_first_cell(tmp_path):
    book = write_book(tmp_path, "Söz.\n", cell("1"))
    book.source().write_text(
        book.source().read_text("utf-8").replace("# Başlık", "(s)=\n# *Ağ* {sub}`2` #"),
        encoding="utf-8",
    )
    book.split()
    first, prose, _ = book.notebook().cells
    assert first.source.startswith("# *Ağ* <sub>2</sub>\n")
    assert prose.source == "Söz."


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


def test_of_prose_tabs_only_the_own_one_stays_without_markup(plain):
    assert plain(TABS, "a") == "Önce.\n\nA için **söz**.\n\nSonra."
    assert plain(TABS, "b") == "Önce.\n\nB için söz.\n\nSonra."


def test_tabs_of_another_kind_all_stay(plain):
    tabs = TABS.replace(":sync: a", ":sync: linux").replace(":sync: b", ":sync: mac")
    tabs = tabs.replace(":sync-group: framework\n", "")
    assert plain(tabs).split("\n\n")[1:3] == ["**A**", "A için **söz**."]
    assert plain(tabs).split("\n\n")[3:5] == ["**B**", "B için söz."]


def test_a_figure_becomes_an_image_that_resolves_with_a_numbered_caption(plain):
    figure = (
        ":::{figure} figures/x.svg\n:name: fig_x\n:alt: Bir ağ\n\n"
        "Ağ, {cite}`Lowe.2004`.\n:::\n\nBkz. {numref}`fig_x`."
    )
    assert plain(figure) == (
        "![Bir ağ](../../chapters/figures/x.svg)\n\n"
        "**Şekil 1.** Ağ, (Lowe, 2004).\n\nBkz. Şekil 1."
    )


def test_a_figure_without_a_caption_has_no_number_as_on_the_page(plain):
    figures = "```{figure} x.svg\n```\n\n```{figure} y.svg\nYazı\n```"
    assert plain(figures) == (
        "![](../../chapters/x.svg)\n\n![](../../chapters/y.svg)\n\n**Şekil 1.** Yazı"
    )


TOC = """\
format: jb-book
root: chapters/first
options: {numbered: true}
chapters: [{file: chapters/other}, {file: chapters/x}]
"""


def test_sections_and_what_is_in_them_have_the_numbers_of_the_page(plain):
    text = (
        "(sec_y)=\n## Alt başlık\n\n```{figure} y.svg\n:name: fig_y\n\nYazı\n```\n\n"
        "{ref}`sec_y`, {numref}`sec_y`, {numref}`fig_y`, {numref}`fig_o`"
    )
    pages = {"first": "# Giriş\n", "other": OTHER}
    assert plain(text, pages=pages, files={"_toc.yml": TOC}) == (
        "## 2.1. Alt başlık\n\n![](../../chapters/y.svg)\n\n**Şekil 2.1.** Yazı\n\n"
        "[Alt başlık](#2.1.-Alt-başlık), [Bölüm 2.1](#2.1.-Alt-başlık), Şekil 2.1, "
        "Şekil 1.1"
    )


def test_a_table_keeps_its_caption_and_number(plain):
    table = (
        ":::{table} Sayılar {cite}`A.2004`.\n:name: tab_x\n\n| a |\n|---|\n| 1 |\n:::"
    )
    assert plain(f"{{numref}}`tab_x`:\n\n{table}") == (
        "Tablo 1:\n\n**Tablo 1.** Sayılar (A, 2004).\n\n| a |\n|---|\n| 1 |"
    )


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("{ref}`sec_y`", "[Alt başlık](#Alt-başlık)"),
        ("{ref}`SEC_y`", "[Alt başlık](#Alt-başlık)"),
        ("{ref}`burada <sec_y>`", "[burada](#Alt-başlık)"),
        ("{ref}`sec_yok`", "sec_yok"),
        ("{ref}`LeNet <sec_lenet>`", "LeNet"),
        ("{ref}`fig_y`", "Yazı"),
        ("{eq}`eq_y`", "(1)"),
        ("{numref}`fig_y`", "Şekil 1"),
        ("{numref}`Çizim %s <fig_y>`", "Çizim 1"),
        ("{numref}`{name}, {number} <fig_y>`", "Yazı, 1"),
        ("{numref}`sec_m`", "[$m$](#$m$)"),
        ("{cite}`Dalal.Triggs.2005`", "(Dalal, Triggs, 2005)"),
        ("{cite:t}`Lowe.2004`", "Lowe, 2004"),
        ("{cite}`Deng.Dong.ea.2009`", "(Deng, Dong ve diğerleri, 2009)"),
        ("{cite}`Lowe.2004,Bay.2006`", "(Lowe, 2004; Bay, 2006)"),
        ("{math}`x^2`", "$x^2$"),
        ("{sub}`2`", "<sub>2</sub>"),
        ("{file}`a.py`", "`a.py`"),
        ("{kbd}`Ctrl`", "<kbd>Ctrl</kbd>"),
        ("{guilabel}`&Dosya`", "**Dosya**"),
        ("{menuselection}`A --> B`", "**A → B**"),
        ("{abbr}`CSS (Biçim)`", '<abbr title="Biçim">CSS</abbr>'),
        ("{term}`terimler <terim>`", "terimler"),
        ("{py:func}`~os.path.join`", "`join`"),
        ("{pep}`8`", "[PEP 8](https://peps.python.org/pep-0008/)"),
        ("{octicon}`alert` uyarı", " uyarı"),
        ("{bdg-primary}`Yeni`", "**Yeni**"),
        ("{bilinmeyen}`söz <y>`", "söz"),
        ("{doc}`giriş <index>`", "giriş"),
        ("{download}`veri <v.csv>`", "[veri](../../chapters/v.csv)"),
        ("{ref}`iki\nsatır <sec_y>`", "\n[iki satır](#Alt-başlık)"),
        ("``{ref}`sec_y` ``", "``{ref}`sec_y` ``"),
        ("[bağ](figures/a.svg)", "[bağ](../../chapters/figures/a.svg)"),
        ("[bağ](/a.txt)", "[bağ](../../a.txt)"),
        ("[bağ][tanım]", '[bağ](../../chapters/a.svg "Ad")'),
        ("![x][tanım]", '![x](../../chapters/a.svg "Ad")'),
        ('![x](a.png "ad")', '![x](../../chapters/a.png "ad")'),
        (
            "![x](a.png){width=50px}",
            '<img src="../../chapters/a.png" alt="x" width="50">',
        ),
        ("[söz]{.kırmızı}", "söz"),
        ("`x`{.python} y", "`x` y"),
        (
            "[**{ref}`sec_y`**](b.md)",
            "[**[Alt başlık](#Alt-başlık)**](../../chapters/b.md)",
        ),
        ("[bağ](https://tr.d2l.ai/a)", "[bağ](https://tr.d2l.ai/a)"),
        ("<https://tr.d2l.ai/a>", "<https://tr.d2l.ai/a>"),
        ("[bağ](#sec_y)", "[bağ](#Alt-başlık)"),
        ("[](#sec_y)", "[Alt başlık](#Alt-başlık)"),
        ("<project:#sec_y>", "[Alt başlık](#Alt-başlık)"),
        ("[](#fig_y)", "Yazı"),
        ("[resim](#fig_y)", "resim"),
        ("[ad](#sayfadaki_ad)", "ad"),
        ("{{ ad }}", "**Değer** (1)"),
        ('<img src="a.png">', '<img src="../../chapters/a.png">'),
        ("$a_1$ ve `b`", "$a_1$ ve `b`"),
    ],
)
def test_roles_and_links_become_readable(plain, role, shown):
    named = (
        "\n\n(sec_y)=\n## Alt başlık\n\n(sec_m)=\n## {math}`m`\n\n$$\nx\n$$ (eq_y)\n\n"
        "```{figure} y.svg\n:name: fig_y\n\nYazı\n```\n\n[tanım]: a.svg 'Ad'"
    )
    places = ["x {} y", "> x {} y", "1. x {} y"]
    text = "\n\nAra.\n\n".join(place.format(role) for place in places)
    parse = {"myst_substitutions": {"ad": "**Değer** {eq}`eq_y`"}}
    found = plain(text + named, parse=parse).partition("\n\n## ")[0]
    expected = [place.format(shown) for place in places]
    assert found.split("\n\nAra.\n\n") == expected


def test_roles_in_a_table_become_readable(plain):
    table = "| {math}`a` | {math}`b` |\n|---|---|\n| {math}`a` | \\| {math}`b` |"
    assert plain(table).splitlines()[0] == "| $a$ | $b$ |"
    assert plain(table).splitlines()[2].startswith("| $a$ |")


def test_the_bars_of_a_formula_stay_bars_in_a_table(plain):
    table = "| a |\n|---|\n| {math}`\\|x\\|` {sub}`1` |"
    assert plain(table).splitlines()[2] == "| $\\|x\\|$ <sub>1</sub> |"


def test_a_labelled_formula_has_its_number(plain):
    assert plain("$$\nx = 1\n$$ (eq_x)\n\n{eq}`eq_x`") == (
        "$$\nx = 1\n\\tag{1}\n$$\n\n(1)"
    )


def test_lines_of_a_formula_stand_below_each_other_as_sphinx_puts_them(plain):
    two = "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n$$"
    assert plain("```{math}\na &= b \\\\\nc &= d\n```") == two
    assert plain("$$\na &= b \\\\\nc &= d\n$$") == two
    assert plain("```{math}\na &= b\n\nc &= d\n```") == two


def test_an_environment_bears_the_number_of_the_page(plain):
    text = "$$\nx\n$$ (eq_x)\n\n\\begin{align}\na &= b\n\\end{align}\n\nSonra."
    assert plain(text).endswith(
        "\\begin{align*}\na &= b\n\\tag{2}\n\\end{align*}\n\nSonra."
    )


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (
            "```{note}\nBir {ref}`sec`.\n\nİki.\n```",
            "> **Not**\n>\n> Bir sec.\n>\n> İki.",
        ),
        ("```{warning} Bir.\n```", "> **Uyarı**\n>\n> Bir."),
        (":::{admonition} Bilgi\n:class: tip\n\nBir.\n:::", "> **Bilgi**\n>\n> Bir."),
        (
            ":::{admonition} *Ya*\n:class: dropdown\n\nBir.\n:::",
            "<details>\n<summary><em>Ya</em></summary>\n\nBir.\n\n</details>",
        ),
        (
            ":::{dropdown} Ya\nBir.\n:::",
            "<details>\n<summary>Ya</summary>\n\nBir.\n\n</details>",
        ),
        ("```{margin} Kenar\nNot.\n```", "> **Kenar**\n>\n> Not."),
        ("```{epigraph}\nSöz.\n```", "> Söz."),
        ("```{code-block} python\nx = 1\n```", "```python\nx = 1\n```"),
        (
            "```{code-block} python\n:caption: Bir *kod*\n\nx\n```",
            "**Listeleme 1.** Bir *kod*\n\n```python\nx\n```",
        ),
        ("```{math}\nx\n```", "$$\nx\n$$"),
        ("```{mermaid}\ngraph TD\n```", "```mermaid\ngraph TD\n```"),
        ("```{raw} html\n<b>x</b>\n```", "<b>x</b>"),
        ("```{raw} latex\n\\x\n```", ""),
        ("```{only} html\nSöz.\n```", "Söz."),
        ("```{only} latex\nSöz.\n```", ""),
        ("```{rubric} Söz\n```", "**Söz**"),
        ("```{toctree}\na\n```", ""),
        (
            "```{versionchanged} 1.2\nBir.\n```",
            "> **1.2 sürümünde değişti**\n>\n> Bir.",
        ),
        (
            ":::::{grid} 2\n::::{grid-item-card} Kart\n:link: https://a.b\n\nSöz.\n"
            "::::\n::::{grid-item}\nDüz.\n::::\n:::::",
            "> **[Kart](https://a.b)**\n>\n> Söz.\n\nDüz.",
        ),
        ("```{button-link} https://a.b\nGit\n```", "[Git](https://a.b)"),
        (
            "```{list-table} Sayılar\n:header-rows: 1\n\n* - Ad\n  - a | b\n"
            "* - {sub}`1`\n  - Bir.\n\n    İki.\n```",
            "**Tablo 1.** Sayılar\n\n| Ad | a \\| b |\n| --- | --- |\n"
            "| <sub>1</sub> | Bir.<br>İki. |",
        ),
        (
            "```{list-table}\n:stub-columns: 1\n\n* - a\n  - b\n```",
            "|  |  |\n| --- | --- |\n| **a** | b |",
        ),
        (
            '```{csv-table} Sayılar\n:header: x, y\n\n1, "a, {sub}`b`"\n```',
            "**Tablo 1.** Sayılar\n\n| x | y |\n| --- | --- |\n| 1 | a, <sub>b</sub> |",
        ),
        (
            "```{glossary}\nBir\n  Birinci.\n\n  Devam.\n\nİki\n: İkinci.\n```",
            "**Bir**\n- Birinci.\n\n  Devam.\n\n**İki**\n- İkinci.",
        ),
        ("Ad\n: Tanım\n  devam", "**Ad**\n- Tanım\n  devam"),
        ("Ad\n: Bir\n\n: İki", "**Ad**\n- Bir\n- İki"),
        (":ad: değer", "**ad**\n- değer"),
        ("- [ ] iş\n- [x] bitti", "- [ ] iş\n- [x] bitti"),
        ("{.sınıf #kimlik}\nSöz.", "Söz."),
        ("% yorum", ""),
        ("```python\n{ref}`x`\n```", "```python\n{ref}`x`\n```"),
        ("````md\n```{note}\n```\n````", "````md\n```{note}\n```\n````"),
        (":::python\nx\n:::", "```python\nx\n```"),
    ],
)
def test_blocks_become_readable(plain, block, shown):
    assert plain(block) == shown
    assert plain(f"Önce.\n\n{block}\n\nSonra.") == "\n\n".join(
        part for part in ("Önce.", shown, "Sonra.") if part
    )


def test_blocks_stay_apart_from_the_lines_around_them(plain):
    text = "Önce.\n```{note}\nBir.\n```\nSonra."
    assert plain(text) == "Önce.\n\n> **Not**\n>\n> Bir.\n\nSonra."


def test_a_block_in_a_list_keeps_its_indent(plain):
    assert plain("- madde\n  ```{image} x.png\n  ```\n- son") == (
        "- madde\n\n  ![](../../chapters/x.png)\n\n- son"
    )


def test_notes_at_the_foot_are_numbered_also_across_cells(plain):
    text = f"Bir[^a] iki[^1].\n\n{cell('2')}\n[^a]: A notu\n    sürer.\n[^1]: Not."
    assert plain(text) == (
        "Bir<sup>2</sup> iki<sup>1</sup>.\n\n"
        "<sup>2</sup> A notu\nsürer.\n\n<sup>1</sup> Not."
    )


def test_an_address_defined_in_another_cell_is_found(plain):
    assert plain(f"[bağ][t]\n\n{cell('2')}\n[t]: https://a.b\n") == (
        "[bağ](https://a.b)"
    )


def test_a_chapter_may_set_its_own_substitutions(plain, tmp_path):
    book = write_book(tmp_path, "{{ x }}\n", cell("1"))
    text = book.source().read_text("utf-8")
    text = text.replace("---\n\n#", "myst: {substitutions: {x: Değer}}\n---\n\n#")
    book.source().write_text(text, encoding="utf-8")
    book.split()
    assert book.notebook().cells[1].source == "Değer"


def test_a_substitution_that_names_itself_ends(plain):
    assert "Sonra." in plain(
        "{{ a }}\n\nx {{ a }}\n\nSonra.",
        parse={"myst_substitutions": {"a": "{{ a }}"}},
    )


def test_what_only_the_page_can_show_becomes_the_way_there(plain):
    for block in (
        "```{bilinmeyen} x\ny\n```",
        "```{eval-rst}\n.. note:: x\n```",
        "```{results-table} Sonuçlar\n```",
        "```{bibliography}\n```",
    ):
        shown = plain(block, html=URL)
        assert HERE in shown and "{" not in shown
    assert "“Başlık”" in plain("```{bilinmeyen}\n```")


def test_of_several_ways_to_the_page_in_a_row_one_is_left(plain):
    blocks = "```{x} 1\n```\n\n```{x} 2\n```\n\nSöz.\n\n```{x} 3\n```"
    assert plain(blocks, html=URL).count(HERE) == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[](öteki.md)", "[Öteki](https://ornek.org/kitap/chapters/öteki.html)"),
        ("[x](öteki.md)", "[x](https://ornek.org/kitap/chapters/öteki.html)"),
        ("{doc}`öteki`", "[Öteki](https://ornek.org/kitap/chapters/öteki.html)"),
        (
            "{doc}`/chapters/öteki`",
            "[Öteki](https://ornek.org/kitap/chapters/öteki.html)",
        ),
        ("[](#sec_o)", "[Öteki](https://ornek.org/kitap/chapters/öteki.html#sec-o)"),
        ("{ref}`sec_o`", "[Öteki](https://ornek.org/kitap/chapters/öteki.html#sec-o)"),
        (
            "{numref}`fig_o`",
            "[Şekil 1](https://ornek.org/kitap/chapters/öteki.html#fig-o)",
        ),
    ],
)
def test_a_page_without_a_notebook_is_linked_on_the_site(plain, text, shown):
    assert plain(text, pages={"öteki": OTHER}, html=URL) == shown


def test_without_an_address_of_the_site_titles_and_numbers_stay(plain):
    text = "{ref}`sec_o`, {numref}`fig_o`, {doc}`öteki`"
    assert plain(text, pages={"öteki": OTHER}) == "Öteki, Şekil 1, “Öteki”"


def test_the_page_and_its_notebook_read_the_same_markdown(plain):
    text = "Ad\n: Tanım\n\n[x]{.a}"
    parse = {"myst_enable_extensions": ["colon_fence"]}
    assert plain(text, parse=parse) == text


PROOF = """\
```{prf:theorem} Ad
:label: teo

Söz.
```

{prf:ref}`teo`, {ref}`ali`

```{exercise} Soru
:label: ali

Ne?
```

```{solution} ali
Bu.
```

```{exercise-start}
:label: bej
```

Söz {ref}`bej`.

```{exercise-end}
```
"""


def test_theorems_exercises_and_solutions_bear_their_numbers(plain):
    assert plain(PROOF, language="en") == (
        "> **Theorem 1 (Ad)**\n>\n> Söz.\n\nTheorem 1, Exercise 1\n\n"
        "> **Exercise 1 (Soru)**\n>\n> Ne?\n\n"
        "> **Solution to Exercise 1**\n>\n> Bu.\n\n"
        "**Exercise 2**\n\nSöz Exercise 2."
    )


def test_included_text_is_translated_in_its_place(plain):
    text = "```{include} ../parça.txt\n:start-after: BAŞ\n```\n\n{numref}`fig_i`"
    part = "atla BAŞ\n\n```{figure} x.svg\n:name: fig_i\n\nYazı {sub}`1`\n```\n"
    assert plain(text, files={"parça.txt": part}) == (
        "![](../../chapters/x.svg)\n\n**Şekil 1.** Yazı <sub>1</sub>\n\nŞekil 1"
    )


def test_headings_and_addresses_of_an_included_text_are_the_page_s(plain):
    text = (
        "```{include} ../parça.txt\n:heading-offset: 1\n:relative-images:\n"
        ":relative-docs: y\n```\n\n![](x.svg)"
    )
    part = "# Bir\n\nİki\n---\n\n![](x.svg) [m](y.csv) [n](chapters/z.csv)\n"
    assert plain(text, files={"parça.txt": part}) == (
        "## Bir\n\n### İki\n\n\n"
        "![](../../x.svg) [m](../../y.csv) [n](../../chapters/chapters/z.csv)\n\n"
        "![](../../chapters/x.svg)"
    )


def test_code_is_included_from_the_root_of_the_book_too(plain):
    text = "```{literalinclude} /x.py\n```"
    assert plain(text, files={"x.py": "x = 1\n"}) == "```python\nx = 1\n```"


def test_an_included_file_that_is_not_there_is_an_error_with_its_place(plain):
    with pytest.raises(ChapterError, match=r"chapters/x.md:\d+: .*yok\.md"):
        plain("```{include} yok.md\n```")


def test_an_address_with_a_space_is_one_in_a_notebook(plain):
    pages = {"iki söz": f"{HEADER}# İki söz\n\n(ş)=\n```{{figure}} a.svg\nŞ\n```\n1\n"}
    text = "{doc}`iki söz` {numref}`ş` {download}`iki söz.csv`"
    pages["iki söz"] += cell("1")
    assert plain(text, pages=pages) == (
        "[İki söz](iki%20söz.ipynb) [Şekil 1](iki%20söz.ipynb) "
        "[`iki söz.csv`](../../chapters/iki%20söz.csv)"
    )


def test_a_figure_that_a_cell_draws_has_its_caption_below_the_cell(tmp_path):
    figure = "{name: fig_c, caption: 'Çizim {sub}`1`'}"
    drawing = f"```{{code-cell}}\n---\nmystnb: {{figure: {figure}}}\n---\nçiz()\n```\n"
    book = write_book(
        tmp_path,
        "{numref}`fig_c` ve {ref}`fig_c`\n",
        drawing,
        sphinx={"language": "tr"},
    )
    book.split()
    assert [each.source for each in book.notebook().cells[1:]] == [
        "Şekil 1 ve Çizim <sub>1</sub>",
        "çiz()",
        "**Şekil 1.** Çizim <sub>1</sub>",
    ]


GLUED = [
    ("{glue}`x`", "0.123", "x 0.123 y"),
    ("{glue:text}`x:.1f`", "0.123", "x 0.1 y"),
]


@pytest.mark.parametrize(("text", "value", "shown"), GLUED)
def test_a_glued_value_is_that_of_the_notebooks_own_run(tmp_path, text, value, shown):
    glue = (
        "from IPython.display import display\n"
        f"display({{'text/plain': '{value}'}}, raw=True,"
        " metadata={'scrapbook': {'name': 'x', 'mime_prefix': ''}})"
    )
    book = write_book(tmp_path, f"x {text} y\n", cell(glue), frameworks=TWO)
    book.split()
    assert "“Başlık”" in book.notebook().cells[1].source
    assert book.execute() == []
    assert book.notebook().cells[1].source == shown
    assert book.split() == []

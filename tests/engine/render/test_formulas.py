"""Formulas: set when the page is built, numbered, and refused when they are wrong."""

import re
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from framework_tabs.render import math as formulas
from tests.engine.fake_book import write_book

PAGE = """\
# Eşitlikler

Olasılık $1/(1-p)$ kadardır; {eq}`eq_size` çıktının boyudur.

$$
\\left\\lfloor\\frac{n+2p-k}{s}\\right\\rfloor+1
$$ (eq_size)

\\begin{align}
a &= b \\\\
  &= c
\\end{align}

$$
d = e
$$
"""
PARSE = {"myst_enable_extensions": ["dollarmath", "amsmath", "colon_fence"]}


def book(root, text):
    return write_book(root / "b", {"esitlik": text}, parse=PARSE)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with formulas of each kind."""
    made = book(tmp_path_factory.mktemp("formulas"), PAGE)
    assert made.build(warningiserror=True) == (0, "")
    return BeautifulSoup(made.page("chapters/esitlik"), "html.parser")


def test_formulas_are_mathml_and_need_no_script(page):
    kinds = [math.get("display") for math in page.find_all("math")]
    assert kinds == [None, "block", "block", "block"]
    assert "$" not in page.article.get_text() and "\\" not in page.article.get_text()
    assert not page.find_all("script", src=re.compile("mathjax", re.I))


def test_a_labelled_formula_is_numbered_and_referred_to(page):
    numbers = [number.get_text() for number in page.select(".eqno")]
    assert [number[:3] for number in numbers] == ["(1)", "(2)"]
    link = page.find("a", href="#equation-eq-size")
    assert link.get_text() == "(1)"
    assert page.find(id="equation-eq-size").find("math")


def test_lines_are_aligned_without_styles_in_the_page(page):
    rows = page.select("math mtr")
    assert len(rows) == 2
    sides = [cell["class"] for cell in rows[0].find_all("mtd")]
    assert sides == [["formula-right"], ["formula-left"]]
    assert not page.select("math [style]")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\yok x", r"\yok komutu bilinmiyor"),
        (r"\begin{yok}x\end{yok}", "yok ortamı bilinmiyor"),
        (r"\frac{1}{", "sonda } eksik"),
        ("a & b", "& yalnız hizalanan satırlarda"),
        ("a^b^c", "TeX yazımı hatalı"),
    ],
)
def test_a_wrong_formula_is_named_with_file_line_and_reason(tmp_path, formula, said):
    made = book(tmp_path, f"# Bir\n\nSöz.\n\nOrada ${formula}$ var.\n")
    result, warnings = made.build()
    (line,) = (each for each in warnings.splitlines() if "WARNING" in each)
    assert re.search(r"chapters/esitlik\.md:5: WARNING", line)
    assert f"“{formula}” formülü dizilemedi: {said}" in line
    assert (
        formula
        in BeautifulSoup(
            made.page("chapters/esitlik"), "html.parser"
        ).article.code.get_text()
    )


def test_a_wrong_formula_ends_a_build_that_takes_warnings_for_errors(tmp_path):
    result, _ = book(tmp_path, "# Bir\n\n$\\yok$\n").build(warningiserror=True)
    assert result != 0


def test_on_paper_a_formula_is_a_drawing_with_words_on_the_line_of_the_text():
    image = ET.fromstring(formulas.picture(r"\frac{1}{1-p} < q", display=False))
    assert image.get("alt") == r"\frac{1}{1-p} < q"
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    below = float(re.search(r"vertical-align: -([\d.]+)em", image.get("style"))[1])
    height = float(re.search(r"height: ([\d.]+)em", image.get("style"))[1])
    assert 0 < below < height / 2

"""Formulas: set when the page is built, numbered, and refused when they are wrong."""

import base64
import re
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from framework_tabs import messages
from framework_tabs.render import mathml
from framework_tabs.render.tex import Macro, TexError, from_mathjax
from tests.engine.fake_book import chapter, three, write_book

PAGE = chapter(
    "Eşitlikler",
    r"""Olasılık $1/(1-p)$ kadardır; {eq}`eq_size` çıktının boyudur.

$$
\left\lfloor\frac{n+2p-k}{s}\right\rfloor+1
$$ (eq_size)

\begin{align}
a &= b \\
  &= c
\end{align}

$$
d = \kayip
$$

$$\newcommand{\kayip}{\ell}$$

$$
e = f \tag{A}
$$

```{math}
g = h

i = j
```
""",
    three("Code('x = 1')"),
)
PARSE = {"myst_enable_extensions": ["dollarmath", "amsmath", "colon_fence"]}


MATHML = {"math": "mathml"}


@pytest.fixture(autouse=True)
def in_turkish():
    """Read messages as an author of this book does."""
    messages.speak("tr")
    yield
    messages.speak("en")


def book(root, text, engine=MATHML, **sphinx):
    """A book with one page of formulas; ``sphinx`` are settings of Sphinx."""
    settings = {"engine_extra": engine, "sphinx": sphinx, "parse": PARSE}
    return write_book(root / "b", {"esitlik": text}, **settings)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with formulas of each kind, and code that says itself in TeX, too."""
    made = book(tmp_path_factory.mktemp("formulas"), PAGE)
    forms = {
        "text/html": "<pre>x = 1</pre>",
        "text/latex": r"\begin{Verbatim}[commandchars=\\\{\}]x\end{Verbatim}",
        "text/plain": "x = 1",
    }
    made.answer(lambda key, source: [v4.new_output("execute_result", data=forms)])
    assert made.build(warningiserror=True) == (0, "")
    return BeautifulSoup(made.page("chapters/esitlik"), "html.parser")


def test_formulas_are_mathml_and_need_no_script(page):
    kinds = [math.get("display") for math in page.find_all("math")]
    assert kinds == [None] + 6 * ["block"]
    assert "$" not in page.article.get_text() and "\\" not in page.article.get_text()
    assert not page.find_all("script", src=re.compile("mathjax", re.I))


def test_a_labelled_formula_is_numbered_and_referred_to(page):
    numbers = [number.get_text() for number in page.select(".eqno")]
    assert [number[:3] for number in numbers] == ["(1)", "(2)", "(A)"]
    link = page.find("a", href="#equation-eq-size")
    assert link.get_text() == "(1)"
    assert page.find(id="equation-eq-size").find("math")


def test_lines_are_aligned_without_styles_in_the_page(page):
    aligned, parted = page.select("math mtable")
    rows = aligned.find_all("mtr")
    assert len(rows) == len(parted.find_all("mtr")) == 2
    sides = [cell["class"] for cell in rows[0].find_all("mtd")]
    assert sides == [["formula-right"], ["formula-left"]]
    assert not page.select("math [style]")


def test_a_command_that_a_formula_defines_holds_on_the_whole_page(page):
    assert "d=ℓ" in [math.get_text() for math in page.find_all("math")]


def test_code_that_an_output_says_in_tex_too_is_no_formula(page):
    assert page.find("pre", string="x = 1")


SET = [
    (r"\frac{a}{b}", "frac(a b)"),
    (r"\dfrac12", "frac(1 2)"),
    (r"\cfrac{1}{1+x}", "frac(1 (1 + x))"),
    (r"{a \over b}", "frac(a b)"),
    (r"\binom{n}{k}", "(( frac(n k) ))"),
    (r"{n \choose k}", "(( frac(n k) ))"),
    (r"\sqrt[3]{x}", "root(x 3)"),
    (r"x_i^2", "subsup(x i 2)"),
    (r"{}_a^b X", "subsup(() a b) X"),
    (r"\sideset{_a^b}{}\sum", "multiscripts(∑ () () prescripts() a b)"),
    (r"\sum_{i=1}^n i", "underover(∑ (i = 1) n) i"),
    (r"\int\limits_0^1 x\,dx", "underover(∫ 0 1) x _ d x"),
    (r"\sum\nolimits_i", "sub(∑ i)"),
    (r"\lim_{n\to\infty}", "under(lim (n → ∞))"),
    (
        r"\sum_{\substack{i<n \\ j<m}} x",
        "under(∑ table(tr(td(i < n)) tr(td(j < m)))) x",
    ),
    (r"\begin{split}a&=b\\&=c\end{split}", "table(tr(td(a) td(= b)) tr(td() td(= c)))"),
    (
        r"\begin{equation}\begin{split}a&=b\\&=c\end{split}\end{equation}",
        "table(tr(td(a) td(= b)) tr(td() td(= c)))",
    ),
    (r"\begin{aligned}[t]a&=b\end{aligned}", "table(tr(td(a) td(= b)))"),
    (r"\begin{align}a&=b\\&=c\end{align}", "table(tr(td(a) td(= b)) tr(td() td(= c)))"),
    (
        r"\begin{align*}a&=b\label{x}\\&=c\nonumber\end{align*}",
        "table(tr(td(a) td(= b)) tr(td() td(= c)))",
    ),
    (
        r"\begin{alignat}{2}a&=b&c&=d\\e&=f&g&=h\end{alignat}",
        "table(tr(td(a) td(= b) td(c) td(= d)) tr(td(e) td(= f) td(g) td(= h)))",
    ),
    (
        r"\begin{alignedat}{2}a&=b&c&=d\end{alignedat}",
        "table(tr(td(a) td(= b) td(c) td(= d)))",
    ),
    (r"\begin{flalign}a&=b\end{flalign}", "table(tr(td(a) td(= b)))"),
    (
        r"\begin{eqnarray}a&=&b\\c&=&d\end{eqnarray}",
        "table(tr(td(a) td(= b)) tr(td(c) td(= d)))",
    ),
    (r"\begin{gather}a\\b\end{gather}", "table(tr(td(a)) tr(td(b)))"),
    (r"\begin{multline*}a\\b\end{multline*}", "table(tr(td(a)) tr(td(b)))"),
    (
        r"\begin{subequations}\begin{align}a&=b\end{align}\end{subequations}",
        "table(tr(td(a) td(= b)))",
    ),
    (r"a &= b \\ c &= d", "table(tr(td(a) td(= b)) tr(td(c) td(= d)))"),
    (
        r"x = \begin{cases}a & b\\ c & d\end{cases}",
        "x = ({ table(tr(td(a) td(b)) tr(td(c) td(d))))",
    ),
    (
        r"\begin{aligned}a\\[2ex]b\\*c\\\end{aligned}",
        "table(tr(td(a)) tr(td(b)) tr(td(c)))",
    ),
    (r"\begin{matrix}a&b\\c&d\end{matrix}", "table(tr(td(a) td(b)) tr(td(c) td(d)))"),
    (r"\begin{pmatrix}a\\b\end{pmatrix}", "(( table(tr(td(a)) tr(td(b))) ))"),
    (r"\begin{bmatrix}a&b\end{bmatrix}", "([ table(tr(td(a) td(b))) ])"),
    (r"\begin{Vmatrix}a\end{Vmatrix}", "(‖ table(tr(td(a))) ‖)"),
    (
        r"\begin{smallmatrix}a&b\\c&d\end{smallmatrix}",
        "table(tr(td(a) td(b)) tr(td(c) td(d)))",
    ),
    (r"\begin{array}{r@{}l}a&b\end{array}", "table(tr(td(a) td(b)))"),
    (
        r"\begin{cases}a, & \text{if $x>0$}\\ b\end{cases}",
        "({ table(tr(td(a ,) td((if~ (x > 0)))) tr(td(b))))",
    ),
    (r"\begin{rcases}a\\b\end{rcases}", "(table(tr(td(a)) tr(td(b))) })"),
    (r"\widetilde{xy}", "over((x y) ~)"),
    (r"\widehat{xy}", "over((x y) ̂)"),
    (r"\hat{\mathbf{y}}", "over(𝐲 ˆ)"),
    (r"\vec{x}", "over(x ⃗)"),
    (r"\bar{x}", "over(x ¯)"),
    (r"\overline{xy}", "over((x y) ̲)"),
    (r"\underline{x}", "under(x ̲)"),
    (r"\overrightarrow{AB}", "over((A B) →)"),
    (r"\overbrace{a+b}^{n}", "over(over((a + b) ⏞) n)"),
    (r"\underbrace{a+b}_{n}", "under(under((a + b) ⏟) n)"),
    (r"\overbrace{a \cdots a}^{\text{$n$ kere}}", "over(over((a ⋯ a) ⏞) (n ~kere))"),
    (r"\overset{a}{=}", "over(= a)"),
    (r"\underset{x}{b}", "under(b x)"),
    (r"\stackrel{\mathrm{def}}{=}", "over(= def)"),
    (r"\xrightarrow[b]{a}", "(_ underover(→ under((_ b _) _) over((_ a _) _)) _)"),
    (r"\text{iki söz}", "iki~söz"),
    (r"\text{\textbf{a} b}", "(a ~b)"),
    (r"\text{bir \textit{$x$ ve} iki}", "(bir~ (x ~ve) ~iki)"),
    (r"\text{bir \(x\) iki}", "(bir~ x ~iki)"),
    (r"\mbox{eğer $a$}", "(eğer~ a)"),
    (r"\hbox{a}", "a"),
    (r"\textrm{a}\textnormal{b}\textup{c}", "a b c"),
    (r"\operatorname{softmax}(x)", "(softmax (( x )))"),
    (r"\operatorname*{argmax}_x f", "(under(argmax x) f)"),
    (r"\argmin_x", "under(arg min x)"),
    (r"\mathop{\mathrm{arg\,max}}_x f", "(under(arg max x) f)"),
    (r"\mathop{\text{arg max}}\limits_x", "under(arg max x)"),
    (r"\mathop{\star}\limits_a^b x", "over(under(⋆ a) b) x"),
    (r"\mathop{A}\nolimits_b", "sub(A b)"),
    (r"\DeclareMathOperator{\sign}{sgn}\sign x", "(sgn x)"),
    (r"\DeclareMathOperator*{\best}{best}\best_x", "under(best x)"),
    (r"\newcommand{\R}{\mathbb{R}}\R^n", "sup(ℝ n)"),
    (r"\newcommand{\pair}[2]{(#1, #2)}\pair{a}{b}", "( a , b )"),
    (r"\newcommand{\power}[2][2]{#2^{#1}}\power{x}\power[3]{y}", "sup(x 2) sup(y 3)"),
    (r"\renewcommand{\vec}[1]{\mathbf{#1}}\vec{x}", "𝐱"),
    (r"\def\half#1{\frac{#1}{2}}\half{a}", "frac(a 2)"),
    (r"\let\to\mapsto a\to b", "a ↦ b"),
    (r"\mathbb{R}\mathbb{1}", "ℝ 𝟙"),
    (r"\mathbbm{1}\mathds{1}", "𝟙 𝟙"),
    (r"\mathcal{L}\mathscr{L}\mathfrak{g}", "ℒ︀ ℒ︁ 𝔤"),
    (r"\mathbf{x}\boldsymbol{\alpha}\bm{x}\pmb{x}", "𝐱 𝜶 𝒙 𝒙"),
    (r"\mathrm{d}x\mathsf{T}\mathtt{a}", "d x 𝖳 𝚊"),
    (r"{\bf x}{\rm ab}{\cal L}", "𝐱 ab ℒ︀"),
    (r"\left( \frac ab \right)", "(( frac(a b) ))"),
    (r"\left. x \right|_{x=0}", "sub((x |) (x = 0))"),
    (r"\left< x \middle| y \right>", "(⟨ x | y ⟩)"),
    (r"\left\|x\right\| \lVert x\rVert", "(‖ x ‖) ‖ x ‖"),
    (r"\bigl( \Big| \Bigg]", "( | ]"),
    (r"\not= \not\in \neq", "≠ ∉ ≠"),
    (r"a \bmod b \pmod c", "a _ mod _ b _ ( mod _ c )"),
    (r"\dots \dotsc \dotsb \cdots \vdots", ". . . . . . ⋯ ⋯ ⋮"),
    (r"\phantom{x}\hphantom{x}\smash[b]{y}", "phantom(x) phantom(x) y"),
    (r"\hspace{1em}\hspace*{2em}\quad\,\ \;x", "_ _ _ _ ~ _ x"),
    (r"a\!b", "a formula-back-1 b"),
    (r"\hspace{-1em}x", "formula-back-6 x"),
    (r"\perp\!\!\!\perp", "⟂ formula-back-1 formula-back-1 formula-back-1 ⟂"),
    (r"\boxed{x}", "x"),
    (r"\cancel{x}", "x"),
    (r"\xcancel{x}", "x"),
    (r"\color{red} x", "x"),
    (r"\textcolor{blue}{x}", "x"),
    (r"\displaystyle x \scriptstyle y", "(x y)"),
    (r"x'' f^\prime", "sup(x ″) sup(f ′)"),
    (r"\nicefrac{a}{b}", "a / b"),
    (r"\ensuremath{x}", "x"),
    (r"a % söz }", "a"),
    (r"\# \$ \% \& \_ \{ \}", "# $ % & _ { }"),
    (r"ğ + \text{ğüşıöçİ}", "ğ + ğüşıöçİ"),
    (r"\alpha\beta\Gamma\varepsilon", "α β Γ ε"),
    (r"\iff \implies \mapsto \leadsto", "_ ⟺ _ _ ⟹ _ ↦ ⇝"),
]
"""Constructs that authors use, each with the shape of its MathML."""

REFUSED = [
    (r"\yok x", r"\yok komutu bilinmiyor"),
    (r"\begin{yok}x\end{yok}", "yok ortamı bilinmiyor"),
    (r"\frac{1}{", "sonda } eksik"),
    (r"\frac{a}", "TeX yazımı hatalı"),
    (r"\begin{split}a", r"sonda \end{split} eksik"),
    (r"x_", "TeX yazımı hatalı"),
    (r"\tag", "bir komutun neye uygulanacağı eksik"),
    ("a & b", "& yalnız hizalanan satırlarda"),
    ("a^b^c", "TeX yazımı hatalı"),
    (r"\href{https://ornek.org}{x}", "formülün içinde bağlantı olamaz"),
    (r"\url{https://ornek.org}", "formülün içinde bağlantı olamaz"),
    (r"\eqref{eq:a}", "formülün içinden başka formüle"),
    (r"\ref{eq:a}", "formülün içinden başka formüle"),
    (r"a \tag{1}", r"\tag yalnız kendi satırında"),
    (r"\begin{aligned}a\intertext{ve}b\end{aligned}", r"\intertext bilinmiyor"),
    (r"\begin{CD}A@>>>B\end{CD}", "CD ortamı bilinmiyor"),
    (r"\begin{pmatrix*}[r]a\end{pmatrix*}", "pmatrix* ortamı bilinmiyor"),
    (r"\colorbox{red}{x}", r"\colorbox komutu bilinmiyor"),
    (r"\textcolor{mercan}{x}", "TeX yazımı hatalı"),
    (r"\rule{1em}{1em}", r"\rule komutu bilinmiyor"),
    (r"\mathrlap{x}y", r"\mathrlap komutu bilinmiyor"),
    (r"\ce{H2O}", r"\ce komutu bilinmiyor"),
    (r"\verb|x|", r"\verb komutu bilinmiyor"),
    (r"\large x", "TeX yazımı hatalı"),
    (r"\text{a_b}", "metindeki bir imin önüne"),
    (r"\hspace{-3em}x", "iki harften çok geriye"),
    (r"\newcommand{x}{y}", r"\newcommand neyi tanımlıyor"),
]
"""What cannot be set, each with what the author reads."""

LINES = {formula: 3 + 2 * number for number, (formula, _) in enumerate(REFUSED)}


def shape(element):
    """Elements and signs of a formula, without what only moves something by a hair."""
    tag = element.tag.removeprefix("{http://www.w3.org/1998/Math/MathML}")
    if tag in ("mi", "mn", "mo", "mtext"):
        text = (element.text or "").replace("\N{NO-BREAK SPACE}", "~")
        return re.sub("[\N{FUNCTION APPLICATION}\N{INVISIBLE SEPARATOR}]", "", text)
    if tag == "mspace":
        return element.get("class") or ("_" if element.get("width") else "")
    inside = [part for part in map(shape, element) if part]
    if tag == "math" or (tag in ("mrow", "mstyle", "mpadded") and len(inside) == 1):
        return " ".join(inside)
    return f"{'' if tag in ('mrow', 'mstyle') else tag[1:]}({' '.join(inside)})"


def in_display(tex, macros=()):
    """A formula in a line of its own, as an element."""
    return ET.fromstring(mathml.formula(tex, True, macros).markup)


@pytest.mark.parametrize(("formula", "expected"), SET)
def test_what_authors_write_becomes_mathml(formula, expected):
    assert shape(in_display(formula)) == expected


@pytest.mark.parametrize("formula", [formula for formula, _ in SET])
def test_what_is_set_can_be_drawn_for_paper_too(formula):
    image = ET.fromstring(mathml.picture(formula, display=True).markup)
    assert image.get("src").startswith("data:image/svg+xml;base64,")


def test_what_is_no_sign_is_said_by_attributes_and_classes():
    def classes(tex, tag):
        return [e.get("class") for e in in_display(tex).iter() if e.tag.endswith(tag)]

    array = r"\begin{array}{r|l}a & b\\ \hline c & d\end{array}"
    assert classes(array, "mtd") == [
        "formula-line-right formula-right",
        "formula-left",
        "formula-line-top formula-line-right formula-right",
        "formula-line-top formula-left",
    ]
    assert classes(r"\boxed{x}", "mrow") == ["formula-box"]
    assert classes(r"\bcancel{x}", "mrow") == ["formula-downdiagonalstrike"]
    (coloured,) = in_display(r"\textcolor{red}{x}")
    assert coloured.get("mathcolor") == "#FF0000"
    (words,) = in_display(r"\textbf{\textit{söz}}")
    assert (words.text, words.get("mathvariant")) == ("söz", "bold-italic")


@pytest.mark.parametrize(
    "tex",
    [r"\begin{smallmatrix}a\end{smallmatrix}", r"\displaystyle x", r"\scriptstyle x"],
)
def test_the_size_of_signs_is_said_where_an_epub_knows_it(tex):
    sized = [e for e in in_display(tex).iter() if "scriptlevel" in e.attrib]
    assert sized and all(e.tag.endswith("}mstyle") for e in sized)


def test_below_an_operator_stands_what_the_line_leaves_room_for():
    inline = ET.fromstring(mathml.formula(r"\mathop{\star}_x", False).markup)
    assert shape(inline) == "sub(⋆ x)"
    assert shape(in_display(r"\mathop{\star}_x")) == "under(⋆ x)"


@pytest.mark.parametrize(
    "formula", [r"\begin{array}{c|c}a & b\end{array}", r"\raisebox{1em}{x}"]
)
def test_what_would_be_missing_on_paper_is_refused_there(formula):
    assert mathml.formula(formula, display=True)
    with pytest.raises(TexError, match="PDF'teki çizim"):
        mathml.picture(formula, display=True)


def test_signs_that_choose_the_shape_of_a_letter_are_not_drawn_themselves():
    def glyphs(formula):
        source = ET.fromstring(mathml.picture(formula, display=True).markup).get("src")
        drawing = base64.b64decode(source.partition(",")[2])
        return drawing.count(b"<use")

    assert glyphs(r"\mathcal{L}") == glyphs("L") == 1


def test_words_that_begin_with_a_hyphen_leave_what_stands_before_them():
    image = ET.fromstring(mathml.picture(r"2x\text{-kez}", display=True).markup)
    drawing = base64.b64decode(image.get("src").partition(",")[2])
    assert drawing.count(b"<use") == 5


def test_commands_of_the_book_hold_in_every_formula():
    macros = from_mathjax(
        {
            "tex": {
                "macros": {
                    "loss": r"\mathcal{L}",
                    "R": r"\mathbf{R}",
                    "norm": [r"\lVert #1 \rVert", 1],
                    "power": [r"{#2}^{#1}", 2, "2"],
                    "best": r"\mathop{\mathrm{best}}\limits_{\loss}",
                }
            }
        }
    )
    tex = r"\norm{\loss} \R \power{x} \power[3]{x} \best"
    assert shape(in_display(tex, macros)) == (
        "‖ ℒ︀ ‖ 𝐑 sup(x 2) sup(x 3) _ under(best ℒ︀)"
    )
    assert from_mathjax({"tex": {"macros": {"a": ["b", 1]}}}) == (("a", Macro("b", 1)),)
    assert from_mathjax(None) == ()


@pytest.fixture(scope="module")
def warnings_of_wrong_formulas(tmp_path_factory):
    """What a build says of a page with every formula that is refused, and the page."""
    messages.speak("tr")
    lines = (f"Söz ${formula}$ söz.\n" for formula, _ in REFUSED)
    made = book(tmp_path_factory.mktemp("wrong"), "# Bir\n\n" + "\n".join(lines))
    _, warnings = made.build()
    return warnings, BeautifulSoup(made.page("chapters/esitlik"), "html.parser")


@pytest.mark.parametrize(("formula", "said"), REFUSED)
def test_a_wrong_formula_is_named_with_file_line_and_reason(
    warnings_of_wrong_formulas, formula, said
):
    warnings, page = warnings_of_wrong_formulas
    start = rf"chapters/esitlik\.md:{LINES[formula]}: WARNING: “{re.escape(formula)}”"
    (line,) = (each for each in warnings.splitlines() if re.search(start, each))
    assert f"formülü dizilemedi: {said}" in line
    assert formula in [code.get_text() for code in page.article.find_all("code")]


def test_a_formula_in_words_has_an_end():
    with pytest.raises(TexError, match="metnin içindeki formül kapanmamış"):
        mathml.formula(r"\text{bir $x}", display=False)


def test_a_wrong_formula_ends_a_build_that_takes_warnings_for_errors(tmp_path):
    result, _ = book(tmp_path, "# Bir\n\n$\\yok$\n").build(warningiserror=True)
    assert result != 0


def test_on_paper_a_formula_is_a_drawing_with_words_on_the_line_of_the_text():
    drawn = mathml.picture(r"\frac{1}{1-p} < q", display=False)
    image = ET.fromstring(drawn.markup)
    assert image.get("alt") == r"\frac{1}{1-p} < q"
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    below = float(re.search(r"vertical-align: -([\d.]+)em", image.get("style"))[1])
    height = float(re.search(r"height: ([\d.]+)em", image.get("style"))[1])
    assert 0 < below < height / 2


MATHJAX = {"mathjax3_config": {"tex": {"macros": {"loss": r"\mathcal{L}"}}}}


def test_mathjax_and_its_settings_are_the_books_unless_it_asks(tmp_path):
    made = book(tmp_path, "# Bir\n\nKayıp $\\loss$.\n", engine={}, **MATHJAX)
    assert made.build(warningiserror=True) == (0, "")
    page = BeautifulSoup(made.page("chapters/esitlik"), "html.parser")
    assert page.find("script", src=re.compile("mathjax"))
    assert '"loss"' in "".join(script.text for script in page.find_all("script"))
    assert page.find(class_="math").get_text() == r"\(\loss\)" and not page.math


def test_a_renderer_that_the_book_names_wins(tmp_path):
    made = book(tmp_path, "# Bir\n\n$x$\n", html_math_renderer="mathjax")
    assert made.build(warningiserror=True) == (0, "")
    assert not BeautifulSoup(made.page("chapters/esitlik"), "html.parser").math


@pytest.mark.parametrize(
    ("builder", "page", "mark"),
    [
        ("epub", "chapters/esitlik.xhtml", "<mi>ℒ"),
        ("paper", "book.html", 'class="formula"'),
    ],
)
def test_where_no_script_runs_formulas_are_set_in_every_book(
    tmp_path, builder, page, mark
):
    made = book(tmp_path, "# Bir\n\nKayıp $\\loss$.\n", engine={}, **MATHJAX)
    assert made.build(builder=builder, warningiserror=True) == (0, "")
    text = (made.site / page).read_text(encoding="utf-8")
    assert mark in text and r"\(\loss" not in text

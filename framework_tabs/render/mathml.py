"""Formulas as MathML for pages and as drawings for paper.

math-core converts; what it puts into styles, which a page does not allow, becomes
attributes and classes (``static/formulas.css``), and what it writes as HTML inside of
MathML becomes MathML. ziamath draws the result.
"""

import base64
import html
import re
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from math_core import LatexError, LatexToMathML

from ..messages import _
from .tex import COMMANDS, Macros, TexError, rewritten

SIZE = 24
"""Pixels of an em in a drawing; the page scales it."""

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
THIN = 3 / 18
"""The width of a thin space, in em: the measure of spaces that go back."""
MOST_BACK = 12


VARIANTS = {
    "b": "bold",
    "code": "monospace",
    "em": "italic",
    "i": "italic",
    "span": "sans-serif",
}
"""What HTML says of the type of words, in MathML."""

DRAWN_VARIANTS = {"monospace": "mono", "sans-serif": "sans"}
"""What ziamath calls them."""

VARIATIONS = "[\ufe00\ufe01]"
"""Signs that choose a shape of the letter before; ziamath would draw them, too."""

NO_MATTER = re.compile(
    r"justify-items: \w+|padding-(left|right|top|bottom): ?(0|0\.1667em|0\.1em)"
)
"""Styles that move something by a hair."""


@dataclass(frozen=True)
class Formula:
    """A formula as MathML, and the number that its author gave it."""

    markup: str
    tag: str = ""


@cache
def formula(tex: str, display: bool, macros: Macros = ()) -> Formula:
    """Return a formula for a page; raises TexError."""
    root, tag = _converted(tex, display, macros)
    for element in list(root.iter()):
        _for_a_page(element)
    root.set("xmlns", NAMESPACE)
    return Formula(ET.tostring(root, "unicode", short_empty_elements=False), tag)


def picture(tex: str, display: bool, macros: Macros = ()) -> Formula:
    """Return a formula as a drawing, on the line of its text; raises TexError."""
    from ziamath import Math

    root, tag = _converted(tex, display, macros)
    if not "".join(root.itertext()).strip():
        return Formula("", tag)
    for element in root.iter():
        _for_a_drawing(element)
    math = Math(root, size=SIZE)  # as text, it would lose what is before a hyphen
    drawing = ET.fromstring(math.svg())
    left, top, width, height = map(float, drawing.get("viewBox").split())
    data = base64.b64encode(math.svg().encode()).decode()
    style = f"height: {height / SIZE:.3f}em; width: {width / SIZE:.3f}em;"
    style += f" vertical-align: {-(top + height) / SIZE:.3f}em"
    source = f"data:image/svg+xml;base64,{data}"
    words = html.escape(tex.strip())
    image = f'<img class="formula" src="{source}" alt="{words}" style="{style}" />'
    return Formula(image, tag)


def _converted(tex: str, display: bool, macros: Macros) -> tuple[ET.Element, str]:
    """Return MathML without styles and HTML, and the number in the TeX."""
    formula = rewritten(tex, display, macros)
    try:
        text = _converter().convert_with_local_state(formula.tex, displaystyle=display)
    except LatexError as error:
        raise TexError(reason(str(error))) from None
    root = ET.fromstring(re.sub(r"&(?!amp;|lt;|gt;|quot;)\w+;", _character, text))
    for element in list(root.iter()):
        _without_style(element)
        if element.tag == "mtext":
            _without_html(element)
    return root, formula.tag


@cache
def _converter() -> LatexToMathML:
    # A wide tilde is drawn narrow by some browsers, and is a tilde still.
    return LatexToMathML(
        macros=COMMANDS, fancy_error=False, allow_unreliable_rendering=True
    )


def _character(entity: re.Match) -> str:
    """Return the character of a name that HTML has and XML has not."""
    return html.unescape(entity[0])


def _without_style(element: ET.Element) -> None:
    for style in filter(None, element.attrib.pop("style", "").split(";")):
        name, value = (part.strip() for part in style.split(":"))
        if name == "text-align":
            element.set("columnalign", value)
        elif name == "color":
            element.set("mathcolor", value)
        elif name == "margin-left" and value.startswith("-"):
            element.set("width", value.replace("rem", "em"))
        elif name.startswith("border-"):
            _add_class(element, name.replace("border", "formula-line"))
        elif f"{name}:{value}" == "padding-left:1em":
            _add_class(element, "formula-apart")
        elif not NO_MATTER.fullmatch(f"{name}: {value}"):
            raise TexError(_("its style {style} is not known").format(style=style))


def _add_class(element: ET.Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _without_html(words: ET.Element) -> None:
    """Say with an attribute what elements of HTML say of the type."""
    variants, inner = [], words
    while len(inner):
        inner = inner[0]
        if inner.tag not in VARIANTS:
            raise TexError(_("<{name}> cannot be in a formula").format(name=inner.tag))
        variants.append(VARIANTS[inner.tag])
    if variants:
        words.text = inner.text
        del words[:]
        words.set("mathvariant", "-".join(sorted(set(variants))))


def _for_a_page(element: ET.Element) -> None:
    """Say in classes what browsers do not know of MathML, or know only by styles."""
    if side := element.get("columnalign"):
        _add_class(element, f"formula-{side}")
    if element.tag == "menclose":
        element.tag = "mrow"
        for name in element.attrib.pop("notation").split():
            _add_class(element, f"formula-{name}")
        for child in element.findall("mrow[@class]"):
            if child.get("class").startswith("menclose-"):
                element.remove(child)
    if element.tag == "mspace" and element.get("width", "").startswith("-"):
        count = round(-float(element.attrib.pop("width").removesuffix("em")) / THIN)
        if count > MOST_BACK:
            raise TexError(_("it goes back more than two letters"))
        _add_class(element, f"formula-back-{count}")
    _say_size_by_style(element)


def _say_size_by_style(element: ET.Element) -> None:
    """Leave the size of signs to ``mstyle``: an EPUB knows it nowhere else."""
    if element.tag == "mrow" and not {"displaystyle", "scriptlevel"}.isdisjoint(
        element.attrib
    ):
        element.tag = "mstyle"
    if element.tag == "mtable" and "scriptlevel" in element.attrib:
        size = {"scriptlevel": element.attrib.pop("scriptlevel")}
        table = ET.Element("mtable", element.attrib)
        table.extend(list(element))
        element.clear()
        element.tag, element.attrib = "mstyle", size
        element.append(table)


def _for_a_drawing(element: ET.Element) -> None:
    """Say in ziamath's words what it knows; raises TexError for what it does not."""
    if "formula-line" in element.get("class", ""):
        raise TexError(_("a drawing for paper cannot show lines in a table"))
    if "voffset" in element.attrib:
        raise TexError(_("a drawing for paper cannot show what is raised"))
    if variant := element.get("mathvariant"):
        element.set("mathvariant", DRAWN_VARIANTS.get(variant, variant))
    if element.text:
        element.text = re.sub(VARIATIONS, "", element.text)


def reason(message: str) -> str:
    """Return what math-core says, in the language of the book where it is known."""
    known = (
        (r'Unknown command "(?P<name>.+)"', _("unknown command {name}")),
        (r'Unknown environment "(?P<name>.+)"', _("unknown environment {name}")),
        (
            r'Expected closing token "(?P<name>.+)", but reached',
            _("{name} missing at the end"),
        ),
        (r'Found "&"', _("& is for lines that are aligned")),
        (r"Not valid in text mode", _("words hold a sign that needs a \\ before it")),
    )
    for pattern, words in known:
        if found := re.search(pattern, message):
            return words.format(**found.groupdict())
    return _("not TeX ({message})").format(
        message=message.partition(": ")[2] or message
    )

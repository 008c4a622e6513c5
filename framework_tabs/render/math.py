"""Sets the formulas of a page when it is built, so that a browser needs no script.

Sphinx asks for a renderer of what stands between dollar signs. The site and the EPUB
get MathML, which browsers and most e-readers show themselves. WeasyPrint does not know
it: the PDF gets a drawing of the same MathML, with the TeX as its words.
"""

import base64
import re
from functools import cache
from html import escape
from xml.etree import ElementTree as ET

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _ as sphinx_says
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from ..merge.page_facts import BUILDERS
from ..messages import N_, _

LOGGER = logging.getLogger(__name__)
RENDERER = "mathml"
SIZE = 24
"""Pixels of an em in a drawing; the page scales it."""

ENVIRONMENT = re.compile(
    r"\\(begin|end)\{(equation|align|alignat|gather|multline)\*?\}"
)
INNER = {
    "equation": "",
    "align": "aligned",
    "alignat": "alignedat",
    "gather": "gathered",
    "multline": "gathered",
}
"""For environments that number by themselves those that leave it to Sphinx."""

ENTITY = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062", "&nbsp;": "\u00a0"}
"""Names of characters that HTML has and XML has not."""

STYLES = {
    "text-align: right": "formula-right",
    "text-align: left": "formula-left",
    "padding-left:1em": "formula-apart",
}
"""What a style in a table says, as a class: a page allows no styles of its own."""

REASONS = {
    r"Unknown command \"(?P<name>.+)\"": N_("unknown command {name}"),
    r"Unknown environment \"(?P<name>.+)\"": N_("unknown environment {name}"),
    r"Expected closing token \"(?P<name>.+)\", but reached": N_(
        "{name} missing at the end"
    ),
    r"Found \"&\"": N_("& is for lines that are aligned"),
}
NO_REASON = N_("not TeX")


def setup(app: Sphinx) -> None:
    """Register the renderer and what looks for mistakes in formulas."""
    app.add_html_math_renderer(RENDERER, (_visit_inline, None), (_visit_block, None))
    app.connect("config-inited", _choose)
    app.connect("doctree-read", warn_of_mistakes)


def _choose(app: Sphinx, config: Config) -> None:
    """Take the place of MathJax, which Jupyter Book would load from elsewhere."""
    config.html_math_renderer = RENDERER


@cache
def mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML; raises LatexError."""
    converter = LatexToMathML(xml_namespace=True, fancy_error=False)
    text = converter.convert_with_local_state(_laid_out(tex), displaystyle=display)
    for name, character in ENTITY.items():
        text = text.replace(name, character)
    return re.sub(r' style="([^"]*)"', _as_classes, text)


def _laid_out(tex: str) -> str:
    """Return TeX without numbers of its own; what has several lines is aligned."""
    tex = ENVIRONMENT.sub(_inner, tex.strip())
    if r"\\" in tex and not tex.startswith(r"\begin"):
        return rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return tex


def _inner(environment: re.Match) -> str:
    name = INNER[environment[2]]
    return rf"\{environment[1]}{{{name}}}" if name else ""


def _as_classes(style: re.Match) -> str:
    parts = (part.strip() for part in style[1].split(";"))
    classes = " ".join(STYLES[part] for part in parts if part in STYLES)
    return f' class="{classes}"' if classes else ""


def picture(tex: str, display: bool) -> str:
    """Return a formula as a drawing for paper, on the line of its text."""
    from ziamath import Math

    math = Math(mathml(tex, display), size=SIZE)
    drawing = ET.fromstring(math.svg())
    left, top, width, height = map(float, drawing.get("viewBox").split())
    data = base64.b64encode(math.svg().encode()).decode()
    style = f"height: {height / SIZE:.3f}em; width: {width / SIZE:.3f}em;"
    style += f" vertical-align: {-(top + height) / SIZE:.3f}em"
    source = f"data:image/svg+xml;base64,{data}"
    words = escape(tex.strip())
    return f'<img class="formula" src="{source}" alt="{words}" style="{style}" />'


def warn_of_mistakes(app: Sphinx, doctree: nodes.document) -> None:
    """Warn, with file and line, of formulas that can not be set."""
    for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
        try:
            mathml(node.astext(), isinstance(node, nodes.math_block))
        except LatexError as error:
            LOGGER.warning(
                _(
                    "the formula “{formula}” cannot be set: {reason}. Correct it."
                ).format(formula=node.astext().strip(), reason=reason(str(error))),
                type="formula",
                location=node,
            )


def reason(message: str) -> str:
    """Return in the language of the book what math-core says in English."""
    for pattern, own in REASONS.items():
        if found := re.search(pattern, message):
            return _(own).format(**found.groupdict())
    return _(NO_REASON)


def _rendered(translator, node: nodes.Element, display: bool) -> str:
    """Return what stands for a formula; its TeX if it has mistakes."""
    render = picture if translator.builder.name == "paper" else mathml
    try:
        return render(node.astext(), display)
    except LatexError:
        return f"<code>{escape(node.astext())}</code>"


def _visit_inline(translator, node: nodes.math) -> None:
    translator.body.append(_rendered(translator, node, display=False))
    raise nodes.SkipNode


def _visit_block(translator, node: nodes.math_block) -> None:
    # What may be wider than a phone must be within reach of the keyboard.
    reach = {} if translator.builder.name in BUILDERS else {"tabindex": "0"}
    translator.body.append(translator.starttag(node, "div", CLASS="formula", **reach))
    translator.body.append(_rendered(translator, node, display=True))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, sphinx_says("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode

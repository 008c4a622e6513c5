"""Sets the formulas of a page when it is built, if the book asks for it.

With ``math: mathml`` in the book's settings the site gets MathML, which browsers show
without a script; otherwise Sphinx's own renderer and its settings are left alone. On
paper and e-readers no script runs at all: the EPUB always gets MathML, and the PDF,
which WeasyPrint makes, a drawing with the TeX as its words. The commands that a book
defines for MathJax hold in each of them.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _ as sphinx_word
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from ..merge.page_facts import BUILDERS, settings_of
from ..messages import _
from . import mathml
from .tex import Macros, TexError, defined_in, from_mathjax

LOGGER = logging.getLogger(__name__)
RENDERER = "mathml"
SHEET = Path(__file__).parent / "static" / "formulas.css"
"""What MathML needs of a style sheet, on the site and in the EPUB."""


def setup(app: Sphinx) -> None:
    """Let the book choose the renderer."""
    app.connect("config-inited", _choose)


def register(app: Sphinx) -> None:
    """Register the renderer, where it is used: Sphinx would prefer it to MathJax."""
    if RENDERER not in app.registry.html_inline_math_renderers:
        app.add_html_math_renderer(
            RENDERER, (_visit_inline, None), (_visit_block, None)
        )


def _choose(app: Sphinx, config: Config) -> None:
    """Render to MathML if the book asks for it and names no renderer of its own."""
    if settings_of(app).math == RENDERER and config.html_math_renderer is None:
        register(app)
        config.html_math_renderer = RENDERER


def _is_formula(node: nodes.Node) -> bool:
    return isinstance(node, nodes.math | nodes.math_block)


def _macros(document: nodes.document, config: Config) -> Macros:
    """Return the commands of the book and those that the page's formulas define."""
    book = from_mathjax(getattr(config, "mathjax3_config", None))
    page = defined_in(node.astext() for node in document.findall(_is_formula))
    return tuple({**dict(book), **dict(page)}.items())


def _tex(node: nodes.Element) -> str:
    """Return a formula; what blank lines part stands in lines, as Sphinx has it."""
    text = node.astext()
    if node.get("nowrap"):
        return text
    lines = [""]
    for part in filter(str.strip, re.split(r"\n\s*\n", text)):
        is_whole = lines[-1].count(r"\begin") == lines[-1].count(r"\end")
        lines[-1:] = [lines[-1], part] if is_whole else [f"{lines[-1]}\n{part}"]
    return "\\\\\n".join(filter(None, lines))


def _set(translator, node: nodes.Element, display: bool) -> mathml.Formula:
    """Return what stands for a formula; its TeX, with a warning, if it has mistakes."""
    macros = getattr(translator, "tex_macros", None)
    if macros is None:
        macros = translator.tex_macros = _macros(translator.document, translator.config)
    is_paper = translator.builder.name == "paper"
    render = mathml.picture if is_paper else mathml.formula
    try:
        found = render(_tex(node), display, macros)
        if found.tag and (not display or node.get("number")):
            raise TexError(_("\\tag is for formulas in lines of their own, unnumbered"))
    except TexError as error:
        LOGGER.warning(
            _("the formula “{formula}” cannot be set: {reason}. Correct it.").format(
                formula=node.astext().strip(), reason=error
            ),
            type="formula",
            location=node,
        )
        return mathml.Formula(f"<code>{escape(node.astext())}</code>")
    return found


def _visit_inline(translator, node: nodes.math) -> None:
    translator.body.append(_set(translator, node, display=False).markup)
    raise nodes.SkipNode


def _visit_block(translator, node: nodes.math_block) -> None:
    formula = _set(translator, node, display=True)
    # What may be wider than a phone must be within reach of the keyboard.
    reach = {} if translator.builder.name in BUILDERS else {"tabindex": "0"}
    translator.body.append(translator.starttag(node, "div", CLASS="formula", **reach))
    translator.body.append(formula.markup)
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, sphinx_word("Link to this equation"))
        translator.body.append("</span>")
    elif formula.tag:
        translator.body.append(f'<span class="eqno">{escape(formula.tag)}</span>')
    translator.body.append("</div>\n")
    raise nodes.SkipNode

"""Directives as Markdown that Jupyter shows.

``shown`` knows what Sphinx, MyST, sphinx-design, sphinx-proof and sphinx-exercise have.
Of a directive that it does not know, or that only a page can show, it leaves the way to
the page.
"""

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import jinja2
from markdown_it import MarkdownIt

from ..config import SYNC_GROUP
from ..messages import _
from ..source.includes import AS_CODE
from ..source.myst import Directive
from . import glued, inclusion, tables
from .outline import CAPTIONED, PROOFS, label_of
from .place import Where
from .roles import number_text
from .words import ADMONITIONS, VERSIONS, numbered, said

if TYPE_CHECKING:
    from .plain_markdown import Prose

    Handler = Callable[["Prose", Directive, Where], list[str]]

PAGE_ONLY = frozenset(
    "contents codeauthor default-role exercise-end highlight index meta moduleauthor "
    "rst-class sectionauthor sectnum solution-end tableofcontents tabularcolumns "
    "thebe-button title toctree todolist todo".split()
)
"""What is of use on a page alone, so that a reader of a notebook misses nothing."""
TITLED = frozenset("admonition margin sidebar topic".split())
TRANSPARENT = frozenset(
    "card-carousel compound container div grid grid-item hlist tab-set-code".split()
)
"""What is shown as the text in it."""
QUOTES = frozenset("epigraph highlights pull-quote".split())


def shown(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """The lines that a directive becomes in a notebook."""
    name = found.name
    if name in PAGE_ONLY:
        return []
    if name in ADMONITIONS or name in VERSIONS:
        return _admonition(prose, found, here)
    if name in TITLED:
        return _titled(prose, found, here)
    if name in TRANSPARENT:
        return _lines(prose, found, here)
    if name in QUOTES:
        return quoted(_lines(prose, found, here))
    if name in CAPTIONED:
        return _diagram(prose, found, here)
    if name.startswith("prf:"):
        return _proof(prose, found, here)
    if name.startswith("glue"):
        return _glued(prose, found, here)
    handler = _HANDLERS.get(name)
    return handler(prose, found, here) if handler else prose.pointer()


def quoted(lines: list[str]) -> list[str]:
    """The lines as a quotation."""
    return [f"> {line}".rstrip() for line in lines]


def _lines(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """The body of a directive as lines."""
    return prose.text(found.body, here).split("\n")


def _box(title: str, lines: list[str], is_closed: bool = False) -> list[str]:
    """A quotation with a bold title, or what opens when the title is clicked."""
    if not is_closed:
        return quoted([f"**{title}**", "", *lines] if title else lines)
    summary = MarkdownIt().renderInline(title)
    return [
        *("<details>", f"<summary>{summary}</summary>", ""),
        *lines,
        *("", "</details>"),
    ]


def _admonition(prose: "Prose", found: Directive, here: Where) -> list[str]:
    if found.name in VERSIONS:
        version, _space, rest = found.argument.partition(" ")
        title = said(VERSIONS[found.name], prose.settings).replace("%s", version)
    else:
        title, rest = said(ADMONITIONS[found.name], prose.settings), found.argument
    lines = _lines(prose, found, here)
    more = [prose.inline(rest), *([""] if any(lines) else [])] if rest else []
    return _box(title, [*more, *(lines if any(lines) else [])], _is_closed(found))


def _is_closed(found: Directive) -> bool:
    return "dropdown" in found.options.get("class", "").split()


def _titled(prose: "Prose", found: Directive, here: Where) -> list[str]:
    title = prose.inline(found.argument)
    return _box(title, _lines(prose, found, here), _is_closed(found))


def _dropdown(prose: "Prose", found: Directive, here: Where) -> list[str]:
    lines = _lines(prose, found, here)
    title = prose.inline(found.argument)
    return _box(title or "…", lines, "open" not in found.options)


def _card(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """A card: its title leads where the card leads."""
    title = prose.inline(found.argument)
    if "link" in found.options:
        kind = found.options.get("link-type", "url")
        title = _linked(prose, found.options["link"], kind, title)
    picture = found.options.get("img-top") or found.options.get("img-bottom")
    alt = found.options.get("img-alt", "")
    body = re.sub(r"^(\^{3,}|\+{3,})\s*$", "", found.body, flags=re.M)
    lines = prose.text(body, here).split("\n")
    if picture:
        lines = [prose.picture(picture, alt), "", *lines]
    return _box(title, lines)


def _linked(prose: "Prose", target: str, kind: str, text: str) -> str:
    """A link as sphinx-design makes one: to an address, a page or a label."""
    if kind == "url":
        return f"[{text or target}]({target})"
    if kind == "doc" and (name := prose.page_name(target)):
        return prose.page_link(name, text)
    place = prose.labels.get(target)
    return prose.link(place, text or place.text) if place else text or target


def _button(prose: "Prose", found: Directive, here: Where) -> list[str]:
    text = prose.inline(found.body.replace("\n", " "))
    kind = "url"
    if found.name == "button-ref":
        kind = found.options.get("ref-type", "any")
    return [_linked(prose, found.argument, kind, text)]


def _tabs(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """The reader's own tab; every tab where they are not about frameworks."""
    items = [each for each in prose.children(found.body) if each.name == "tab-item"]
    keys = [item.options.get("sync") for item in items]
    is_group = found.options.get("sync-group", SYNC_GROUP) == SYNC_GROUP
    about_frameworks = is_group and any(k in prose.settings.frameworks for k in keys)
    parts = []
    for item, key in zip(items, keys, strict=True):
        text = prose.text(item.body, (*here, item.line))
        if not about_frameworks:
            parts.append(f"**{prose.inline(item.argument)}**\n\n{text}")
        elif key == prose.framework:
            parts.append(text)
    return "\n\n".join(parts).split("\n")


def _tab_item(prose: "Prose", found: Directive, here: Where) -> list[str]:
    return [f"**{prose.inline(found.argument)}**", "", *_lines(prose, found, here)]


def _figure(prose: "Prose", found: Directive, here: Where) -> list[str]:
    options = found.options
    picture = prose.picture(found.argument, options.get("alt", ""), options)
    if found.name == "image":
        return [picture]
    return [picture, *prose.caption("figure", _lines(prose, found, here), here)]


def _figure_of_markdown(prose: "Prose", found: Directive, here: Where) -> list[str]:
    picture, _blank, caption = prose.text(found.body, here).partition("\n\n")
    lines = caption.strip("\n").split("\n")
    return [*picture.split("\n"), *prose.caption("figure", lines, here)]


def _glued(prose: "Prose", found: Directive, here: Where) -> list[str]:
    picture = glued.block(prose, found.name, found.argument)
    if found.name != "glue:figure":
        return picture
    return [*picture, *prose.caption("figure", _lines(prose, found, here), here)]


def _diagram(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """A drawing in words: Jupyter draws those of Mermaid, others are on the page."""
    if found.name == "mermaid" and found.body.strip():
        lines = ["```mermaid", *found.body.split("\n"), "```"]
    else:
        lines = prose.pointer()
    caption = prose.inline(found.options.get("caption", ""))
    return [*lines, *prose.caption("figure", [caption], here)]


def _table(prose: "Prose", found: Directive, here: Where) -> list[str]:
    caption = prose.caption("table", [prose.inline(found.argument)], here)
    return [*caption[1:], "", *_rows(prose, found, here)]


def _rows(prose: "Prose", found: Directive, here: Where) -> list[str]:
    if found.name == "list-table":
        return tables.of_list(prose, found, here)
    if found.name == "csv-table":
        return tables.of_values(prose, found)
    if found.name == "results-table":
        return prose.pointer()
    return _lines(prose, found, here)


def _code(prose: "Prose", found: Directive, here: Where) -> list[str]:
    language = found.argument.split(" ")[0]
    return [*_code_caption(prose, found, here), *fenced(found.body, language)]


def _code_caption(prose: "Prose", found: Directive, here: Where) -> list[str]:
    if "caption" not in found.options:
        return []
    caption = found.options["caption"] or found.argument
    lines = prose.caption("code-block", [prose.inline(caption)], here)
    return [*lines[1:], ""]


def fenced(code: str, language: str) -> list[str]:
    """A block of code, behind a longer fence than any in it."""
    ticks = re.findall(r"^\s*(`{3,})", code, re.M)
    fence = "`" * (1 + max([2, *map(len, ticks)]))
    return [fence + language, *code.split("\n"), fence]


def _included_code(prose: "Prose", found: Directive, here: Where) -> list[str]:
    source = prose.labels.source
    code = inclusion.code(found, source.folder, source.root).rstrip("\n")
    language = "diff" if "diff" in found.options else "python"
    language = found.options.get("language", language)
    return [*_code_caption(prose, found, here), *fenced(code, language)]


def _included(prose: "Prose", found: Directive, here: Where) -> list[str]:
    source = prose.labels.source
    text = inclusion.text(found, source.folder, source.root)
    if AS_CODE & set(found.options):
        return fenced(text.rstrip("\n"), found.options.get("code", ""))
    with prose.addresses_of(found):
        return prose.text(text, here).split("\n")


def _math(prose: "Prose", found: Directive, here: Where) -> list[str]:
    formula = "\n\n".join(filter(str.strip, [found.argument, found.body]))
    is_numbered = label_of(found) or prose.settings.sphinx["math_number_all"]
    return prose.formula(formula, here if is_numbered else None)


def _proof(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """A theorem and its like: "Theorem 1 (title)"."""
    kind = found.name[4:]
    title = said(kind.title(), prose.settings, "proof")
    if kind in PROOFS and (number := prose.labels.number(here)):
        title = f"{title} {number}"
    return _box(_with_subtitle(prose, title, found), _lines(prose, found, here))


def _with_subtitle(prose: "Prose", title: str, found: Directive) -> str:
    return f"{title} ({prose.inline(found.argument)})" if found.argument else title


def _exercise(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """An exercise; of one that ends elsewhere, what comes before its cells."""
    if "hidden" in found.options:
        return []
    number = prose.labels.number(here)
    pattern = numbered("exercise", prose.settings)
    title = pattern.replace("%s", number).strip()
    lines = _lines(prose, found, here)
    title = _with_subtitle(prose, title, found)
    if found.name == "exercise-start":
        return [f"**{title}**", "", *lines]
    return _box(title, lines)


def _solution(prose: "Prose", found: Directive, here: Where) -> list[str]:
    if "hidden" in found.options:
        return []
    place = prose.labels.get(found.argument)
    exercise = prose.link(place, number_text(prose, place)) if place else ""
    title = f"{said('Solution to', prose.settings, 'exercise')} {exercise}".strip()
    lines = _lines(prose, found, here)
    if found.name == "solution-start":
        return [f"**{title}**", "", *lines]
    return _box(title, lines)


def _glossary(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """Terms in bold, each with its explanation below."""
    result: list[str] = []
    explanation: list[str] = []

    def close() -> None:
        text = "\n".join(explanation).strip("\n")
        if text:
            first, *rest = prose.text(text, here).split("\n")
            result.extend([f"- {first}", *(f"  {line}".rstrip() for line in rest), ""])
        explanation.clear()

    indent = 0
    for line in found.body.split("\n"):
        if re.match(r"[^\s:]", line):
            close()
            term = line.partition(" : ")[0]
            result.append(f"**{prose.inline(term)}**")
        elif line.strip():
            marked = re.sub(r"^(\s*): ", r"\1  ", line)
            if not explanation:
                indent = len(marked) - len(marked.lstrip())
            explanation.append(
                marked[min(indent, len(marked) - len(marked.lstrip())) :]
            )
        else:
            explanation.append("")
    close()
    return result[:-1] if result and not result[-1] else result


def _only(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """What is meant for pages in HTML is meant for a notebook too."""
    tags = dict.fromkeys(("html", "builder_html", "format_html"), True)
    try:
        holds = jinja2.Environment().compile_expression(found.argument)(**tags)
    except jinja2.TemplateError:
        holds = False
    return _lines(prose, found, here) if holds else []


def _raw(prose: "Prose", found: Directive, here: Where) -> list[str]:
    """HTML stays; what is written for other formats is on no page."""
    if "html" not in found.argument.split():
        return []
    if "file" in found.options or "url" in found.options:
        return prose.pointer()
    return prose.html(re.sub(r"\n\s*\n", "\n", found.body)).split("\n")


def _centered(prose: "Prose", found: Directive, here: Where) -> list[str]:
    return [prose.inline(found.argument)]


def _rubric(prose: "Prose", found: Directive, here: Where) -> list[str]:
    return [f"**{prose.inline(found.argument)}**"]


def _literal(prose: "Prose", found: Directive, here: Where) -> list[str]:
    return fenced(found.body, "text")


def _bibliography(prose: "Prose", found: Directive, here: Where) -> list[str]:
    page = prose.page_link(prose.labels.name)
    return [
        _("*The bibliography is on the page {page} of the book.*").format(page=page)
    ]


def _line_block(prose: "Prose", found: Directive, here: Where) -> list[str]:
    lines = [html.escape(line, False) for line in found.body.split("\n")]
    return [f"{line}<br>" for line in lines]


_HANDLERS: dict[str, "Handler"] = {
    "bibliography": _bibliography,
    "button-link": _button,
    "button-ref": _button,
    "card": _card,
    "centered": _centered,
    "code": _code,
    "code-block": _code,
    "csv-table": _table,
    "dropdown": _dropdown,
    "exercise": _exercise,
    "exercise-start": _exercise,
    "figure": _figure,
    "figure-md": _figure_of_markdown,
    "footbibliography": _bibliography,
    "glossary": _glossary,
    "grid-item-card": _card,
    "image": _figure,
    "include": _included,
    "line-block": _line_block,
    "list-table": _table,
    "literalinclude": _included_code,
    "math": _math,
    "only": _only,
    "parsed-literal": _literal,
    "raw": _raw,
    "results-table": _table,
    "rubric": _rubric,
    "solution": _solution,
    "solution-start": _solution,
    "sourcecode": _code,
    "tab-item": _tab_item,
    "tab-set": _tabs,
    "table": _table,
}

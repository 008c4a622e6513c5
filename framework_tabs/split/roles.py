"""Roles and references within a line, as Markdown that Jupyter shows.

What a role adds to its text and Jupyter cannot show, such as an icon, is left out; the
text of a role that is not known here stays, without the role.
"""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..messages import _
from . import glued
from .outline import MATH
from .place import Place, address_of
from .words import numbered, said

if TYPE_CHECKING:
    from .plain_markdown import Prose

_CODE = frozenset(
    "attr class code command confval data envvar exc file func literal mailheader "
    "makevar meth mimetype mod newsgroup obj option program regexp samp token "
    "type".split()
)
"""Roles, of Python's domain too, whose text is code."""
_ICONS = re.compile(r"octicon|fa[bsr]?|material-(regular|outlined|round|sharp|twotone)")
_WEB = {
    "pep": ("PEP {0}", "https://peps.python.org/pep-{0:0>4}/"),
    "rfc": ("RFC {0}", "https://datatracker.ietf.org/doc/html/rfc{0}"),
    "cve": ("CVE {0}", "https://www.cve.org/CVERecord?id=CVE-{0}"),
    "cwe": ("CWE {0}", "https://cwe.mitre.org/data/definitions/{0}.html"),
}


def shown(prose: "Prose", name: str, content: str) -> str:
    """What a role becomes in a notebook."""
    name = name.lower()
    bare = name.rpartition(":")[2]
    content = " ".join(content.split("\n"))
    if name.startswith(("cite", "footcite")):
        works = "; ".join(_work(key.strip()) for key in content.split(","))
        return works if name.endswith(":t") else f"({works})"
    if name.startswith("glue") or name in ("eval", "nb-exec-table"):
        return glued.inline(prose, name, content)
    if name.startswith("bdg"):
        return _badge(prose, name, content)
    if _ICONS.fullmatch(name):
        return ""
    handler = _HANDLERS.get(bare)
    if handler:
        return handler(prose, content)
    if bare in _WEB:
        title, address = _WEB[bare]
        return f"[{title.format(content)}]({address.format(content)})"
    text, target = explicit(content)
    if bare in _CODE or name.startswith(("py:", "c:", "cpp:", "js:")):
        return _code(text or re.sub(r"^~(.*\.)?|^[!.]", "", target))
    return text or target


def explicit(content: str) -> tuple[str, str]:
    """Text and target of ``text <target>``; without the brackets all is the target."""
    found = re.fullmatch(r"(.+?)\s*<([^<>]+)>", content, re.S)
    return (found[1], found[2]) if found else ("", content.strip())


def _math(prose: "Prose", content: str) -> str:
    return f"${content}$"


def _code(content: str) -> str:
    ticks = "``" if "`" in content else "`"
    return f"{ticks}{content}{ticks}"


def _tag(name: str) -> Callable[["Prose", str], str]:
    return lambda prose, content: f"<{name}>{html.escape(content, False)}</{name}>"


def _marked(mark: str) -> Callable[["Prose", str], str]:
    return lambda prose, content: f"{mark}{content.replace('&', '')}{mark}"


def _menu(prose: "Prose", content: str) -> str:
    return f"**{content.replace('-->', '→').replace('&', '')}**"


def _abbreviation(prose: "Prose", content: str) -> str:
    """``CSS (Cascading Style Sheets)``: the words show up under the pointer."""
    found = re.fullmatch(r"(.*?)\s*\((.*)\)", content, re.S)
    if not found:
        return content
    short, words = (html.escape(each) for each in found.groups())
    return f'<abbr title="{words}">{short}</abbr>'


def _text(prose: "Prose", content: str) -> str:
    text, target = explicit(content)
    return text or target


def _download(prose: "Prose", content: str) -> str:
    text, target = explicit(content)
    name = text or _code(Path(target).name)
    return f"[{name}]({address_of(prose.moved(target))})"


def _doc(prose: "Prose", content: str) -> str:
    text, target = explicit(content)
    name = prose.page_name(target)
    return prose.page_link(name, text) if name else text or target


def _numbered(prose: "Prose", content: str) -> str:
    """As ``numref``: the number in a text of its own, or in the words for its kind."""
    text, label = explicit(content)
    place = prose.labels.get(label)
    if place is None:
        return text or label
    return prose.link(place, number_text(prose, place, text))


def number_text(prose: "Prose", place: Place, text: str = "") -> str:
    """What a reference to a number says, by default the words for its kind."""
    name = prose.inline(place.text)
    if not place.number:
        return text or name or place.id
    pattern = text or numbered(place.kind, prose.settings)
    if "{number}" in pattern or "{name}" in pattern:
        return pattern.replace("{number}", place.number).replace("{name}", name)
    return pattern.replace("%s", place.number)


def _reference(prose: "Prose", content: str) -> str:
    """As ``ref``: the title or the caption of what a label names."""
    text, label = explicit(content)
    place = prose.labels.get(label)
    if place is None:
        return text or label
    return prose.link(place, text or title_of(prose, place))


def title_of(prose: "Prose", place: Place) -> str:
    """What a reference without a text of its own says."""
    if place.kind == MATH:
        pattern = prose.settings.sphinx["math_eqref_format"] or "({number})"
        return pattern.format(number=place.number)
    if place.kind == "solution":
        exercise = prose.labels.get(place.text)
        title = number_text(prose, exercise) if exercise else ""
        return f"{said('Solution to', prose.settings, 'exercise')} {title}".strip()
    if place.number and place.kind not in ("section", "figure", "table", "code-block"):
        return number_text(prose, place)
    return prose.inline(place.text) or _page_title(prose, place)


def _page_title(prose: "Prose", place: Place) -> str:
    page = prose.labels.page(place.page)
    return prose.inline(page.title) if page else place.page


def _badge(prose: "Prose", name: str, content: str) -> str:
    text, target = explicit(content)
    if "link" in name:
        return f"[{text or target}]({target})"
    if "ref" in name:
        return _reference(prose, content)
    return f"**{content}**"


def _work(key: str) -> str:
    """``Lowe.2004`` as "Lowe, 2004", with ``ea`` for further authors.

    A key is all there is to show here: the bibliography is on the page.
    """
    return ", ".join(key.split(".")).replace(", ea,", _(" and others,"))


_HANDLERS: dict[str, Callable[["Prose", str], str]] = {
    "abbr": _abbreviation,
    "any": _reference,
    "button": _marked("**"),
    "dfn": _marked("*"),
    "doc": _doc,
    "download": _download,
    "emphasis": _marked("*"),
    "eq": _reference,
    "guilabel": _marked("**"),
    "index": _text,
    "kbd": _tag("kbd"),
    "keyword": _reference,
    "math": _math,
    "menuselection": _menu,
    "numref": _numbered,
    "ref": _reference,
    "strong": _marked("**"),
    "sub": _tag("sub"),
    "subscript": _tag("sub"),
    "sup": _tag("sup"),
    "superscript": _tag("sup"),
    "term": _text,
}

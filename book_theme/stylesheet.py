"""Makes the style sheet of all pages, ``_static/site.css``, when they are there.

The theme and the extensions bring half a megabyte of rules, of which the book uses a
quarter, in files that a page waits for one after another. A rule goes whose selector
names a class, an element, an attribute or an id that neither a page nor a script has a
word for. What is left is not written shorter: a host packs it.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from sphinx.application import Sphinx
from tinycss2.ast import Node

from . import assets

NAME = "site.css"
BUILDERS = ("html", "dirhtml", "singlehtml")
"""Those that make pages with the theme's layout."""
TAG = re.compile(r"<[a-zA-Z][^>]*>")
WORD = re.compile(r"[\w-]+")
RELATIVE = re.compile(r"""url\(["']?(?![a-z]+:|["'#/])""")
GROUPS = {"media", "supports", "layer", "container"}
"""At-rules that hold rules."""
BRANCHES = {"is", "where"}
"""Functions of a selector of whose arguments one must be there."""


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the style sheet of a site that is complete."""
    if exception or app.builder.name not in BUILDERS:
        return
    static = Path(app.outdir, "_static")
    known = words(Path(app.outdir))
    rules = (rule for sheet in _sheets(app) for rule in read(static, sheet))
    text = "\n".join(used(rules, known))
    (static / NAME).write_text(text, encoding="utf-8")


def _sheets(app: Sphinx) -> Iterator[str]:
    """Yield the files in ``_static`` in the order in which the theme links them."""
    yield from ("styles/theme.css", "styles/pydata-sphinx-theme.css")
    for sheet in assets.common_sheets(app):
        yield str(sheet.filename).removeprefix("_static/")


def words(site: Path) -> set[str]:
    """Return whatever a selector could name: the words of tags and of scripts."""
    tags = set()
    for page in site.rglob("*.html"):
        tags.update(TAG.findall(page.read_text(encoding="utf-8")))
    static = site / "_static"
    own = (path for path in static.glob("*.js") if assets.is_used(path.name))
    scripts = (*own, *static.glob("scripts/*-theme.js"))
    texts = (script.read_text(encoding="utf-8") for script in scripts)
    return {word for text in (*tags, *texts) for word in WORD.findall(text)}


def read(static: Path, sheet: str) -> Iterator[Node]:
    """Yield the rules of a file, those that it imports in the place of the import."""
    text = (static / sheet).read_text(encoding="utf-8")
    folder = posixpath.join(posixpath.dirname(sheet), "")
    text = RELATIVE.sub(rf"\g<0>{folder}", text)
    for rule in tinycss2.parse_stylesheet(text, True, True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            (name,) = (each.value for each in rule.prelude if each.type == "string")
            yield from read(static, posixpath.normpath(folder + name))
        elif rule.type != "at-rule" or rule.lower_at_keyword != "charset":
            yield rule


def used(rules: Iterable[Node], known: set[str]) -> Iterator[str]:
    """Yield the text of the rules that something on the site can match."""
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [each for each in _split(rule.prelude) if _is_known(each, known)]
            if kept:
                selectors = ",".join(tinycss2.serialize(each).strip() for each in kept)
                yield f"{selectors}{{{_body(rule.content)}}}"
        elif rule.lower_at_keyword in GROUPS and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, True, True)
            if text := "\n".join(used(inner, known)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}"
        else:
            yield tinycss2.serialize([rule])


def _body(content: list[Node]) -> str:
    return tinycss2.serialize([n for n in content if n.type != "comment"]).strip()


def _split(selectors: list[Node]) -> list[list[Node]]:
    """Return the selectors between commas."""
    parts: list[list[Node]] = [[]]
    for node in selectors:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _is_known(selector: list[Node], known: set[str]) -> bool:
    """Say whether all that a selector asks for may be on a page."""
    pairs = zip([None, *selector], selector, strict=False)
    return all(
        _may_match(node, known)
        for before, node in pairs
        if before != ":" or node.type == "function"  # not in the name of a state
    )


def _may_match(node: Node, known: set[str]) -> bool:
    if node.type in ("ident", "hash"):
        return node.value in known
    if node.type == "[] block":
        return (
            next(each for each in node.content if each.type == "ident").value in known
        )
    if node.type == "function" and node.lower_name in BRANCHES:
        return any(_is_known(each, known) for each in _split(node.arguments))
    return True

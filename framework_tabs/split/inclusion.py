"""Text and code that a page includes from other files, chosen as Sphinx chooses it."""

import ast
import difflib
import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

from ..messages import _
from ..source import myst
from ..source.includes import AS_CODE, resolved
from ..source.myst import Directive

_TOGETHER = (
    ("start-after", "start-at"),
    ("end-before", "end-at"),
    *(("diff", name) for name in "pyobject lines start-after start-at".split()),
    *(("diff", name) for name in "end-before end-at".split()),
)
"""Options of ``literalinclude`` that exclude each other."""


class IncludeError(Exception):
    """What a page includes is not there; the message says what and where."""


def markdown(found: Directive, folder: Path, root: Path) -> str | None:
    """What an ``include`` puts into the page, None if as code; raises IncludeError."""
    if AS_CODE & set(found.options):
        return None
    return text(found, folder, root)


def text(found: Directive, folder: Path, root: Path) -> str:
    """The part of a file that an ``include`` asks for."""
    whole = _read(found, resolved(found.argument, folder, root))
    start, end = (_number(found, name) for name in ("start-line", "end-line"))
    part = "\n".join(whole.splitlines()[start:end])
    for option in ("start-after", "end-before"):
        mark = found.options.get(option)
        if mark:
            before, seen, after = part.partition(mark)
            if not seen:
                raise _absent(found, mark)
            part = after if option == "start-after" else before
    offset = _number(found, "heading-offset")
    return _with_lower_headings(part, offset) if offset else part


def _with_lower_headings(text: str, offset: int) -> str:
    """The text with its headings so many levels further down, on the same lines."""
    lines = text.split("\n")
    for token in myst.parser().parse(text + "\n"):
        if token.type == "heading_open" and token.map and token.level == 0:
            first, end = token.map
            title = " ".join(map(str.strip, lines[first:end]))
            if token.markup in "=-":
                title = title.rstrip("=-").strip()
            marks = "#" * min(6, int(token.tag[1:]) + offset)
            lines[first] = f"{marks} {title.lstrip('#').strip()}"
            lines[first + 1 : end] = [""] * (end - first - 1)
    return "\n".join(lines)


def code(found: Directive, folder: Path, root: Path) -> str:
    """The code that a ``literalinclude`` shows; raises IncludeError.

    In what differs from another file, the files bear their names in the book: where a
    book lies on its author's disk is nobody's business, and another one on the next.
    """
    for one, other in _TOGETHER:
        if one in found.options and other in found.options:
            raise IncludeError(
                _("“{one}” and “{other}” cannot both be given; leave one out").format(
                    one=one, other=other
                )
            )
    path = resolved(found.argument, folder, root)
    lines = _lines(found, path)
    if "diff" in found.options:
        old = resolved(found.options["diff"], folder, root)
        before, after = (os.path.relpath(each, root) for each in (old, path))
        return "".join(difflib.unified_diff(_lines(found, old), lines, before, after))
    for choose in (_object, _from, _until, _numbered, _dedented):
        lines = choose(found, lines)
    around = (found.options.get(name) for name in ("prepend", "append"))
    first, last = ([f"{line}\n"] if line else [] for line in around)
    return "".join([*first, *lines, *last])


def _read(found: Directive, path: Path) -> str:
    encoding = found.options.get("encoding") or "utf-8-sig"
    try:
        return path.read_text(encoding=encoding)
    except (OSError, UnicodeError, LookupError) as error:
        reason = getattr(error, "strerror", None) or error
        raise IncludeError(f"{path}: {reason}") from None


def _lines(found: Directive, path: Path) -> list[str]:
    whole = _read(found, path)
    width = _number(found, "tab-width")
    return (whole.expandtabs(width) if width else whole).splitlines(keepends=True)


def _number(found: Directive, option: str) -> int | None:
    value = found.options.get(option)
    try:
        return int(value) if value else None
    except ValueError:
        raise IncludeError(
            _("“{option}” of {file} is no number: {value}").format(
                option=option, file=found.argument, value=value
            )
        ) from None


def _absent(found: Directive, what: str) -> IncludeError:
    return IncludeError(
        _("{file} does not contain “{what}”").format(file=found.argument, what=what)
    )


def _object(found: Directive, lines: list[str]) -> list[str]:
    """The lines of a function or class, with its decorators."""
    name = found.options.get("pyobject")
    if not name:
        return lines
    try:
        known = dict(_definitions(ast.parse("".join(lines)), ""))
    except SyntaxError as error:
        raise IncludeError(f"{found.argument}: {error}") from None
    if name not in known:
        raise _absent(found, name)
    start, end = known[name]
    return lines[start - 1 : end]


def _definitions(node: ast.AST, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for child in ast.iter_child_nodes(node):
        name = prefix
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}.{child.name}".lstrip(".")
            start = min([child.lineno, *(each.lineno for each in child.decorator_list)])
            yield name, (start, child.end_lineno or child.lineno)
        yield from _definitions(child, name)


def _from(found: Directive, lines: list[str]) -> list[str]:
    for option, more in (("start-at", 0), ("start-after", 1)):
        if mark := found.options.get(option):
            return lines[_place(found, mark, lines, 0) + more :]
    return lines


def _until(found: Directive, lines: list[str]) -> list[str]:
    """Sphinx overlooks an ``end-before`` in the first line."""
    if mark := found.options.get("end-at"):
        return lines[: _place(found, mark, lines, 0) + 1]
    if mark := found.options.get("end-before"):
        return lines[: _place(found, mark, lines, 1)]
    return lines


def _place(found: Directive, mark: str, lines: list[str], first: int) -> int:
    for number, line in enumerate(lines):
        if number >= first and mark in line:
            return number
    raise _absent(found, mark)


def _numbered(found: Directive, lines: list[str]) -> list[str]:
    """The lines with the numbers in ``lines``: "1,3,5-10,20-"."""
    chosen = found.options.get("lines")
    if not chosen:
        return lines
    result = []
    for part in chosen.split(","):
        first, dash, last = part.strip().partition("-")
        try:
            start = int(first or 1)
            end = int(last or max(start, len(lines))) if dash else start
        except ValueError:
            raise _absent(found, chosen) from None
        result += lines[start - 1 : end]
    if not result:
        raise _absent(found, chosen)
    return result


def _dedented(found: Directive, lines: list[str]) -> list[str]:
    if "dedent" not in found.options:
        return lines
    width = _number(found, "dedent")
    if width is None:
        return textwrap.dedent("".join(lines)).splitlines(keepends=True)
    return [line[width:] or ("\n" if line.endswith("\n") else "") for line in lines]

"""Markdown that ``include`` brings into a page from another file.

MyST reads it while it makes the page, long after the page was divided into cells: a
cell in there would neither run nor be shown.
"""

from pathlib import Path

from . import myst
from .cell import CELL_DIRECTIVES
from .myst import Directive

AS_CODE = {"literal", "code", "parser"}
"""The options with which what is included is no Markdown."""


def cells_behind(
    found: Directive, folder: Path, root: Path, seen: frozenset[Path] = frozenset()
) -> Path | None:
    """The file with a cell that an ``include`` leads to, perhaps through others.

    As in Sphinx, paths are relative to the page's ``folder``, or to the ``root``.
    """
    path = resolved(found.argument, folder, root)
    if path in seen or not AS_CODE.isdisjoint(found.options):
        return None
    for inner in myst.directives(_part(path, found.options)):
        if f"{{{inner.name}}}" in CELL_DIRECTIVES:
            return path
        if inner.name == "include":
            further = cells_behind(inner, folder, root, seen | {path})
            if further:
                return further
    return None


def resolved(argument: str, folder: Path, root: Path) -> Path:
    """The file that a directive names: ``/x`` is below the root of the book."""
    within = (
        root / argument.lstrip("/") if argument.startswith("/") else folder / argument
    )
    return within.resolve()


def _part(path: Path, options: dict[str, str]) -> str:
    """What is taken of a file; nothing of one that Sphinx will not be able to read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        start, end = (options.get(each) for each in ("start-line", "end-line"))
        text = "\n".join(
            lines[int(start) if start else None : int(end) if end else None]
        )
    except (OSError, ValueError):
        return ""
    if "start-after" in options:
        text = text.partition(options["start-after"])[2]
    if "end-before" in options:
        text = text.partition(options["end-before"])[0]
    return text

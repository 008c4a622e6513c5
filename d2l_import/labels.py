"""The labels of a book's chapters, each with the role that refers to it.

A chapter is looked through line by line and neither parsed nor checked: what an import
asks of all other chapters is no more than this.
"""

import re
from collections.abc import Iterator
from pathlib import Path

_FENCE = re.compile(r"[ >]*(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:-]+)\})?")
_TARGET = re.compile(r"[ >]*\(([^()\s]+)\)=\s*")
_OPTION = re.compile(r"[ >]*:(?:name|label):\s*(\S+)\s*")
_FIGURE_OF_CELL = re.compile(r"\s+name:\s*(\S+)\s*")
_FORMULA = re.compile(r".*\$\$\s*\(([^()\s]+)\)\s*")
_NUMBERED = frozenset(
    "code code-block csv-table figure figure-md list-table literalinclude table".split()
)


def labels(paths: list[Path]) -> dict[str, str]:
    """Return the labels in some chapters."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return {label: role for text in texts for label, role in _labels(text)}


def _labels(text: str) -> Iterator[tuple[str, str]]:
    kind, waiting = "", ""
    for line in text.splitlines():
        if fence := _FENCE.match(line):
            kind = fence[2] or ""
        if waiting and line.strip():
            yield waiting, "numref" if kind in _NUMBERED and fence else "ref"
            waiting = ""
        if target := _TARGET.fullmatch(line):
            waiting = target[1]
        elif option := _OPTION.fullmatch(line):
            yield option[1], _role(kind)
        elif kind == "code-cell" and (name := _FIGURE_OF_CELL.fullmatch(line)):
            yield name[1], "numref"
        elif formula := _FORMULA.fullmatch(line):
            yield formula[1], "eq"


def _role(kind: str) -> str:
    if kind == "math":
        return "eq"
    return "numref" if kind in _NUMBERED else "ref"

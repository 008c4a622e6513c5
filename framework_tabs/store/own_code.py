"""The book's own code that its cells call (``depends_on``): its files, and all of it.

Python files count by what they do: comments, docstrings and layout are left out. What
a run used of it is told in ``ran``.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from .. import digest
from ..config import Framework, Settings

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<package>[\w.]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|.*)"
    r"|import[ \t]+(?P<modules>.*))",
    re.M,
)


def digest_of_all(
    framework: Framework, settings: Settings, sources: Iterable[str] = ()
) -> str:
    """Digest of all code that a framework's cells may call.

    Files that the framework ``ignores`` do not count, unless one of the cells
    (``sources``) imports them by name.
    """
    wanted = named(framework, settings, sources)
    return digest.of_named(
        (name, _code_digest(path.read_bytes(), path.suffix))
        for path in files(settings.depends_on)
        for name in [settings.relative(path)]
        if name in wanted or not is_ignored(name, framework)
    )


def named(
    framework: Framework, settings: Settings, sources: Iterable[str]
) -> frozenset[str]:
    """The ignored files that this code imports by name, or that those import.

    A script that a cell writes to a file counts like the cell's own code.
    """
    found: set[str] = set()
    waiting = list(sources)
    while waiting:
        for module in imported(waiting.pop()):
            path = settings.root / f"{module.replace('.', '/')}.py"
            name = settings.relative(path)
            if name not in found and is_ignored(name, framework) and path.is_file():
                found.add(name)
                waiting.append(path.read_text(encoding="utf-8"))
    return frozenset(found)


def imported(source: str) -> Iterator[str]:
    """The dotted names that a text of Python imports, which need not be modules.

    Read line by line: a cell may hold what only IPython understands.
    """
    for found in _IMPORT.finditer(source):
        package = found["package"]
        for name in re.findall(r"[\w.]+(?: +as +\w+)?", _listed(found)):
            name = name.split()[0]
            yield f"{package}.{name}" if package else name
        if package:
            yield package


def _listed(found: re.Match[str]) -> str:
    return re.sub(r"#.*", "", found["names"] or found["modules"])


def is_ignored(name: str, framework: Framework) -> bool:
    """Whether a framework never uses a file, by its name as seen from the root."""
    return any(name == i or name.startswith(f"{i}/") for i in framework.ignores)


def files(places: Iterable[Path]) -> Iterator[Path]:
    """The files in these folders, at any depth; what Python compiled is left out."""
    for place in places:
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


@cache
def _code_digest(content: bytes, suffix: str) -> str:
    if suffix == ".py":
        try:
            content = ast.dump(without_docstrings(ast.parse(content))).encode()
        except (SyntaxError, ValueError):
            pass  # not runnable as it stands: every byte counts
    return digest.of(content)


def without_docstrings(tree: ast.Module) -> ast.Module:
    """``tree``, and no docstring in it any longer."""
    for node in ast.walk(tree):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and ast.get_docstring(node, clean=False):
            del node.body[0]
    return tree

"""The pages of the book: which files they are, and what they are called.

Every page that Sphinx makes of a Markdown file may hold cells. It looks for files in
the whole folder of the book, leaves out what ``exclude_patterns`` name and, if the book
asks for that (``only_build_toc_files``), what is not in the table of contents. A file
that is no page is no chapter either: nobody would see its outputs.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from .._compat import is_myst_markdown_notebook
from ..config import ConfigError, Settings
from ..messages import _
from .cell import ChapterError

SUFFIX = ".md"
_WILD = re.compile(r"(\*\*|\*|\?|\[!?+\]?+[^\]]*\])")


def pages(settings: Settings) -> list[Path]:
    """Every Markdown page of the book, in alphabetical order."""
    names = _named_in(settings.toc, settings) if settings.toc else None
    return sorted(
        path
        for path in _found(settings)
        if names is None or names.fullmatch(_docname(path, settings))
    )


def drafts(settings: Settings) -> list[Path]:
    """Notebooks in ``chapters`` that are not in the table of contents."""
    if settings.toc is None:
        return []
    left = set(_found(settings)) - set(pages(settings))
    texts = (
        (path, path.read_text(encoding="utf-8-sig", errors="replace"))
        for path in sorted(left)
        if path.is_relative_to(settings.chapters)
    )
    return [path for path, text in texts if is_myst_markdown_notebook(text)]


def name_of(path: Path, settings: Settings) -> str:
    """What a page and its notebooks are called: its path below ``chapters``.

    A page outside is called by its path in the book; so is one in ``chapters`` whose
    short name is that of a page outside. No two pages have the same name.
    """
    name = _docname(path, settings)
    short = name.removeprefix("chapters/")
    taken = short != name and (settings.root / f"{short}{SUFFIX}").exists()
    return name if taken else short


def find(wanted: str, settings: Settings) -> list[Path]:
    """The pages that may be meant by a name, a path or the last part of one."""
    every = pages(settings)
    names = {path: name_of(path, settings) for path in every}
    plain = wanted.removesuffix(SUFFIX)
    return (
        [path for path in every if plain in (names[path], _docname(path, settings))]
        or [path for path in every if path == Path(f"{plain}{SUFFIX}").absolute()]
        or [path for path in every if path.stem == Path(wanted).stem]
    )


def _docname(path: Path, settings: Settings) -> str:
    return settings.relative(path).removesuffix(SUFFIX)


def _found(settings: Settings) -> Iterator[Path]:
    """Every Markdown file that Sphinx would find; it follows links to folders, too."""
    patterns = [*settings.exclude, "_build", settings.relative(settings.notebooks)]
    try:
        excluded = re.compile("|".join(map(_translated, patterns)))
    except re.error as error:
        told = _("{pattern} is no pattern: {error}. Correct it.")
        told = told.format(pattern=error.pattern, error=error)
        raise ConfigError("", told, "exclude_patterns") from None
    for folder, folders, files in os.walk(settings.root, followlinks=True):
        place = settings.relative(Path(folder))

        def is_kept(name: str, place: str = place) -> bool:
            path = name if place == "." else f"{place}/{name}"
            return not name.startswith(".") and not excluded.fullmatch(path)

        folders[:] = filter(is_kept, folders)
        markdown = (name for name in files if name.endswith(SUFFIX))
        yield from (Path(folder, name) for name in markdown if is_kept(name))


def _named_in(toc: Path, settings: Settings) -> re.Pattern[str]:
    """What matches the names of the pages in a table of contents."""
    line = 1
    try:
        return _contents(toc, toc.stat().st_mtime_ns)
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = str(getattr(error, "problem", None) or error)
    told = _("the table of contents cannot be read: {error}. Correct it.")
    raise ChapterError(settings.relative(toc), line, told.format(error=reason))


@lru_cache(maxsize=8)
def _contents(toc: Path, _changed: int) -> re.Pattern[str]:
    # With it comes docutils, and most books do without.
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    try:
        found = parse_toc_yaml(toc)
    except MalformedError as error:
        raise ValueError(error) from None
    names = [re.escape(name.removesuffix(SUFFIX)) for name in found]
    globs = [
        _translated(each) for page in found.values() for each in page.child_globs()
    ]
    return re.compile("|".join(names + globs))


def _translated(pattern: str) -> str:
    """A pattern of Sphinx as a regular expression.

    ``**`` is any text, ``*``, ``?`` and ``[…]`` do not match a slash.
    """
    parts = enumerate(_WILD.split(pattern))
    return "".join(_wild(part) if n % 2 else re.escape(part) for n, part in parts)


def _wild(part: str) -> str:
    known = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    if part in known:
        return known[part]
    content = part[1:-1].replace("\\", r"\\").replace("^", r"\^").replace("[", r"\[")
    return f"[^/{content[1:]}]" if content.startswith("!") else f"[{content}]"

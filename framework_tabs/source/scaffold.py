"""A new chapter: its file, which builds as it stands, and its line in ``_toc.yml``.

The table of contents is a file that authors write: one line is added to its text, and
everything else, comments too, stays as it is. Nothing is executed here.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..config import Settings, is_plain_sphinx
from ..messages import _, spoken
from ..templating import fill
from ..writing import write
from . import chapter as chapters
from .cell import ChapterError

TOC = "_toc.yml"
_LISTS = {"jb-book": "chapters", "jb-article": "sections"}
"""What the list of pages is called in a table of contents, by its format."""


class AuthoringError(Exception):
    """A chapter cannot be made; the message says what to do."""


def create(name: str, title: str, settings: Settings) -> Path:
    """Write a chapter to start from; the path of its file."""
    short = name.rpartition("/")[2]
    values = {"name": short, "title": title or _capitalised(short.replace("_", " "))}
    first, *_others = frameworks = list(settings.frameworks.values())
    values["kernel"] = first.kernel
    values["kernel_label"] = "Python 3" if first.kernel == "python3" else first.label
    text = fill("chapter.md", frameworks=frameworks, **values) + "\n"
    return add(name, text, settings)


def _capitalised(text: str) -> str:
    """Return text with its first letter large; in Turkish that of i is not I."""
    if spoken() == "tr":
        with contextlib.suppress(ImportError):
            from sphinx_turkish.words import capitalised

            return capitalised(text)
    return text[:1].upper() + text[1:]


def place(name: str, settings: Settings) -> Path:
    """Where a chapter with this name lies."""
    folder = settings.root if "/" in name else settings.chapters
    return folder / f"{name}.md"


def add(name: str, text: str, settings: Settings) -> Path:
    """Make ``text`` a chapter of the book: both files are written, or neither.

    It goes into ``chapters`` unless its name has a folder. A book of Sphinx alone has
    no file with the table of contents: its author puts the chapter into a toctree.
    Raises AuthoringError for a name that is no name or is taken.
    """
    path = place(name, settings)
    _check_name(name, path, settings)
    toc = settings.root / TOC
    contents = None
    if toc.exists() or not is_plain_sphinx(settings.root):
        contents = _with_entry(_read(toc), path, settings)
    made = [each for each in (path.parent, *path.parent.parents) if not each.exists()]
    write(path, text)
    try:
        chapters.read(path, settings)
        if contents is not None:
            write(toc, contents)
    except BaseException:
        path.unlink()
        for each in made:
            each.rmdir()
        raise
    return path


def _check_name(name: str, path: Path, settings: Settings) -> None:
    if not re.fullmatch(r"(?:[\w-]+/)*[a-z][a-z0-9_]*", name):
        raise AuthoringError(
            _(
                "“{name}” cannot be the name of a chapter: it is part of an address "
                "and of a file's name. Give one that begins with a-z and has a-z, 0-9 "
                "and _; write the title with --title."
            ).format(name=name)
        )
    if path.exists():
        raise AuthoringError(
            _("{path} is there already and stays as it is. Give another name.").format(
                path=settings.relative(path)
            )
        )


def _read(toc: Path) -> str:
    try:
        return toc.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AuthoringError(
            _(
                "{name} not found; there is no place for the chapter. Make the file, "
                "with the lines “format: jb-book” and “root: index”."
            ).format(name=toc.name)
        ) from None


def _with_entry(text: str, path: Path, settings: Settings) -> str:
    """The table of contents with a line more; nothing else in it changes.

    The line comes into the first list, behind its last chapter with cells of
    frameworks, else at its end; a table without pages gets its list.
    """
    entry = settings.relative(path).removesuffix(".md")
    try:
        pages = list(_pages(yaml.compose(text)))
        changed = _inserted(text, entry, _place(pages, settings))
        names = [page.name for page in _pages(yaml.compose(changed))]
        names.remove(entry)
        if names == [page.name for page in pages]:
            return changed
    except (yaml.YAMLError, ValueError):
        pass
    raise AuthoringError(
        _(
            "No line can be added to {name}. Write the pages one below the other, as "
            "“- file: chapter”, and repeat the command."
        ).format(name=TOC)
    )


@dataclass(frozen=True)
class _Page:
    """A page in the table of contents: where its entry begins and which line ends it.

    The entry of a page with sections ends behind these. ``group`` tells its list.
    """

    name: str
    group: int
    line: int
    column: int
    last_line: int


def _pages(node: yaml.Node | None) -> Iterator[_Page]:
    """Every page in a list below ``node``, in order."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            pairs = item.value if isinstance(item, yaml.MappingNode) else []
            for key, value in pairs:
                if key.value == "file":
                    start = key.start_mark
                    place = start.line, start.column, _end(item)
                    yield _Page(value.value, id(node), *place)
    values = node.value if isinstance(node, yaml.CollectionNode) else []
    for child in values:
        for inner in child if isinstance(child, tuple) else (child,):
            yield from _pages(inner)


def _end(node: yaml.Node) -> int:
    """The line of the last scalar in ``node``; its own mark is behind comments."""
    if isinstance(node, yaml.ScalarNode):
        return node.end_mark.line
    children = [c for v in node.value for c in (v if isinstance(v, tuple) else (v,))]
    return max(map(_end, children), default=node.start_mark.line)


def _place(pages: list[_Page], settings: Settings) -> _Page | None:
    first = [page for page in pages if page.group == pages[0].group]
    with_tabs = (page for page in reversed(first) if _uses_frameworks(page, settings))
    return next(with_tabs, first[-1] if first else None)


def _uses_frameworks(page: _Page, settings: Settings) -> bool:
    """Whether a page is a chapter with tabs; one that cannot be read is none."""
    try:
        path = settings.root / f"{page.name.removesuffix('.md')}.md"
        return chapters.read(path, settings).uses_frameworks
    except ChapterError:
        return False


def _inserted(text: str, entry: str, place: _Page | None) -> str:
    lines = text.splitlines()
    if place is None:
        table = yaml.safe_load(text) or {}
        if not isinstance(table, dict):
            raise ValueError(text)
        key = _LISTS.get(str(table.get("format")), "entries")
        return "\n".join([*lines, f"{key}:", f"- file: {entry}", ""])
    bullet = lines[place.line][: place.column]
    lines.insert(place.last_line + 1, f"{bullet}file: {entry}")
    return "\n".join([*lines, ""])

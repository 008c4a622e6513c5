"""Which of the book's own code a run used, in digests: what it was, what it is now.

A run's record keeps under ``ran``:

* ``files``: for each file of ``depends_on`` that was imported the digests of the
  functions that were entered and, under "", of everything outside of functions; one
  digest alone for a file that counts as a whole;
* ``missing``: the modules, without their endings, that were looked for in vain;
* ``data``: the digest of all that is no Python file;
* ``depends_on``: the folders and files that were watched.

A result stands as long as that is the same today. The record is made of what
``recorder.entered`` noted; if it knows too little there is none, and all of the book's
own code counts.
"""

import ast
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import decode_source
from pathlib import Path
from typing import Any

from .. import digest
from ..config import Framework, Settings
from ..messages import _
from ..recorder.entered import FACTS, MODULE, outermost
from .own_code import files, is_ignored, without_docstrings

Ran = dict[str, Any]

TOP_LEVEL = ""
DIGITS = 16
"""Of each digest: enough to tell versions of a function apart, and short."""
MOST_SHOWN = 5


@dataclass
class _Notes:
    """What the processes of a kernel noted, together."""

    facts: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    sources: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    entered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def noted(folder: Path, kernel: str, beginning: Ran, settings: Settings) -> Ran | None:
    """What a run used, from the notes in ``folder``; None if they are not complete.

    ``kernel`` is the file of the kernel's connection: the process that was started with
    it must have taken part. ``beginning`` are the surroundings in which it began.
    """
    if not (folder / FACTS).exists():
        return None
    notes = _read(folder)
    if notes.facts["everything"] or not any(
        kernel in command for command in notes.facts["process"]
    ):
        return None
    names = {place: _name(place, settings) for place in notes.sources}
    counted: dict[str, Any] = {
        names[place]: _counted(sources, notes.entered[place])
        for place, sources in notes.sources.items()
    }
    for (place,) in notes.facts["whole"]:
        [source, *others] = notes.sources.get(place) or [_text(Path(place))]
        counted[_name(place, settings)] = None if others else _whole(source)
    missing = {_name(place, settings) for (place,) in notes.facts["missing"]}
    return {
        "files": dict(sorted(counted.items())),
        "missing": sorted(missing),
        **beginning,
    }


def today(ran: Ran, framework: Framework, settings: Settings) -> Ran:
    """What the record of a run with the same code would be now."""
    return {
        "files": {
            name: _counted_today(name, counted, settings)
            for name, counted in ran["files"].items()
        },
        "missing": [
            name for name in ran["missing"] if not _is_module(_path(name, settings))
        ],
        **surroundings(framework, settings),
    }


def changes(ran: Ran | None, framework: Framework, settings: Settings) -> Iterator[str]:
    """Yield what is not as it was, in words; nothing if a run has no record of it."""
    if ran is None:
        return
    now = today(ran, framework, settings)
    for name, counted in ran["files"].items():
        yield from _changes(name, counted, now["files"][name])
    for name in ran["missing"]:
        if name not in now["missing"]:
            yield _("{name} is new").format(name=name)
    if ran["data"] != now["data"]:
        yield _("files that are no Python code changed")
    if ran["depends_on"] != now["depends_on"]:
        yield _("depends_on in the settings changed")


def listed(changed: list[str]) -> str:
    """The first of what changed, and how many more there are."""
    shown = "; ".join(changed[:MOST_SHOWN])
    if more := changed[MOST_SHOWN:]:
        shown += "; " + _("{count} more").format(count=len(more))
    return shown


def _changes(name: str, counted: Any, now: Any) -> Iterator[str]:
    if now is None:
        yield _("{name} is gone").format(name=name)
    elif isinstance(counted, dict):
        for part, known in counted.items():
            if known == now[part]:
                continue
            if part == TOP_LEVEL:
                told = _("{name}: code outside of functions changed")
            elif now[part] is None:
                told = _("{name}: {function} is gone")
            else:
                told = _("{name}: {function} changed")
            yield told.format(name=name, function=part)
    elif counted != now:
        yield _("{name} changed").format(name=name)


def _read(folder: Path) -> _Notes:
    notes = _Notes()
    with open(folder / FACTS, encoding="utf-8") as lines:
        for kind, *fact in map(json.loads, lines):
            notes.facts[kind].append(fact)
    for path in sorted(folder.glob(f"*{MODULE}")):
        module = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        marks = (folder / module["marks"]).read_bytes()
        notes.sources[module["file"]].add(module["source"])
        notes.entered[module["file"]] |= {
            name for number, name in module["functions"].items() if marks[int(number)]
        }
    return notes


def _counted(sources: set[str], entered: set[str]) -> dict[str, str | None]:
    """The digests of what counts; none where processes found different code."""
    wanted = [TOP_LEVEL, *sorted(entered)]
    if len(sources) > 1:
        return dict.fromkeys(wanted)
    (source,) = sources
    found = _parts(source)
    return {part: found.get(part) for part in wanted}


def _counted_today(name: str, counted: Any, settings: Settings) -> Any:
    """The digests of the same parts of a file, or of all; None if it is gone."""
    path = _path(name, settings)
    source = _text(path)
    if source is None or (path.with_suffix("") / "__init__.py").exists():
        return None  # a package of that name comes before the file
    if not isinstance(counted, dict):
        return _whole(source)
    found = _parts(source)
    return {part: found.get(part) for part in counted}


def _text(path: Path) -> str | None:
    try:
        return decode_source(path.read_bytes())
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


def _whole(source: str | None) -> str | None:
    return None if source is None else digest.of_json(_parts(source))[:DIGITS]


@cache
def _parts(source: str) -> Mapping[str, str]:
    """The digests of a file's outermost functions and of what lies outside of them.

    Outside are also the functions' names, parameters, defaults and decorators. Several
    functions of one name, such as those of a property, count together.
    """
    try:
        tree = without_docstrings(ast.parse(source))
    except (SyntaxError, ValueError):
        return {TOP_LEVEL: digest.of(source)[:DIGITS]}
    dumps: dict[str, str] = defaultdict(str)
    for name, function in list(outermost(tree)):
        dumps[name] += ast.dump(function)
        function.body = []
    dumps[TOP_LEVEL] = ast.dump(tree)
    return {name: digest.of(dump)[:DIGITS] for name, dump in dumps.items()}


def surroundings(framework: Framework, settings: Settings) -> Ran:
    """What counts for every run of a framework, whatever it entered."""
    found = files(settings.depends_on)
    data = (path for path in found if path.suffix != ".py")
    return {
        "data": digest.of_named(
            (name, digest.of_file(path))
            for path in data
            for name in [settings.relative(path)]
            if not is_ignored(name, framework)
        )[:DIGITS],
        "depends_on": [settings.relative(path) for path in settings.depends_on],
    }


def _is_module(path: Path) -> bool:
    return path.is_dir() or path.with_name(f"{path.name}.py").exists()


def _name(place: str, settings: Settings) -> str:
    """A place that a process noted, as seen from the root."""
    for root in settings.depends_on:
        below = os.path.relpath(place, os.path.realpath(root))
        if below == os.curdir:
            return settings.relative(root)
        if below.split(os.sep)[0] != os.pardir:
            return f"{settings.relative(root)}/{Path(below).as_posix()}"
    return place


def _path(name: str, settings: Settings) -> Path:
    """The file or folder that goes by this name; not where ``depends_on`` lacks it."""
    for root in settings.depends_on:
        place = settings.relative(root)
        if name == place or name.startswith(f"{place}/"):
            return Path(f"{root}{name[len(place) :]}")
    return settings.root / name

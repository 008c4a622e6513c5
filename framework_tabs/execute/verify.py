"""Check: are the stored notebooks what their chapters ask for?

Compares and reports, and changes nothing. A notebook is right if it is, byte for
byte, what ``split`` would write now and if every code cell has its outputs.
"""

import difflib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from nbformat import NotebookNode

from ..config import Framework, Settings
from ..messages import N_, _
from ..source.cell import Chapter
from ..split import notebook as notebooks
from ..store import files, own_code, ran, record, safe_outputs
from ..store.fingerprint import is_comparable
from ..store.record import MARK

_STATUS = {
    "missing": N_("no output; run execute."),
    "stale": N_("its output is old, or was changed since; run execute."),
}


def problems(chapters: list[Chapter], settings: Settings) -> list[str]:
    """One line for every difference between chapters and notebooks."""
    found = [
        _("{name}: no chapter has this notebook; delete it.").format(
            name=settings.relative(path)
        )
        for path in files.orphans(chapters, settings)
    ]
    for chapter in chapters:
        for framework in settings.runners_of(chapter).values():
            found += _problems(chapter, framework, settings)
    return found


def notices(chapters: list[Chapter], settings: Settings) -> list[str]:
    """One line for every notebook whose run used code of ``depends_on`` that changed.

    Only ``execute`` can tell whether that changes an output, so it is no failure.
    """
    return [
        notice
        for key in settings.runners
        for chapter in chapters
        if (framework := settings.runners_of(chapter).get(key))
        for notice in _notices(chapter, framework, settings)
    ]


def _notices(
    chapter: Chapter, framework: Framework, settings: Settings
) -> Iterator[str]:
    """Yield what there is to remark on a notebook.

    Digests compare within one minor version of Python, whose syntax tree they cover.
    """
    path = record.path_for(settings, framework.key, chapter)
    name = settings.relative(path)
    run = record.load(path).metadata.get(MARK, {}).get("run")
    if not run or not is_comparable(run["python"]):
        return
    if "ran" in run:
        if changed := list(ran.changes(run["ran"], framework, settings)):
            yield _(
                "{name}: code that ran has changed since ({changes}); to renew its "
                "outputs run execute."
            ).format(name=name, changes=ran.listed(changed))
        return
    sources = record.sources(chapter, framework.key)
    if run["depends_on"] != own_code.digest_of_all(framework, settings, sources):
        yield _(
            "{name}: the code that its cells call has changed since it was executed; "
            "to renew its outputs run execute."
        ).format(name=name)


def _problems(chapter: Chapter, framework: Framework, settings: Settings) -> list[str]:
    path = record.path_for(settings, framework.key, chapter)
    name = settings.relative(path)
    if not path.exists():
        return [_("{name}: no notebook; run split, then execute.").format(name=name)]
    expected = notebooks.build(chapter, framework, settings)
    found = _wrong_outputs(chapter, framework, settings)
    if path.read_bytes() != files.dumps(expected).encode():
        found = _differences(expected, record.load(path)) + found
        found = found or [_("the file is not what split writes; run split.")]
    return [f"{name}: {problem}" for problem in found]


def _wrong_outputs(
    chapter: Chapter, framework: Framework, settings: Settings
) -> list[str]:
    cells = record.outputs(chapter, framework.key, settings)
    refused = safe_outputs.problems(cells) if settings.refuses_active else ()
    place = _("code cell {number}/{count} ({file}:{line}): ")
    return [*refused] + [
        place.format(
            number=number,
            count=len(cells),
            file=chapter.source,
            line=found.cell.line,
        )
        + _(_STATUS[found.status])
        for number, found in enumerate(cells, 1)
        if found.status in _STATUS
    ]


def _differences(expected: NotebookNode, stored: NotebookNode) -> list[str]:
    """Where the cells differ, by their place in the stored notebook (from 1)."""
    ours, theirs = _contents(expected), _contents(stored)
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    found = []
    for what, start, end, first, last in matcher.get_opcodes():
        for old, new in zip_longest(range(start, end), range(first, last)):
            if what != "equal":
                found.append(_difference(old, new, start))
            elif _settings(stored.cells[old]) != _settings(expected.cells[new]):
                told = _("cell {number}: its tags or its id differ; run split.")
                found.append(told.format(number=old + 1))
    if _settings(stored) != _settings(expected):
        found.append(_("the notebook's metadata differ; run split."))
    return found


def _difference(old: int | None, new: int | None, start: int) -> str:
    if old is None:
        told = _("cell {number}: the cell that follows it is missing; run split.")
        return told.format(number=start)
    if new is None:
        told = _("cell {number}: not in the source; run split.")
        return told.format(number=old + 1)
    told = _("cell {number}: its content is not that of the source; run split.")
    return told.format(number=old + 1)


def _contents(notebook: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def _settings(node: NotebookNode) -> dict[str, Any]:
    """What ``split`` sets on a cell or notebook besides content; no run, no outputs."""
    mark = dict(node.metadata.get(MARK, {}))
    for made_by_execute in ("run", "executed", "outputs"):
        mark.pop(made_by_execute, None)
    metadata = {k: v for k, v in node.metadata.items() if k != MARK}
    return {"id": node.get("id"), "mark": mark, **metadata}

"""Gather: notebooks that several machines executed become those of the book.

All or none: a book whose outputs come from different data, budgets or versions would
compare what can not be compared. So every notebook must be there, executed for this
source, and rest on what the newest of its framework rests on. What the settings name
in ``per_framework`` may differ from one framework to the next; the pages then say so.
Nothing is run here, and neither frameworks nor data are needed.
"""

import glob
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from .. import writing
from ..config import Framework, Settings
from ..messages import _
from ..source.cell import Chapter
from ..split import notebook as notebooks
from ..store import files, ran, record
from ..store.fingerprint import Basis, Variable, for_run, is_comparable
from ..store.record import MARK, code_cells


class Incomplete(Exception):
    """There is no complete set; ``str()`` has a line for each gap."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """One notebook of the book, and its executed copies, the newest first."""

    chapter: Chapter
    framework: Framework
    copies: list[NotebookNode]

    @property
    def code(self) -> str:
        """The digest of its code, by the source as it is here."""
        return record.code_chain(self.chapter, self.framework.key)[-1][1]

    def basis_of(self, run: dict[str, Any], basis: Basis, settings: Settings) -> Basis:
        """``basis`` with the book's own code that counts for a run, as it is here."""
        sources = record.sources(self.chapter, self.framework.key)
        return for_run(basis, run, self.framework, settings, sources)


def gather(
    folders: list[Path], chapters: list[Chapter], settings: Settings
) -> list[Path]:
    """Put a complete set of executed notebooks in place; the paths written.

    Raises Incomplete, and then nothing has changed.
    """
    every = [
        Wanted(chapter, framework, _copies(folders, chapter, framework))
        for chapter in chapters
        for framework in settings.runners_of(chapter).values()
    ]
    bases = _bases(every, settings)
    chosen = {each: _chosen(each, bases, settings) for each in every}
    gaps = [_gap(each, bases, settings) for each, nb in chosen.items() if nb is None]
    if gaps:
        told = _("The notebooks are no complete set; no file was changed.")
        raise Incomplete("\n".join([told, *gaps]))
    return writing.write_all(
        {
            record.path_for(settings, w.framework.key, w.chapter): files.dumps(
                notebooks.build(w.chapter, w.framework, settings, nb)
            )
            for w, nb in chosen.items()
        }
    )


def _copies(
    folders: Iterable[Path], chapter: Chapter, framework: Framework
) -> list[NotebookNode]:
    """Return the executed copies of a notebook anywhere below ``folders``.

    Of those that began together the order is by content, whatever that of the folders.
    """
    place = glob.escape(f"{framework.key}/{chapter.name}.ipynb")
    paths = (path for folder in folders for path in Path(folder).rglob(place))
    found = [
        each for each in map(record.load, paths) if _run(each) and _is_of(each, chapter)
    ]
    return sorted(found, key=lambda nb: (_began(nb), files.dumps(nb)), reverse=True)


def _is_of(notebook: NotebookNode, chapter: Chapter) -> bool:
    """Say whether it is, and not that of a page with such a name in a folder."""
    return bool(notebook.metadata[MARK]["source"] == chapter.source)


def _run(notebook: NotebookNode) -> dict[str, Any]:
    run: dict[str, Any] = notebook.metadata.get(MARK, {}).get("run", {})
    return run


def _began(notebook: NotebookNode) -> datetime:
    return datetime.fromisoformat(_run(notebook)["started"])


def _bases(every: list[Wanted], settings: Settings) -> dict[Framework, Basis]:
    """Return what each framework's notebooks must rest on: what its newest does.

    Data and budget are those of the newest of all, unless frameworks may differ in
    them.
    """
    newest = {}
    for wanted in sorted(
        (w for w in every if w.copies), key=lambda w: _began(w.copies[0])
    ):
        newest[wanted.framework] = last = _run(wanted.copies[0])
    return {
        framework: Basis(
            kernel=framework.kernel,
            packages=run["packages"],
            python=run["python"],
            environment={
                name: _variable(name, run if name in settings.per_framework else last)
                for name in last["environment"]
            },
        )
        for framework, run in newest.items()
    }


def _variable(name: str, run: dict[str, Any]) -> Variable:
    return Variable(run["environment"].get(name), run.get("digests", {}).get(name))


def _chosen(
    wanted: Wanted, bases: dict[Framework, Basis], settings: Settings
) -> NotebookNode | None:
    """Return the newest copy that belongs to the set."""
    for notebook in wanted.copies:
        run = _run(notebook)
        basis = wanted.basis_of(run, bases[wanted.framework], settings)
        if run["key"] == basis.key(wanted.code) and _is_whole(notebook, wanted):
            return notebook
    return None


def _is_whole(notebook: NotebookNode, wanted: Wanted) -> bool:
    """Say whether every cell has the outputs of its code, none an unexpected error."""
    runner = wanted.framework
    cells = record.outputs_in(notebook, wanted.chapter, runner.key, runner.kernel)
    return all(cell.status == "fresh" for cell in cells) and not any(
        output.output_type == "error"
        for cell in code_cells(notebook)
        if "raises-exception" not in cell.metadata.get("tags", [])
        for output in cell.outputs
    )


def _gap(wanted: Wanted, bases: dict[Framework, Basis], settings: Settings) -> str:
    path = record.path_for(settings, wanted.framework.key, wanted.chapter)
    name = settings.relative(path)
    if not wanted.copies:
        told = _("{name}: executed in none of the folders; run its share.")
        return told.format(name=name)
    run = _run(wanted.copies[0])
    basis = wanted.basis_of(run, bases[wanted.framework], settings)
    differing = ", ".join(_differences(run, basis, wanted, settings))
    if differing:
        told = _("{name}: not as the others or the source: {differing}. Run it again.")
        return told.format(name=name, differing=differing)
    told = _("{name}: outputs missing, wrong or changed since. Run it again.")
    return told.format(name=name)


def _differences(
    run: dict[str, Any], basis: Basis, wanted: Wanted, settings: Settings
) -> Iterator[str]:
    """Yield what of a run is not as it must be."""
    if run["code"] != wanted.code:
        yield _("its code")
    if run["packages"] != basis.packages:
        yield _("versions of packages")
    if run["python"] != basis.python:
        yield _("version of Python ({version})").format(version=run["python"])
    if not is_comparable(run["python"]):
        told = _("version of Python ({version}; here {here})")
        yield told.format(version=run["python"], here=platform.python_version())
    elif run["depends_on"] != basis.depends_on:
        changed = list(ran.changes(run.get("ran"), wanted.framework, settings))
        details = f" ({ran.listed(changed)})" if changed else ""
        yield _("the code that it calls") + details
    for name, variable in basis.environment.items():
        if run.get("digests", {}).get(name) != variable.digest:
            value = run["environment"].get(name) or _("empty")
            yield f"{name} ({value})"

"""What a notebook on disk says of its run: outputs, and the code they belong to.

Beyond plain nbformat these are stored in it:

* ``cell.metadata.framework_tabs``: ``executed``, the digest of the chain of sources
  up to this cell when it ran, and ``outputs``, the digest of what it put out;
* ``metadata.framework_tabs``: ``framework``, ``source`` and, written by ``execute``
  alone, ``run``: what the outputs were made with.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from .. import digest
from ..config import Settings
from ..source.cell import Cell, Chapter

MARK = "framework_tabs"
"""The key of everything this package keeps in notebook and cell metadata."""

MIME_TYPE = "application/vnd.framework-tabs.result+json"
"""Data of a result that a cell leaves for the tables of the pages."""


EXECUTION_TAGS = ("raises-exception", "skip-execution")


@dataclass(frozen=True)
class CellOutputs:
    """The stored outputs of one code cell of one framework.

    ``status`` is "fresh" (they belong to the cell's code as it is), "stale" (made by
    other code, or changed since they were made) or "missing" (never executed);
    ``outputs`` is a list of nbformat outputs, empty if missing.
    """

    cell: Cell
    status: str
    outputs: list[NotebookNode] = field(default_factory=list)


def path_for(settings: Settings, framework_key: str, chapter: Chapter) -> Path:
    """Where the notebook of this framework and chapter lies: as pages do."""
    return settings.notebooks / framework_key / f"{chapter.name}.ipynb"


def code_chain(chapter: Chapter, framework_key: str) -> list[tuple[Cell, str]]:
    """The code cells of a framework, each with the digest of its chain.

    The digest (SHA-256) covers the sources of all code cells up to and including
    the cell itself, because each runs in the state that the ones before it left, and
    the tags that say how they run.
    """
    cells = [cell for cell in chapter.code_cells if cell.belongs_to(framework_key)]
    chain = digest.chain(map(_as_it_runs, cells))
    return list(zip(cells, chain, strict=True))


def _as_it_runs(cell: Cell) -> str:
    """A cell's code, and its tags if they say how it runs."""
    tags = execution_tags(cell.metadata)
    return json.dumps(cell.source) + (json.dumps(tags) if tags else "")


def execution_tags(metadata: dict[str, Any]) -> list[str]:
    """Those of a cell's tags that change what running it gives; others change looks."""
    return [tag for tag in EXECUTION_TAGS if tag in metadata.get("tags", [])]


def sources(chapter: Chapter, framework_key: str) -> list[str]:
    """The code of a framework's cells, in order."""
    return [cell.source for cell, _ in code_chain(chapter, framework_key)]


def outputs(
    chapter: Chapter, framework_key: str, settings: Settings
) -> list[CellOutputs]:
    """The stored outputs of a framework's code cells, in the chapter's order."""
    stored = load(path_for(settings, framework_key, chapter))
    kernel = settings.runners_of(chapter)[framework_key].kernel
    return outputs_in(stored, chapter, framework_key, kernel)


def outputs_in(
    stored: NotebookNode, chapter: Chapter, framework_key: str, kernel: str
) -> list[CellOutputs]:
    """The outputs that a notebook holds for a framework's code cells.

    A cell finds its outputs by its chain, if this kernel made them; failing that it is
    shown those of the stored cell at its place, as stale.
    """
    cells = code_cells(stored)
    chain = code_chain(chapter, framework_key)
    made = cells if is_of_kernel(stored, kernel) else []
    return [
        _outputs(cell, link, cells[place] if place < len(cells) else None, made)
        for place, (cell, link) in enumerate(chain)
    ]


def is_of_kernel(notebook: NotebookNode, kernel: str) -> bool:
    """Whether what a notebook holds was made by the kernel of this name."""
    return bool(notebook.metadata.get("kernelspec", {}).get("name") == kernel)


def _outputs(
    cell: Cell, link: str, in_place: NotebookNode | None, stored: list[NotebookNode]
) -> CellOutputs:
    found = next((c for c in stored if executed(c) == link), None)
    if found is not None:
        status = "fresh" if untouched(found) else "stale"
        return CellOutputs(cell, status, found.outputs)
    if in_place is not None and executed(in_place):
        return CellOutputs(cell, "stale", in_place.outputs)
    return CellOutputs(cell, "missing")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells of a notebook that come from its chapter, in order."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and not cell.metadata.get(MARK, {}).get("setup")
    ]


def executed(cell: NotebookNode) -> str | None:
    """The chain digest a stored cell was executed with, None if it never was."""
    digest: str | None = cell.metadata.get(MARK, {}).get("executed")
    return digest


def untouched(cell: NotebookNode) -> bool:
    """Whether a stored cell's outputs are those that its execution left."""
    left = cell.metadata.get(MARK, {}).get("outputs")
    return left is None or left == outputs_digest(cell)


def outputs_digest(cell: NotebookNode) -> str:
    """SHA-256 of a cell's outputs."""
    return digest.of_json(cell.outputs)


def mark_executed(cell: NotebookNode, link: str) -> None:
    """Record in ``cell`` that its outputs come from the code with this chain digest."""
    cell.metadata[MARK] = {"executed": link, "outputs": outputs_digest(cell)}


def folder_of_page(path: Path) -> Path | None:
    """The folder of the page that the notebook at ``path`` comes from, if of any.

    There its cells run, wherever the notebook itself lies in the book.
    """
    if path.suffix != ".ipynb":
        return None
    source = load(path).metadata.get(MARK, {}).get("source")
    roots = path.absolute().parents if source else ()
    pages = (root / source for root in roots)
    return next((page.parent for page in pages if page.is_file()), None)


def load(path: Path) -> NotebookNode:
    """The notebook at ``path``; an empty one if there is none or it is unreadable.

    An unreadable notebook has no outputs worth keeping, so it counts as absent: the
    next ``split`` replaces it and ``check`` reports it.
    """
    notebook: NotebookNode = v4.new_notebook()
    with suppress(
        FileNotFoundError, ValueError, nbformat.ValidationError, AttributeError
    ):
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    return notebook

"""Split: chapters to notebooks, one for each framework.

A notebook holds the cells and the prose of one framework, and keeps the outputs of
those cells whose code did not change. What is stored in it beyond plain nbformat:

* ``cell.metadata.framework_tabs``: ``executed``, the digest of the chain of sources
  up to this cell when it ran, and ``outputs``, the digest of what it put out;
* ``metadata.framework_tabs``: ``framework``, ``source`` and, written by ``execution``
  alone, ``run``: what the outputs were made with.

Running code is not done here.
"""

import glob
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import nbformat
from nbformat import NotebookNode, v4

from .chapter import Cell, Chapter, ChapterError
from .config import Framework, Settings
from .prose import IncludeError, Prose
from .references import Elsewhere

MARK = "framework_tabs"
"""The key of everything this package keeps in notebook and cell metadata."""


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
    """Where the notebook of this framework and chapter lies."""
    return settings.notebooks / framework_key / f"{chapter.name}.ipynb"


def code_chain(chapter: Chapter, framework_key: str) -> list[tuple[Cell, str]]:
    """The code cells of a framework, each with the digest of its chain.

    The digest (SHA-256) covers the sources of all code cells up to and including
    the cell itself, because each runs in the state that the ones before it left.
    """
    chain, result = hashlib.sha256(), []
    for cell in chapter.code_cells:
        if cell.belongs_to(framework_key):
            chain.update(json.dumps(cell.source).encode())
            result.append((cell, chain.hexdigest()))
    return result


def sources(chapter: Chapter, framework_key: str) -> list[str]:
    """The code of a framework's cells, in order."""
    return [cell.source for cell, _ in code_chain(chapter, framework_key)]


def outputs(
    chapter: Chapter, framework_key: str, settings: Settings
) -> list[CellOutputs]:
    """The stored outputs of a framework's code cells, in the chapter's order."""
    stored = load(path_for(settings, framework_key, chapter))
    return outputs_in(stored, chapter, framework_key)


def outputs_in(
    stored: NotebookNode, chapter: Chapter, framework_key: str
) -> list[CellOutputs]:
    """The outputs that a notebook holds for a framework's code cells.

    A cell finds its outputs by its chain; failing that it is shown those of the
    stored cell at its place, as stale.
    """
    cells = code_cells(stored)
    chain = code_chain(chapter, framework_key)
    return [
        _outputs(cell, digest, cells[place] if place < len(cells) else None, cells)
        for place, (cell, digest) in enumerate(chain)
    ]


def _outputs(
    cell: Cell, digest: str, in_place: NotebookNode | None, stored: list[NotebookNode]
) -> CellOutputs:
    found = next((c for c in stored if executed(c) == digest), None)
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
    return cell.metadata.get(MARK, {}).get("executed")


def untouched(cell: NotebookNode) -> bool:
    """Whether a stored cell's outputs are those that its execution left."""
    left = cell.metadata.get(MARK, {}).get("outputs")
    return left is None or left == outputs_digest(cell)


def outputs_digest(cell: NotebookNode) -> str:
    """SHA-256 of a cell's outputs."""
    text = json.dumps(cell.outputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def mark_executed(cell: NotebookNode, digest: str) -> None:
    """Record in ``cell`` that its outputs come from the code with this chain digest."""
    cell.metadata[MARK] = {"executed": digest, "outputs": outputs_digest(cell)}


def load(path: Path) -> NotebookNode:
    """The notebook at ``path``; an empty one if there is none or it is unreadable.

    An unreadable notebook has no outputs worth keeping, so it counts as absent: the
    next ``split`` replaces it and ``check`` reports it.
    """
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (FileNotFoundError, ValueError, nbformat.ValidationError, AttributeError):
        return v4.new_notebook()


def build(
    chapter: Chapter,
    framework: Framework,
    settings: Settings,
    stored: NotebookNode | None = None,
) -> NotebookNode:
    """The notebook that ``split`` writes, with the outputs that are still valid.

    They come from ``stored``, by default the notebook that is in its place.
    """
    if stored is None:
        stored = load(path_for(settings, framework.key, chapter))
    notebook = v4.new_notebook(metadata=_metadata(chapter, framework))
    notebook.cells = _cells(chapter, framework, settings)
    _keep_outputs(notebook, stored, [d for _, d in code_chain(chapter, framework.key)])
    return notebook


def dumps(notebook: NotebookNode) -> str:
    """The text of a notebook's file; raises if it is not valid nbformat."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def write(path: Path, text: str) -> bool:
    """Put ``text`` into ``path`` at one stroke; False if it was there already.

    A full disk or an interruption leaves the earlier file as it was.
    """
    return bool(write_all({path: text}))


def write_all(texts: dict[Path, str]) -> list[Path]:
    """Put each text into its file; the paths that changed.

    None is touched before all texts are on the disk.
    """
    changed = {path: text for path, text in texts.items() if not _holds(path, text)}
    staged = {
        path: path.with_name(f".{path.name}.{uuid4().hex}.tmp") for path in changed
    }
    try:
        for path, temporary in staged.items():
            _write_out(temporary, changed[path])
        for path, temporary in staged.items():
            os.replace(temporary, path)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return list(changed)


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


def _write_out(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def drop_leftovers(path: Path) -> None:
    """Delete what a ``write`` to ``path`` left that was killed on its way."""
    for temporary in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        temporary.unlink(missing_ok=True)


def split(chapters: list[Chapter], settings: Settings) -> list[Path]:
    """Write every notebook whose content changed; the paths written."""
    return [
        path
        for chapter in chapters
        for framework in settings.runners_of(chapter).values()
        if write(
            path := path_for(settings, framework.key, chapter),
            dumps(build(chapter, framework, settings)),
        )
    ]


def orphans(chapters: list[Chapter], settings: Settings) -> list[Path]:
    """Notebooks that no chapter or no framework stands for any longer."""
    wanted = {
        path_for(settings, key, chapter)
        for chapter in chapters
        for key in settings.runners_of(chapter)
    }
    found = settings.notebooks.glob("*/*.ipynb")
    return sorted(p for p in found if p not in wanted)


def _metadata(chapter: Chapter, framework: Framework) -> dict:
    """Fixed metadata, so that no machine's Python version makes a difference."""
    return {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": framework.kernel,
        },
        "language_info": {
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "pygments_lexer": "ipython3",
        },
        MARK: {"framework": framework.key, "source": chapter.source},
    }


def _cells(
    chapter: Chapter, framework: Framework, settings: Settings
) -> list[NotebookNode]:
    """Own and common cells, prose translated, below a first cell with the title."""
    mine = [cell for cell in chapter.cells if cell.belongs_to(framework.key)]
    folder = path_for(settings, framework.key, chapter).parent
    try:
        prose = Prose(
            framework.key,
            list(settings.frameworks),
            os.path.relpath(chapter.path.parent, folder),
            Elsewhere(framework.key, settings),
            chapter.path.parent,
        )
        texts = prose.translate(
            [c.source if c.kind == "markdown" else None for c in mine]
        )
    except IncludeError as error:
        raise ChapterError(chapter.source, 1, f"içerilen kod yok: {error}.") from None
    cells = [_first_cell(prose.title or chapter.name, chapter, framework)]
    cells += _setup_cell(framework, settings)
    for cell, text in zip(mine, texts, strict=True):
        cells += _cell(cell, text)
    for cell, identity in zip(cells, _identities(cells), strict=True):
        cell.id = identity
    return cells


def _cell(cell: Cell, text: str | None) -> list[NotebookNode]:
    """The notebook cell of a chapter's cell; none for prose that became empty."""
    if cell.kind == "markdown":
        return [v4.new_markdown_cell(text, metadata=cell.metadata)] if text else []
    new = v4.new_code_cell if cell.kind == "code" else v4.new_raw_cell
    return [new(cell.source, metadata=cell.metadata)]


def _first_cell(title: str, chapter: Chapter, framework: Framework) -> NotebookNode:
    return v4.new_markdown_cell(
        f"# {title}\n\n"
        f"*{framework.label} defteri.* Bu defter `{chapter.source}` kaynağından "
        "üretildi. Kalıcı değişiklikleri kaynakta yapın, ardından defteri "
        "`python -m framework_tabs split` komutuyla yenileyin; burada yapılanların "
        "üzerine yazılır."
    )


def _setup_cell(framework: Framework, settings: Settings) -> list[NotebookNode]:
    """The cell that installs the book's code where only the notebook is, as in Colab.

    It belongs to no chapter: where the code is at hand it does nothing.
    """
    if not (settings.repository and framework.install and settings.depends_on):
        return []
    requirement = framework.install.format(repository=settings.repository)
    source = (
        "# Kitabın kurulu olmadığı yerler için, örneğin Colab\n"
        "import importlib.util\n\n"
        f"if importlib.util.find_spec('{settings.depends_on[0].name}') is None:\n"
        f'    %pip install --quiet "{requirement}"'
    )
    metadata = {MARK: {"setup": True}, "tags": ["nbval-ignore-output"]}
    return [v4.new_code_cell(source, metadata=metadata)]


def _identities(cells: list[NotebookNode]) -> Iterator[str]:
    """A stable id for each cell: from its content, and a count if it is repeated."""
    seen: Counter[str] = Counter()
    for cell in cells:
        content = f"{cell.cell_type}\0{cell.source}"
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        seen[digest] += 1
        yield digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _keep_outputs(
    notebook: NotebookNode, stored: NotebookNode, chain: list[str]
) -> None:
    """Take over outputs by chain digest, and the record of the run they come from."""
    by_digest = {executed(cell): cell for cell in code_cells(stored)}
    kept = [
        (cell, by_digest[digest])
        for cell, digest in zip(code_cells(notebook), chain, strict=True)
        if digest in by_digest
    ]
    for cell, old in kept:
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
        cell.metadata[MARK] = old.metadata[MARK]
    run = stored.metadata.get(MARK, {}).get("run")
    if kept and run:
        notebook.metadata[MARK]["run"] = run

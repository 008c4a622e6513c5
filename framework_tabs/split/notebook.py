"""Split: chapters to notebooks, one for each framework.

A notebook holds the cells and the prose of one framework, and keeps the outputs of
those cells whose code did not change. What is stored in it besides is told in
``store.record``. Running code is not done here.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode, v4

from .. import digest
from ..config import Framework, Settings
from ..messages import _
from ..source.cell import Cell, Chapter, ChapterError
from ..store import language
from ..store.files import dumps
from ..store.record import (
    MARK,
    code_cells,
    code_chain,
    executed,
    is_of_kernel,
    load,
    path_for,
)
from ..writing import write
from . import glued
from .glued import Values
from .inclusion import IncludeError
from .labels import Labels
from .plain_markdown import Prose


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
    mark = {"framework": framework.key, "source": chapter.source}
    notebook: NotebookNode = v4.new_notebook(metadata={MARK: mark})
    chain = [digest for cell, digest in code_chain(chapter, framework.key)]
    if not is_of_kernel(stored, framework.kernel):
        stored = v4.new_notebook()
    valid = (cell for cell in code_cells(stored) if executed(cell) in chain)
    notebook.cells = _cells(chapter, framework, settings, glued.values(valid))
    _keep_outputs(notebook, stored, chain)
    notebook.metadata |= language.metadata(
        framework, notebook.metadata[MARK].get("run", {})
    )
    return notebook


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


def _cells(
    chapter: Chapter, framework: Framework, settings: Settings, values: Values
) -> list[NotebookNode]:
    """Own and common cells, prose translated, below a first cell with the title."""
    folder = path_for(settings, framework.key, chapter).parent
    prose = Prose(
        framework.key,
        Labels(chapter, framework.key, settings),
        settings,
        Path(os.path.relpath(chapter.path.parent, folder)).as_posix(),
        values,
    )
    mine: list[NotebookNode] = []
    for number, cell in enumerate(chapter.cells):
        if cell.belongs_to(framework.key):
            try:
                mine += _cell(cell, number, prose)
            except IncludeError as error:
                told = _("what is included here is not there: {error}.")
                told = told.format(error=error)
                raise ChapterError(chapter.source, cell.line, told) from None
    cells = [_first_cell(prose.title or chapter.name, chapter, framework)]
    cells += [*_setup_cell(framework, settings), *mine]
    for made, identity in zip(cells, _identities(cells), strict=True):
        made.id = identity
    return cells


def _cell(cell: Cell, number: int, prose: Prose) -> list[NotebookNode]:
    """The notebook cells of a chapter's cell; none for prose that became empty.

    What a code cell draws has its caption in a cell of prose, below it.
    """
    if cell.kind == "markdown":
        text = prose.cell(cell, number)
        return [v4.new_markdown_cell(text, metadata=cell.metadata)] if text else []
    new = v4.new_code_cell if cell.kind == "code" else v4.new_raw_cell
    caption = prose.below(cell, number) if cell.kind == "code" else ""
    below = [v4.new_markdown_cell(caption)] if caption else []
    return [new(cell.source, metadata=cell.metadata), *below]


def _first_cell(title: str, chapter: Chapter, framework: Framework) -> NotebookNode:
    told = _(
        "*{label} notebook.* It was made from `{source}`. Make lasting changes there "
        "and renew the notebook with `python -m framework_tabs split`; what is changed "
        "here will be overwritten."
    )
    told = told.format(label=framework.label, source=chapter.source)
    first: NotebookNode = v4.new_markdown_cell(f"# {title}\n\n{told}")
    return first


def _setup_cell(framework: Framework, settings: Settings) -> list[NotebookNode]:
    """The cell that installs the book's code where only the notebook is, as in Colab.

    It belongs to no chapter: where the code is at hand it does nothing.
    """
    if not (settings.repository and framework.install and settings.depends_on):
        return []
    requirement = framework.install.format(repository=settings.repository)
    told = _("For places where the book is not installed, such as Colab")
    source = (
        f"# {told}\n"
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
        name = digest.of(f"{cell.cell_type}\0{cell.source}")[:16]
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def _keep_outputs(
    notebook: NotebookNode, stored: NotebookNode, chain: list[str]
) -> None:
    """Take over outputs by chain digest, and the record of the run they come from."""
    by_digest = {executed(cell): cell for cell in code_cells(stored)}
    kept = [
        (cell, by_digest[link])
        for cell, link in zip(code_cells(notebook), chain, strict=True)
        if link in by_digest
    ]
    for cell, old in kept:
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
        cell.metadata[MARK] = old.metadata[MARK]
    run = stored.metadata.get(MARK, {}).get("run")
    if kept and run:
        notebook.metadata[MARK]["run"] = run

"""Split: chapters to notebooks, one for each framework.

A notebook holds the cells and the prose of one framework, and keeps the outputs of
those cells whose code did not change. What is stored in it besides is told in
``store.record``. Running code is not done here.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode, v4

from ..config import Framework, Settings
from ..messages import _
from ..source.cell import Cell, Chapter, ChapterError
from ..store.files import dumps
from ..store.record import MARK, code_cells, code_chain, executed, load, path_for
from ..writing import write
from .labels import Elsewhere
from .plain_markdown import IncludeError, Prose


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
    _keep_outputs(
        notebook, stored, [d for each, d in code_chain(chapter, framework.key)]
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
        told = _("included code is not there: {error}.").format(error=error)
        raise ChapterError(chapter.source, 1, told) from None
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
    told = _(
        "*{label} notebook.* It was made from `{source}`. Make lasting changes there "
        "and renew the notebook with `python -m framework_tabs split`; what is changed "
        "here will be overwritten."
    )
    told = told.format(label=framework.label, source=chapter.source)
    return v4.new_markdown_cell(f"# {title}\n\n{told}")


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

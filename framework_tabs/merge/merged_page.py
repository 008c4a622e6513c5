"""Makes the merged page of a chapter: a notebook with the outputs of all frameworks.

The page is only for myst-nb to render: it can not be run, and it is not kept. Which
cells become tabs is written into their metadata; ``tabs`` turns that into tabs.
"""

import re
from copy import deepcopy

from nbformat import NotebookNode, v4

from .._compat import coalesce_streams, read_myst_markdown_notebook
from ..messages import N_, _
from ..store import safe_outputs
from ..store.record import MARK, MIME_TYPE
from ..store.safe_outputs import SHOWN
from . import glue, languages
from .lasting import lasting
from .tabs import PROSE

OUTDATED = {
    "stale": N_("The cell has changed; the output below is not of its present form."),
    "missing": N_("The cell has not been executed yet; it has no output."),
}
"""What a preview says above the outputs of a cell, by their status."""


def read(
    text, *, config, chapter, results, lexers, kinds=SHOWN, preview=False
) -> NotebookNode:
    """Return the merged page of ``chapter`` as a notebook for myst-nb.

    ``text`` is the chapter's source as Sphinx read it, ``config`` says how its Markdown
    is parsed, and ``chapter`` is the same source, read into cells. ``results`` are for
    each framework what ``record.outputs`` returned, ``lexers`` the names of their
    languages for highlighting, ``kinds`` the kinds of output that can be shown; in a
    ``preview`` outputs that do not belong to the code are shown, too, below a note.
    """
    page = read_myst_markdown_notebook(text, config, chapter.path)
    outputs = {
        key: _outputs_by_line(each, kinds, preview) for key, each in results.items()
    }
    glued = glue.take(outputs)
    cells: list[NotebookNode] = []
    lines: list[int] = []
    for cell, line, source in zip(
        page.cells, page.metadata.source_map, chapter.cells, strict=True
    ):
        if cell.cell_type == "code":
            parts = _with_outputs(cell, source, outputs, len(cells))
            parts[0].outputs = [*parts[0].outputs, *glued.get(source.line, [])]
            for part in parts:
                languages.mark(part, source, lexers)
        elif source.framework:
            parts = [_of_one_framework(cell, source.framework)]
        else:
            parts = [cell]
        cells += parts
        lines += [line] * len(parts)
    page.cells = cells
    page.metadata.source_map = lines
    _describe(page, languages.of_page(lexers))
    return page


def _describe(page: NotebookNode, lexer: str) -> None:
    """Name the language for highlighting, but nothing to run the page with.

    The book theme offers to launch whatever page has a kernel, and myst-nb runs a page
    whose own header asks for that.
    """
    page.metadata.pop("kernelspec", None)
    page.metadata.get("mystnb", {}).pop("execution_mode", None)
    page.metadata["language_info"] = {"name": lexer, "pygments_lexer": lexer}


def _outputs_by_line(results, kinds, preview: bool) -> dict[int, list]:
    """Return outputs by the line of their cell.

    Only those that belong to its code, except in a preview, which marks the others.
    """
    return {
        result.cell.line: [
            *_note(result.status),
            *_shown(coalesce_streams(deepcopy(result.outputs)), kinds),
        ]
        for result in results
        if preview or result.status == "fresh"
    }


def _note(status: str) -> list[NotebookNode]:
    """Return what is to be said of outputs that do not belong to their code."""
    if status not in OUTDATED:
        return []
    html = f'<p class="preview-outdated">{_(OUTDATED[status])}</p>'
    return [v4.new_output("display_data", {"text/html": html})]


def _shown(outputs: list, kinds) -> list:
    """Return outputs as a page shows them.

    That is without the data of results, which only tables read, and without what
    would run in a browser.
    """
    for output in outputs:
        output.get("data", {}).pop(MIME_TYPE, None)
    return [safe_outputs.passive(output, kinds) for output in outputs]


def _with_outputs(cell, source, outputs, number) -> list[NotebookNode]:
    """Return the cells that show ``cell``: itself, and perhaps outputs in tabs."""
    if source.framework:
        cell.outputs = outputs[source.framework].get(source.line, [])
        cell.metadata[MARK] = {"framework": source.framework}
        return [cell]
    found = {key: by_line.get(source.line, []) for key, by_line in outputs.items()}
    first, *others = found.values()
    if all(_content(other) == _content(first) for other in others):
        cell.outputs = first
        return [cell]
    shown = [_output_cell(cell, key, found[key], number) for key in found]
    for copy in shown[1:]:
        _drop_figure_name(copy)
    # Together with "remove-input" this leaves nothing, so myst-nb drops the cell.
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), "remove-output"]
    return [cell, *shown]


def _content(outputs) -> list[dict]:
    """Return outputs without what may differ while a reader sees the same."""
    unseen = {"execution_count", "metadata"}
    return [
        {k: lasting(v) for k, v in output.items() if k not in unseen}
        for output in outputs
    ]


def _output_cell(cell, framework, outputs, number) -> NotebookNode:
    """Return a cell that shows only the outputs of a common cell in one framework.

    It keeps the source because myst-nb skips cells without one. ``outputs_of`` tells
    these tabs from those of the cells around them.
    """
    copy = deepcopy(cell)
    copy.id = f"{cell.id}-{framework}"
    copy.outputs = outputs
    copy.metadata["tags"] = [*cell.metadata.get("tags", []), "remove-input"]
    copy.metadata[MARK] = {"framework": framework, "outputs_of": number}
    return copy


def _drop_figure_name(cell: NotebookNode) -> None:
    """Let only the first of several alike figures keep the name to refer to."""
    cell.metadata.get("mystnb", {}).get("figure", {}).pop("name", None)


def _of_one_framework(cell, framework: str) -> NotebookNode:
    """Return a cell that is no code so that what it shows is known for a framework's.

    Markdown becomes the content of a directive, since myst-nb forgets which cell it
    comes from; what is raw becomes the output of a cell, of which it does not forget.
    """
    if cell.cell_type == "markdown":
        longest = max(map(len, re.findall("`+", cell.source)), default=0)
        fence = "`" * max(3, longest + 1)
        text = f"{fence}{{{PROSE}}} {framework}\n{cell.source}\n{fence}"
        return v4.new_markdown_cell(text, metadata=cell.metadata)
    kind = cell.metadata.get("format")
    shown = [v4.new_output("display_data", {kind: cell.source})] if kind else []
    tags = [*cell.metadata.get("tags", []), "remove-input"]
    mark = {"framework": framework, "kind": "raw"}
    metadata = {**cell.metadata, "tags": tags, MARK: mark}
    return v4.new_code_cell(cell.source, metadata=metadata, outputs=shown)

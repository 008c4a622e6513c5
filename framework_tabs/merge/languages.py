"""The language of each cell on a page, in which its code is highlighted.

MyST-NB knows one language for all of a notebook. The frameworks of a book may have
several: then a cell has its own, and one that all of them run is shown plainly.
"""

from typing import Any

from docutils import nodes
from nbformat import NotebookNode
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from ..config import Framework
from ..source.cell import Cell
from ..store import language
from ..store.record import MARK, is_of_kernel

PLAIN = "text"
OF_OUTPUTS = "myst-ansi"
PYTHON = language.lexer(language.PYTHON)


def lexers(runners: dict[str, Framework], stored: dict[str, NotebookNode]) -> dict:
    """Return for each runner of a page the lexer of its language."""
    return {
        key: _known(_language_info(runner, stored[key]))
        for key, runner in runners.items()
    }


def _language_info(runner: Framework, stored: NotebookNode) -> dict:
    """Return what the notebook says, if that is of this kernel."""
    metadata = stored.metadata
    if not is_of_kernel(stored, runner.kernel) or "language_info" not in metadata:
        metadata = language.metadata(runner, {})
    return metadata["language_info"]


def _known(language_info: dict) -> str:
    name = language.lexer(language_info)
    try:
        find_lexer_class_by_name(name)
    except ClassNotFound:
        return PLAIN
    return name


def mark(shown: NotebookNode, cell: Cell, found: dict[str, str]) -> None:
    """Note the language of ``cell`` on what shows it, unless it is the page's."""
    own = found[cell.framework] if cell.framework else _common(found)
    if own != of_page(found):
        shown.metadata.setdefault(MARK, {})["lexer"] = own
    if own != PYTHON:
        # By itself MyST-NB takes every error for one of Python.
        shown.metadata.setdefault("mystnb", {}).setdefault("error_lexer", OF_OUTPUTS)


def of_page(found: dict[str, str]) -> str:
    """Return the language that a page has where its cells say nothing else."""
    return next(iter(found.values()), PYTHON)


def _common(found: dict[str, str]) -> str:
    return of_page(found) if len(set(found.values())) == 1 else PLAIN


def highlight(document: nodes.document) -> None:
    """Give the code of marked cells their language."""
    for shown in document.findall(nodes.container):
        metadata: dict[str, Any] = shown.get("cell_metadata", {})
        name = metadata.get(MARK, {}).get("lexer")
        if name and shown.get("nb_element") == "cell_code":
            for code in shown.children:
                if code.get("nb_element") == "cell_code_source":
                    for block in code.findall(nodes.literal_block):
                        block["language"] = name

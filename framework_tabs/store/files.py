"""The files of notebooks: their text, and those that no chapter has any longer."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ..config import Settings
from ..source.cell import Chapter
from .record import path_for


def dumps(notebook: NotebookNode) -> str:
    """The text of a notebook's file; raises if it is not valid nbformat."""
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


def orphans(chapters: list[Chapter], settings: Settings) -> list[Path]:
    """Notebooks that no chapter or no framework stands for any longer."""
    wanted = {
        path_for(settings, key, chapter)
        for chapter in chapters
        for key in settings.runners_of(chapter)
    }
    return [path for path in stored(settings) if path not in wanted]


def stored(settings: Settings) -> list[Path]:
    """Every notebook in the folder of notebooks; none of Jupyter's own copies."""
    found = settings.notebooks.rglob("*.ipynb")
    return sorted(
        path
        for path in found
        if not any(
            part.startswith(".") for part in path.relative_to(settings.notebooks).parts
        )
    )

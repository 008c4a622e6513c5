"""What the labels of other chapters name, for references from notebook to notebook.

On the site Sphinx resolves references. A notebook stands alone: there a reference to
another chapter shows the title or the number that it names, and leads to that chapter's
notebook if it has one.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ..config import Settings
from ..messages import spoken
from ..source import chapter as chapters
from ..source.cell import Chapter, ChapterError
from .place import Place
from .plain_markdown import Prose

_indices: dict[str, tuple[tuple, "_Index"]] = {}
"""For each runner the latest index, and the state of the book that it is of."""


class Elsewhere:
    """What the labels of all chapters name, for a notebook of one runner.

    Other chapters are read only once a label is asked for, and once for all notebooks
    as long as no chapter changes. A chapter that cannot be read matters only to those
    who ask for a label of its own.
    """

    def __init__(self, runner: str, settings: Settings):
        self._runner, self._settings = runner, settings

    def get(self, label: str) -> Place | None:
        """Return what ``label`` names; raises ChapterError where that is unreadable."""
        if label in self._index.places:
            return self._index.places[label]
        for text, error in self._index.malformed:
            if label in text:
                raise error
        return None

    @property
    def places(self) -> dict[str, Place]:
        """What every label of the chapters that can be read names."""
        return self._index.places

    @cached_property
    def _index(self) -> "_Index":
        paths = sorted(self._settings.chapters.glob("*.md"))
        times = [(path, path.stat().st_mtime_ns) for path in paths]
        state = (repr(self._settings), spoken(), times)
        known, index = _indices.get(self._runner, (None, None))
        if known != state:
            index = _read(paths, self._runner, self._settings)
            _indices[self._runner] = (state, index)
        return index


@dataclass
class _Index:
    """What labels name, and text and error of each chapter that cannot be read."""

    places: dict[str, Place] = field(default_factory=dict)
    malformed: list[tuple[str, ChapterError]] = field(default_factory=list)


def _read(paths: list[Path], runner: str, settings: Settings) -> _Index:
    index = _Index()
    for path in paths:
        try:
            index.places |= _places(chapters.read(path, settings), runner, settings)
        except ChapterError as error:
            text = path.read_text(encoding="utf-8", errors="replace")
            index.malformed.append((text, error))
    return index


def _places(other: Chapter, runner: str, settings: Settings) -> dict[str, Place]:
    """Return what the labels of a chapter name, with the way to its notebook."""
    runners = list(settings.runners_of(other))
    own = runner if runner in runners else runners[0]
    folder = "" if own == runner else f"../{own}/"
    notebook = f"{folder}{other.name}.ipynb" if other.code_cells else ""
    prose = Prose(own, list(settings.frameworks), "", source=other.path.parent)
    prose.translate(
        [cell.source if cell.kind == "markdown" else None for cell in other.cells]
    )
    return {
        label: replace(place, notebook=notebook, is_section=False)
        for label, place in prose.places.items()
        if label
    }

"""What the labels of other chapters name, for references from notebook to notebook.

On the site Sphinx resolves references. A notebook stands alone: there a reference to
another chapter shows the title or the number that it names, and leads to that chapter's
notebook if it has one.
"""

from dataclasses import replace

from . import chapter as chapters
from .chapter import Chapter
from .config import Settings
from .prose import Place, Prose

_named: dict[tuple, dict[str, Place]] = {}
"""What was found in a chapter: by its path, its time of change, and the framework."""


def elsewhere(chapter: Chapter, runner: str, settings: Settings) -> dict[str, Place]:
    """Return what the labels of all chapters but ``chapter`` name.

    ``runner`` is the key of what runs the notebook that refers to them; links lead to
    notebooks of the same framework where there are some.
    """
    found = {}
    for path in sorted(settings.chapters.glob("*.md")):
        key = (path, path.stat().st_mtime_ns, runner)
        if path != chapter.path:
            if key not in _named:
                _named[key] = _places(chapters.read(path, settings), runner, settings)
            found |= _named[key]
    return found


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

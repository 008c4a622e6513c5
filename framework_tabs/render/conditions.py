"""Says on a page in what its frameworks' results differ beside the framework itself.

Only variables that the settings name in ``per_framework`` can: with another budget, for
example, a network is trained on fewer images. Who compares two tabs or two columns of a
table has to know.
"""

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

from ..config import Settings
from ..merge.page_facts import recall, settings_of
from ..messages import _
from ..store import record

CLASS = "run-conditions"


class Conditions(SphinxTransform):
    """Puts a note below the title of a page whose tabs were made differently."""

    # Before the page's tabs and lists are made of what the page holds.
    default_priority = 180

    def apply(self, **kwargs) -> None:
        """Add the note, if there is anything to say."""
        found = recall(self.env, self.env.docname).get("notebooks", {})
        notebooks = [(key, Path(path)) for key, path in found.items()]
        note = note_on(notebooks, settings_of(self.env))
        title = next(self.document.findall(nodes.title), None)
        if note and title:
            title.parent.insert(title.parent.index(title) + 1, note)


def note_on(
    notebooks: Iterable[tuple[str, Path]], settings: Settings
) -> nodes.paragraph | None:
    """Return what is to be said of notebooks, each given with its framework's key."""
    if not settings.per_framework:
        return None
    values: dict[str, list[str]] = {}
    for key, path in notebooks:
        run = record.load(path).metadata.get(record.MARK, {}).get("run")
        if run and key in settings.frameworks:
            label = settings.frameworks[key].label
            values.setdefault(label, []).append(_differing(run, settings))
    if len({value for each in values.values() for value in each}) < 2:
        return None
    told = _("The frameworks' outputs were made under different conditions: {how}.")
    text = told.format(how=by_framework(values))
    return nodes.paragraph(text, text, classes=[CLASS])


def _differing(run: dict, settings: Settings) -> str:
    """Return the variables in which frameworks may differ, as one would type them."""
    values = ((name, run["environment"].get(name)) for name in settings.per_framework)
    return ", ".join(f"{name}={value or ''}" for name, value in values)


def by_framework(values: dict[str, list[str]]) -> str:
    """Return for example ``MXNet: cpu; PyTorch, TensorFlow: full``."""
    groups: dict[str, list[str]] = {}
    for label, each in values.items():
        groups.setdefault(" / ".join(dict.fromkeys(each)), []).append(label)
    return "; ".join(f"{', '.join(labels)}: {v}" for v, labels in groups.items())

"""The ``reference-runs`` directive: what the outputs in the book were made with.

Everything is read from the notebooks themselves, so it can not say anything else than
what was recorded when they were executed: first the facts, such as machine and
versions, then the time and the memory that each chapter took.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..config import Settings
from ..merge.page_facts import recorded_notebooks, remember, settings_of
from ..messages import _, locale, ngettext
from ..store import record
from . import tables
from .conditions import by_framework

GIGABYTE = 10**9

Runs = dict[str, dict[str, dict]]
"""By the chapter's source and the key of what ran it: what its run recorded."""


class ReferenceRuns(SphinxDirective):
    """Show the executed notebooks of the book; the directive takes no options."""

    def run(self) -> list[nodes.Node]:
        """Return two tables, or a sentence if no notebook was executed."""
        settings, runs = settings_of(self.env), self._runs()
        if not runs:
            told = _("No notebook has been executed yet.")
            return [nodes.paragraph(told, told)]
        return [_facts(runs, settings), self._durations(runs, settings)]

    def _runs(self) -> Runs:
        """Return what the notebooks recorded, in the order of the book's contents."""
        paths = recorded_notebooks(settings_of(self.env))
        remember(self.env, runs_of=[str(path) for path in paths])
        runs: Runs = {}
        for path in paths:
            self.env.note_dependency(str(path))
            recorded = record.load(path).metadata.get(record.MARK, {})
            if recorded.get("run"):
                chapter = runs.setdefault(recorded["source"], {})
                chapter[recorded["framework"]] = recorded["run"]
        # sphinx-external-toc keeps the contents; without it the order is alphabetical.
        contents = list(getattr(self.env, "external_site_map", None) or ())
        place = {docname: number for number, docname in enumerate(contents)}
        order = sorted(runs, key=lambda s: place.get(self._docname(s), len(place)))
        return {source: runs[source] for source in order}

    def _docname(self, source: str) -> str:
        return self.env.path2doc(str(Path(self.env.srcdir, source))) or ""

    def _durations(self, runs: Runs, settings: Settings) -> nodes.table:
        """Return one row for each chapter and one column for each framework."""
        header = [_("Chapter"), *(each.label for each in settings.frameworks.values())]
        rows = [
            [self._chapter(source), *_cost_cells(found, settings)]
            for source, found in runs.items()
        ]
        rows.append([_("Total"), *_sums(runs, settings)])
        return tables.table(header, rows, classes=["reference-runs"])

    def _chapter(self, source: str) -> nodes.Node:
        """Return a link to the chapter that bears its title."""
        docname = self._docname(source)
        if docname not in self.env.found_docs:
            return nodes.literal(source, source)
        return tables.page_link(self.env, docname)


def _cost_cells(found: dict[str, dict], settings: Settings) -> Iterator[tables.Cell]:
    """Yield time and memory in each framework; across all columns if run once."""
    for key, each in settings.common.items():
        if key in found:
            once = _("{cost} (once, {label})")
            once = once.format(cost=_cost(found[key]), label=each.label)
            yield tables.Cell(once, columns=len(settings.frameworks))
            return
    for key in settings.frameworks:
        yield tables.Cell(_cost(found[key]) if key in found else "–")


def _cost(run: dict) -> str:
    """Return for example ``15 min 3 s, 3.2 GB``."""
    parts = [duration(run["seconds"])]
    if run.get("peak_memory"):
        parts.append(f"{_decimal(run['peak_memory'] / GIGABYTE)} GB")
    return ", ".join(parts)


def _sums(runs: Runs, settings: Settings) -> Iterator[str]:
    """Yield how long all notebooks of each framework took together."""
    for key in settings.frameworks:
        yield duration(
            sum(found[key]["seconds"] for found in runs.values() if key in found)
        )


def _facts(runs: Runs, settings: Settings) -> nodes.table:
    """Return a table of what holds for the runs, each value once."""
    every = [(key, run) for found in runs.values() for key, run in found.items()]
    labels = {key: each.label for key, each in settings.runners.items()}
    said = {
        _("Environment variables"): _environment,
        _("Date"): _date,
        _("Python version"): lambda run: run["python"],
        _("Machine"): lambda run: run["machine"],
    }
    facts = {
        name: _summed_up(
            [(labels[owner], told) for owner, run in every if (told := tell(run))]
        )
        for name, tell in said.items()
    }
    for key, label in labels.items():
        facts[label] = _counted(_versions(run) for owner, run in every if owner == key)
    rows = [[name, value] for name, value in facts.items() if value]
    total = duration(sum(run["seconds"] for owner, run in every))
    rows.append([_("Total time"), _with_count(total, len(every))])
    return tables.table([], rows, classes=["run-facts"])


def _summed_up(values: list[tuple[str, str]]) -> str:
    """Return each framework's value if they differ by that alone; else their counts."""
    found: dict[str, list[str]] = {}
    for label, value in values:
        found.setdefault(label, []).append(value)
    if len({value for label, value in values}) > 1 and all(
        len(set(each)) == 1 for each in found.values()
    ):
        return by_framework(found)
    return _counted(value for label, value in values)


def _counted(values: Iterable[str]) -> str:
    """Return the one value or, if there are more, each with its number of notebooks."""
    counts = Counter(values)
    if len(counts) < 2:
        return "".join(counts)
    return "; ".join(_with_count(value, count) for value, count in counts.items())


def _with_count(value: str, count: int) -> str:
    """Return a value with the number of notebooks that it holds for."""
    told = ngettext("{value} ({count} notebook)", "{value} ({count} notebooks)", count)
    return told.format(value=value, count=count)


def _environment(run: dict) -> str:
    """Return the variables that were set, as one would type them."""
    values = run["environment"].items()
    given = [f"{name}={value}" for name, value in values if value is not None]
    return ", ".join(given) or _("default")


def _date(run: dict) -> str:
    return format_date(datetime.fromisoformat(run["started"]), "long", locale=locale())


def _versions(run: dict) -> str:
    """Return for example ``torch 2.13.0, numpy 1.26.4``."""
    return ", ".join(f"{name} {version}" for name, version in run["packages"].items())


def _decimal(number: float) -> str:
    return format_decimal(number, format="0.0", locale=locale())


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: ``24 min 10 s``."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        (hours, _("{number} h")),
        (minutes, _("{number} min")),
        (seconds, _("{number} s")),
    ]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    return " ".join(text.format(number=number) for number, text in parts[:2])

"""The ``results-table`` directive: one value of many experiments, from the notebooks.

A cell leaves a result in its notebook as data of the type ``MIME_TYPE``: an object with
a ``name`` and numbers. The table has a row for each name, in the order of the chapters
and of their cells, and a column for each framework; nothing in it is typed by hand.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.numbers import format_decimal
from docutils import nodes
from docutils.parsers.rst import directives
from nbformat import NotebookNode
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ..config import Settings
from ..merge.page_facts import settings_of
from ..messages import _, locale
from ..source import chapter, pages
from ..source.cell import Chapter, ChapterError
from ..store import record
from ..store.record import MIME_TYPE
from . import tables
from .conditions import note_on

LOGGER = logging.getLogger(__name__)

# How a value is written: babel's pattern.
FORMATS = {
    "test_accuracy": "0.000",
    "train_accuracy": "0.000",
    "test_loss": "0.000",
    "train_loss": "0.000",
    "seconds": "#,##0.0",
    "examples_per_second": "#,##0",
    "parameters": "#,##0",
}


class ResultsTable(SphinxDirective):
    """Show the results that the notebooks of some chapters hold.

    The argument is the caption; ``chapters`` are names of chapters, ``value`` is the
    number to show. A result that lacks this number in every framework is left out.
    """

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {
        "name": directives.unchanged,
        "chapters": directives.unchanged_required,
        "value": lambda text: directives.choice(text, tuple(FORMATS)),
    }

    def run(self) -> list[nodes.Node]:
        """Return the table; a warning and nothing if there is no result."""
        settings, value = settings_of(self.env), self.options["value"]
        names = self.options["chapters"].split()
        rows = [row for name in names for row in self._rows(name, value, settings)]
        if not rows:
            LOGGER.warning(
                _(
                    "results-table: no result of {chapters} has the value “{value}”; "
                    "record it in cells with record, then execute the notebooks."
                ).format(chapters=", ".join(names), value=value),
                location=self.get_location(),
            )
            return []
        labels = [each.label for each in settings.frameworks.values()]
        header = [_("Method"), _("Chapter"), *labels]
        table = tables.table(header, rows, classes=["results-table"])
        if self.arguments:
            caption, messages = self.parse_inline(self.arguments[0])
            table.insert(0, nodes.title(self.arguments[0], "", *caption, *messages))
        self.add_name(table)
        notebooks = [each for name in names for each in self._notebooks(name, settings)]
        note = note_on(notebooks, settings)
        return [table, note] if note else [table]

    def _notebooks(self, name: str, settings: Settings) -> Iterator[tuple[str, Path]]:
        """Yield a chapter's notebooks with the keys of what runs them."""
        found = chapter.read(settings.chapters / f"{name}.md", settings)
        for key in settings.runners_of(found):
            yield key, record.path_for(settings, key, found)

    def _rows(self, name: str, value: str, settings: Settings) -> Iterator[list]:
        """Yield a row for each result of a chapter."""
        path = self._page(name, settings)
        self.env.note_dependency(str(path))
        try:
            found = chapter.read(path, settings)
        except ChapterError as error:
            raise self.error(str(error)) from None
        by_runner = {
            key: self._results(found, key, settings)
            for key in settings.runners_of(found)
        }
        titles = dict.fromkeys(name for each in by_runner.values() for name in each)
        for title in titles:
            numbers = {
                key: results.get(title, {}).get(value)
                for key, results in by_runner.items()
            }
            if any(number is not None for number in numbers.values()):
                link = tables.page_link(self.env, self.env.path2doc(str(path)))
                yield [title, link, *_cells(numbers, value, settings)]

    def _page(self, name: str, settings: Settings) -> Path:
        """Return the page that is meant by a name or a path."""
        found = pages.find(name, settings)
        if len(found) != 1:
            told = _("results-table: no page or several are called “{name}”. Name one.")
            raise self.error(told.format(name=name))
        return found[0]

    def _results(self, found: Chapter, key: str, settings: Settings) -> dict:
        path = record.path_for(settings, key, found)
        self.env.note_dependency(str(path))
        return results_of(record.load(path))


def results_of(notebook: NotebookNode) -> dict[str, dict]:
    """Return the results in a notebook by their names; the last of a name counts."""
    return {
        data[MIME_TYPE]["name"]: data[MIME_TYPE]
        for cell in record.code_cells(notebook)
        for output in cell.outputs
        if MIME_TYPE in (data := output.get("data", {}))
    }


def _cells(numbers: dict, value: str, settings: Settings) -> list[tables.Content]:
    """Return the numbers in the frameworks' columns, or one across all of them."""
    texts = [_written(number, value) for number in numbers.values()]
    if list(numbers) == list(settings.frameworks):
        return list(texts)
    return [tables.Cell(texts[0], columns=len(settings.frameworks))]


def _written(number: float | None, value: str) -> str:
    if number is None:
        return "–"
    return format_decimal(number, format=FORMATS[value], locale=locale())

"""Reads chapters for Sphinx: their source, with the outputs that the notebooks hold.

It never runs a cell. Pages without code cells are left to myst-nb.
"""

from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from .._compat import Parser as NotebookParser
from .._compat import pages_read_by
from ..config import Framework, Settings
from ..messages import N_, _
from ..source import cell
from ..source import chapter as chapters
from ..split.outline import figure_of
from ..store import record, safe_outputs
from . import glue, languages
from .page_facts import remember, settings_of

LOGGER = logging.getLogger(__name__)
READER = "framework_tabs.merge.merged_page.read"

MESSAGES = {
    "stale": N_(
        "{page}: in the {label} notebook the output of code cell {number} is out of "
        "date; the cell, one before it or the output itself has changed since. To "
        "renew it: python -m framework_tabs execute"
    ),
    "missing": N_(
        "{page}: in the {label} notebook code cell {number} was not executed and has "
        "no output. To execute it: python -m framework_tabs execute"
    ),
}
FIGURE = N_(
    "{page}: in the {label} notebook code cell {number} is one figure, but shows "
    "{count} outputs; each of them would get the caption and a number. Let the cell "
    "show one: a “;” at its end hides what its last line returns"
)


class MalformedChapter(SphinxError):
    """Ends the build: a chapter that can not be read can not be shown."""

    @property
    def category(self) -> str:
        """What Sphinx writes before the message."""
        return _("Chapter error")


class ActiveContent(SphinxError):
    """Ends the build: an output would run in the reader's browser."""

    @property
    def category(self) -> str:
        """What Sphinx writes before the message."""
        return _("Output error")


class Parser(NotebookParser):
    """Parses a chapter as one page for all frameworks."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse source text into ``document``."""
        env = document.settings.env
        settings = settings_of(env)
        chapter = _chapter(env, settings)
        if chapter is None:
            return super().parse(inputstring, document)
        runners = settings.runners_of(chapter)
        stored = {
            key: record.load(record.path_for(settings, key, chapter)) for key in runners
        }
        results = {
            key: record.outputs_in(stored[key], chapter, key, runner.kernel)
            for key, runner in runners.items()
        }
        page = {
            "chapter": chapter,
            "results": results,
            "lexers": languages.lexers(runners, stored),
            "kinds": _kinds(env),
            "preview": env.config.framework_tabs_preview,
        }
        _refuse_active(chapter, results, settings)
        _note(env, chapter, results, settings, page["preview"])
        with pages_read_by(env, READER, **page):
            super().parse(inputstring, document)
        languages.highlight(document)


def _kinds(env: BuildEnvironment) -> set[str]:
    """Return the kinds of output that can be shown.

    A book with a renderer of its own for another kind tells myst-nb to prefer that.
    """
    own = env.config.nb_mime_priority_overrides
    return safe_outputs.SHOWN | {kind for _builder, kind, _place in own}


def _chapter(env: BuildEnvironment, settings: Settings) -> cell.Chapter | None:
    """Return the chapter at hand, or None for a page without code cells."""
    path = Path(env.doc2path(env.docname))
    if path.suffix != ".md":
        return None
    try:
        chapter = chapters.read(path, settings)
    except cell.ChapterError as error:
        raise MalformedChapter(str(error)) from error
    return chapter if chapter.code_cells else None


def _note(env: BuildEnvironment, chapter, results, settings, preview) -> None:
    """Tell Sphinx which notebooks and code the page shows, and what is wrong with them.

    A preview says so on the page, which is not read again for that.
    """
    runners = settings.runners_of(chapter)
    paths = {key: record.path_for(settings, key, chapter) for key in runners}
    for path in paths.values():
        env.note_dependency(str(path))
    for name in filter(None, (each.metadata.get("load") for each in chapter.cells)):
        env.note_dependency(str(chapter.path.parent / name))
    if not preview:
        for key, found in results.items():
            _warn_unless_fresh(env.docname, runners[key], found)
            _warn_of_figures(env.docname, runners[key], found)
    labels = {key: runner.label for key, runner in runners.items()}
    notebooks = {key: str(path) for key, path in paths.items()}
    remember(env, notebooks=notebooks, labels=labels)


def _refuse_active(chapter, results, settings) -> None:
    """End the build for an output that would run in a browser, if the book wants that.

    Otherwise the page shows a passive form of it.
    """
    if not settings.refuses_active:
        return
    for key, found in results.items():
        for problem in safe_outputs.problems(found):
            name = settings.relative(record.path_for(settings, key, chapter))
            raise ActiveContent(f"{name}: {problem}")


def _warn_unless_fresh(docname: str, framework: Framework, results) -> None:
    """Warn of the first output that does not belong to its code.

    One warning is enough: whatever comes after a stale cell is stale as well.
    """
    for number, result in enumerate(results, start=1):
        if result.status != "fresh":
            LOGGER.warning(
                _(MESSAGES[result.status]).format(
                    page=docname, label=framework.label, number=number
                ),
                type="framework_tabs",
                subtype=result.status,
                location=(docname, result.cell.line),
            )
            return


def _warn_of_figures(docname: str, framework: Framework, results) -> None:
    """Warn of cells that are a figure and show several outputs, or none.

    MyST-NB makes a figure of each; a notebook, in which numbers are known before
    anything is executed, counts one.
    """
    for number, result in enumerate(results, start=1):
        shown = [each for each in result.outputs if _is_figure(each)]
        has_caption = figure_of(result.cell).get("caption")
        if has_caption and result.status == "fresh" and len(shown) != 1:
            LOGGER.warning(
                _(FIGURE).format(
                    page=docname,
                    label=framework.label,
                    number=number,
                    count=len(shown),
                ),
                type="framework_tabs",
                subtype="figure",
                location=(docname, result.cell.line),
            )


def _is_figure(output) -> bool:
    """Say whether MyST-NB makes a figure of an output, if its cell is one."""
    is_shown = output.output_type in ("display_data", "execute_result")
    return is_shown and glue.is_displayed(output)

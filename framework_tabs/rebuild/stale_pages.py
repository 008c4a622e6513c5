"""Which pages are to be read again, by what a build remembers about them."""

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .. import _compat
from ..merge.page_facts import recall, recorded_notebooks, settings_of


def forget_doctrees(app: Sphinx, env: BuildEnvironment) -> None:
    """Let pages that were just read be seen as they are now.

    Sphinx keeps what it loaded of a page before: the list of pages beside each would
    lack a new one, and figures would keep their numbers in a process that goes on.
    """
    _compat.forget_doctrees(env)


def outdated_pages(app: Sphinx, env: BuildEnvironment, added, changed, removed):
    """Return the pages with a table of runs if a notebook has come or gone."""
    now = [str(path) for path in recorded_notebooks(settings_of(app))]
    return [
        docname
        for docname in env.found_docs
        if recall(env, docname).get("runs_of", now) != now
    ]

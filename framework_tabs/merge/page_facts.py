"""What a Sphinx build knows about the book's frameworks and remembers about a page.

The facts are plain values in ``env.metadata``, which Sphinx itself saves, clears and
merges; so pages may be read in parallel, and a later build knows the earlier one.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError as BuildConfigError
from sphinx.locale import get_translation

from .. import page_settings
from ..config import ConfigError, Settings, place_of
from ..store.files import stored
from ..store.record import MARK

BUILDERS = ("paper", "epub")
"""Those of the book as one file."""

JUPYTER_BOOK = "https://github.com/executablebooks/jupyter-book"
"""The repository that Jupyter Book gives a book without one: its own."""


def settings_of(app: Sphinx | BuildEnvironment) -> Settings:
    """Return the settings of the book that ``app`` (or its environment) builds.

    Raises what Sphinx shows without a traceback if they are malformed.
    """
    root = Path(app.srcdir)
    try:
        return Settings.from_mapping(
            root,
            app.config.framework_tabs,
            _repository(app.config),
            app.config.exclude_patterns,
            sphinx=page_settings.of_sphinx(app.config),
        )
    except ConfigError as error:
        error.place = place_of(root)
        raise BuildConfigError(str(error)) from error


def title_of(config: Config) -> str:
    """Return what the book is called: Sphinx by itself adds words to its name."""
    word = get_translation("sphinx")
    by_itself = word("%s %s documentation") % (config.project, config.release)
    return config.project if config.html_title == by_itself else config.html_title


def _repository(config: Config) -> dict[str, str]:
    """Return what the book says of its ``repository:``."""
    theme = config.html_theme_options
    url = theme.get("repository_url", "")
    if url == JUPYTER_BOOK:
        return {}
    return {"url": url, "branch": theme.get("repository_branch") or "main"}


def remember(env: BuildEnvironment, **facts) -> None:
    """Keep ``facts`` about the page that is being read, until it is read again."""
    env.metadata[env.docname].setdefault(MARK, {}).update(facts)


def recall(env: BuildEnvironment, docname: str) -> dict:
    """Return what was remembered about a page; empty if it has no framework."""
    return env.metadata[docname].get(MARK, {})


def recorded_notebooks(settings: Settings) -> list[Path]:
    """Return every notebook of the book: by chapter, then frameworks in order."""
    order = list(settings.runners)
    found = {path: path.relative_to(settings.notebooks) for path in stored(settings)}
    known = [path for path, place in found.items() if place.parts[0] in order]
    return sorted(
        known,
        key=lambda path: (found[path].parts[1:], order.index(found[path].parts[0])),
    )


def exclude_notebooks(app: Sphinx, config: Config) -> None:
    """Keep Sphinx from taking the notebooks for pages of their own."""
    settings = settings_of(app)
    pattern = settings.relative(settings.notebooks) + "/**"
    config.exclude_patterns = [*config.exclude_patterns, pattern]

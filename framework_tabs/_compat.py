"""What the engine uses of other packages without their promise that it stays.

All of that is here, each with the versions in which it was seen to do what the engine
needs; ``tests/engine/test_compat.py`` tries every one. A name's module is imported when
the name is asked for, so that reading a chapter does not load Sphinx.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from docutils.nodes import document
    from markdown_it import MarkdownIt
    from myst_parser.config.main import MdParserConfig
    from nbformat import NotebookNode
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.search import IndexBuilder

NAMES = {
    # The source of a page as a notebook, and what MyST makes of it.
    "create_md_parser": ("myst_parser.parsers.mdit", "MyST-Parser 3.0.1, 5.2.0"),
    "parse_directive_text": (
        "myst_parser.parsers.directives",
        "MyST-Parser 3.0.1, 5.2.0",
    ),
    "TopmatterReadError": ("myst_parser.config.main", "MyST-Parser 3.0.1, 5.2.0"),
    "merge_file_level": ("myst_parser.config.main", "MyST-Parser 3.0.1, 5.2.0"),
    "read_topmatter": ("myst_parser.config.main", "MyST-Parser 3.0.1, 5.2.0"),
    "is_myst_markdown_notebook": ("myst_nb.core.read", "MyST-NB 1.4.0"),
    "format_plain_text": ("myst_nb.core.variables", "MyST-NB 1.4.0"),
    # How MyST-NB shows it.
    "Parser": ("myst_nb.sphinx_", "MyST-NB 1.4.0"),
    "add_global_html_resources": ("myst_nb.sphinx_ext", "MyST-NB 1.4.0"),
    "base_render_priority": ("myst_nb.core.render", "MyST-NB 1.4.0"),
    "coalesce_streams": ("myst_nb.core.utils", "MyST-NB 1.4.0"),
    "NbGlueDomain": ("myst_nb.ext.glue.domain", "MyST-NB 1.4.0"),
    "PendingGlueReference": ("myst_nb.ext.glue.utils", "MyST-NB 1.4.0"),
    "read_glue_cache": ("myst_nb.ext.glue.crossref", "MyST-NB 1.4.0"),
    "create_component": ("sphinx_design.shared", "sphinx-design 0.8.0"),
    "is_component": ("sphinx_design.shared", "sphinx-design 0.8.0"),
    # Building.
    "BuildPhase": ("sphinx.util.build_phase", "Sphinx 7.4.7, 8.2.3, 9.2.0"),
    "ENV_PICKLE_FILENAME": ("sphinx.application", "Sphinx 7.4.7, 8.2.3, 9.2.0"),
    "NAMESPACE": ("sphinx.util.logging", "Sphinx 7.4.7, 8.2.3, 9.2.0"),
    "WarningLogRecordTranslator": ("sphinx.util.logging", "Sphinx 7.4.7, 8.2.3, 9.2.0"),
    "is_suppressed_warning": ("sphinx.util.logging", "Sphinx 7.4.7, 8.2.3, 9.2.0"),
    "build_sphinx": ("jupyter_book.sphinx", "Jupyter Book 1.0.4.post1"),
    "get_final_config": ("jupyter_book.config", "Jupyter Book 1.0.4.post1"),
}
"""By their names: the modules of what is imported, and where it was seen."""


def __getattr__(name: str) -> Any:
    """Import one of ``NAMES``."""
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(NAMES[name][0]), name)


def read_myst_markdown_notebook(
    text: str, config: "MdParserConfig", path: "Path"
) -> "NotebookNode":
    """A page as cells, with a source map (MyST-NB 1.4.0).

    It reads blocks alone, and the extension for task lists expects what is in them.
    """
    from myst_nb.core.read import read_myst_markdown_notebook

    extensions = config.enable_extensions - {"tasklist"}
    config = replace(config, enable_extensions=extensions)
    return read_myst_markdown_notebook(text, config, add_source_map=True, path=path)


def inline_rules(parser: "MarkdownIt") -> dict[str, Callable]:
    """What a parser looks for within lines, by name (markdown-it-py 3.0.0, 4.0.0)."""
    return {rule.name: rule.fn for rule in parser.inline.ruler.__rules__}


@contextmanager
def pages_read_by(env: "BuildEnvironment", reader: str, **options) -> Iterator[None]:
    """Let MyST-NB (1.4.0) read Markdown with the function ``reader``, and run nothing.

    The function is called with the text, the configuration of Markdown and ``options``.
    """
    before = env.mystnb_config  # type: ignore[attr-defined]  # MyST-NB puts it there
    how = (reader, {"config": env.myst_config, **options})  # type: ignore[attr-defined]
    env.mystnb_config = before.copy(  # type: ignore[attr-defined]
        custom_formats={**before.custom_formats, ".md": how}, execution_mode="off"
    )
    try:
        yield
    finally:
        env.mystnb_config = before  # type: ignore[attr-defined]


def glued_names(document: "document") -> Collection[str]:
    """The names of the values that the page at hand has glued (MyST-NB 1.4.0)."""
    if "nb_renderer" not in document:
        return ()
    return document["nb_renderer"].renderer.nb_client.glue_data


def forget_doctrees(env: "BuildEnvironment") -> None:
    """Drop what Sphinx (7.4.7, 8.2.3, 9.2.0) has loaded of pages before."""
    env._pickled_doctree_cache.clear()
    vars(env).pop("master_doctree", None)


def pages_of_words(indexer: "IndexBuilder") -> tuple[dict, dict]:
    """The pages by the words of their text, and of their titles.

    Sphinx (7.4.7, 8.2.3, 9.2.0) will write what is in them.
    """
    return indexer._mapping, indexer._title_mapping


def index_entries(indexer: "IndexBuilder") -> dict[str, list[tuple[str, str, str]]]:
    """What the index of each page will say (Sphinx 7.4.7, 8.2.3, 9.2.0)."""
    return indexer._index_entries


def read_again(app: "Sphinx") -> set[str]:
    """Let an application that has built read what changed; the pages it has read.

    The phase is the application's in Sphinx 7.4.7 and 8.2.3, its builder's in 9.2.0.
    """
    owner = app.builder if hasattr(app.builder, "phase") else app
    owner.phase = __getattr__("BuildPhase").READING
    return set(app.builder.read())


def number_again(app: "Sphinx") -> set[str]:
    """Let it (the same versions) number sections and figures; the pages that differ."""
    return set(app.env.check_dependents(app, set()))

"""Wires the parts of the Sphinx extension together, and does nothing else."""

from sphinx.application import Sphinx
from sphinx.config import Config

from .editions import epub, pdf
from .editions.epub import Ebook
from .editions.pdf import Paper
from .editions.unfold import Unfold, drop_scripts
from .merge import glue, page_facts
from .merge import nodes as merge_nodes
from .merge.figures import Alternative, ShareNumbers
from .merge.parser import Parser
from .merge.tabs import PROSE, FrameworkTabs, Prose
from .messages import speak
from .rebuild import incremental, leftovers, stale_pages
from .render import assets, downloads, math, metadata
from .render.answers import Answers
from .render.citation import HowToCite
from .render.glossary_links import FirstUses
from .render.reference_runs import ReferenceRuns
from .render.results_table import ResultsTable


def _speak(app: Sphinx, config: Config) -> None:
    """Let messages be in the language of the book."""
    speak(config.language)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register configuration, parser, transform, directives, events and assets."""
    app.setup_extension("myst_nb")
    app.setup_extension("sphinx_design")
    app.add_config_value("framework_tabs", {}, "env", dict)
    app.add_config_value("framework_tabs_shown", [], "", list)
    app.add_config_value("framework_tabs_preview", False, "", bool)
    app.add_source_parser(Parser, override=True)
    app.add_transform(FrameworkTabs)
    app.add_directive(PROSE, Prose)
    merge_nodes.setup(app)
    glue.setup(app)
    incremental.setup(app)
    leftovers.setup(app)
    math.setup(app)
    app.add_node(Alternative)
    app.add_post_transform(ShareNumbers)
    app.add_post_transform(Unfold)
    app.add_transform(FirstUses)
    app.add_transform(Answers)
    app.add_directive("citation", HowToCite)
    app.add_directive("reference-runs", ReferenceRuns)
    app.add_directive("results-table", ResultsTable)
    app.add_builder(Paper)
    app.add_builder(Ebook, override=True)
    app.connect("config-inited", _speak, priority=1)
    app.connect("config-inited", page_facts.exclude_notebooks)
    app.connect("config-inited", epub.set_defaults)
    app.connect("config-inited", pdf.show_pictures)
    app.connect("env-get-outdated", stale_pages.outdated_pages)
    app.connect("env-updated", stale_pages.forget_doctrees)
    app.connect("builder-inited", assets.add)
    app.connect("builder-inited", assets.copy_early)
    app.connect("builder-inited", metadata.add_picture)
    # The book theme makes its buttons at 501.
    app.connect("html-page-context", downloads.offer, priority=502)
    app.connect("doctree-resolved", drop_scripts, priority=900)
    app.connect("html-page-context", metadata.describe)
    app.connect("build-finished", downloads.copy)
    app.connect("build-finished", metadata.write_sitemap)
    # Last, when all others have added their scripts.
    app.connect("html-page-context", assets.drop_repeated_scripts, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

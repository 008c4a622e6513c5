"""Wires the parts of the Sphinx extension together, and does nothing else."""

from sphinx.application import Sphinx

from . import (
    api_reference,
    assets,
    build_state,
    downloads,
    ebook,
    formulas,
    metadata,
    panels,
    paper,
    rebuild,
)
from .answers import Answers
from .citation import HowToCite
from .ebook import Ebook
from .figures import Alternative, ShareNumbers
from .first_use import FirstUses
from .paper import Paper
from .parser import Parser
from .reference_runs import ReferenceRuns
from .results import ResultsTable
from .search import TurkishSearch, complete, offer_terms
from .tabs import FrameworkTabs
from .unfolded import Unfold, drop_scripts


def setup(app: Sphinx) -> dict[str, bool]:
    """Register configuration, parser, transform, directives, events and assets."""
    app.setup_extension("myst_nb")
    app.setup_extension("sphinx_design")
    app.add_config_value("framework_tabs", {}, "env", dict)
    app.add_config_value("framework_tabs_shown", [], "", list)
    app.add_config_value("framework_tabs_preview", False, "", bool)
    app.add_source_parser(Parser, override=True)
    app.add_transform(FrameworkTabs)
    panels.setup(app)
    rebuild.setup(app)
    formulas.setup(app)
    app.add_node(Alternative)
    app.add_post_transform(ShareNumbers)
    app.add_post_transform(Unfold)
    app.add_transform(FirstUses)
    app.add_transform(Answers)
    app.add_directive("citation", HowToCite)
    app.add_directive("reference-runs", ReferenceRuns)
    app.add_directive("results-table", ResultsTable)
    app.add_directive("api", api_reference.Api)
    app.add_directive("api-table", api_reference.ApiTable)
    app.add_search_language(TurkishSearch)
    app.add_builder(Paper)
    app.add_builder(Ebook, override=True)
    app.connect("config-inited", build_state.exclude_notebooks)
    app.connect("config-inited", ebook.set_defaults)
    app.connect("config-inited", paper.show_pictures)
    app.connect("env-get-outdated", build_state.outdated_pages)
    app.connect("env-updated", build_state.forget_doctrees)
    app.connect("builder-inited", assets.add)
    app.connect("builder-inited", assets.copy_early)
    app.connect("builder-inited", offer_terms)
    app.connect("builder-inited", metadata.add_picture)
    app.connect("doctree-read", api_reference.note_anchors)
    app.connect("env-check-consistency", api_reference.warn_of_unused_translations)
    # The book theme makes its buttons at 501.
    app.connect("html-page-context", downloads.offer, priority=502)
    app.connect("doctree-resolved", drop_scripts, priority=900)
    app.connect("html-page-context", metadata.describe)
    app.connect("html-collect-pages", complete)
    app.connect("build-finished", downloads.copy)
    app.connect("build-finished", metadata.write_sitemap)
    # Last, when all others have added their scripts.
    app.connect("html-page-context", assets.drop_repeated_scripts, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

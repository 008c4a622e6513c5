"""What the engine uses of others without their promise: it is as it was seen."""

import io
import logging
import subprocess
import sys

import pytest
from docutils import nodes
from docutils.parsers.rst.directives import misc
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from nbformat import v4
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from framework_tabs import _compat

GLUED = """{"cells": [{"cell_type": "code", "metadata": {}, "source": "1",
"execution_count": 1, "outputs": [{"output_type": "display_data",
"data": {"application/papermill.record/text/plain": "42"}, "metadata":
{"scrapbook": {"name": "x", "mime_prefix": "application/papermill.record/"}}}]}, {
"cell_type": "markdown", "metadata": {}, "source": "# Glued\\n\\n{names}`_`"}],
"metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 4}
"""
NOTEBOOK = """\
---
jupytext:
  text_representation:
    format_name: myst
---

# A page

```{code-cell}
open("ran", "w")
```
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """An application that has built three pages; it knows MyST-NB and no more.

    Its role ``names`` writes the names that the page has glued.
    """
    root, out = tmp_path_factory.mktemp("pages"), tmp_path_factory.mktemp("out")
    (root / "index.md").write_text("# Index\n\n```{toctree}\npage\nglued\n```\n")
    (root / "glued.ipynb").write_text(GLUED)
    (root / "page.md").write_text(NOTEBOOK)
    settings = {
        "extensions": ["myst_nb"],
        "nb_execution_mode": "off",
        "nb_custom_formats": {".txt": ("nowhere", {}, False)},
    }
    folders = root, None, out / "html", out / "doctrees"
    with docutils_namespace():
        app = Sphinx(*folders, "html", settings, status=None, warning=io.StringIO())
        app.add_role("names", glued_names)
        app.build()
        yield app


def glued_names(name, rawtext, text, lineno, inliner, options=None, content=()):
    """Write what the page has glued."""
    return [nodes.literal("", " ".join(_compat.glued_names(inliner.document)))], []


@pytest.fixture(params=_compat.NAMES, ids=lambda n: f"{n} of {_compat.NAMES[n][1]}")
def name(request):
    """Each name that is imported; the test's own name says where it was seen."""
    return request.param


def test_every_name_is_where_it_was(name):
    assert getattr(_compat, name) is not None


def test_no_other_name_is_imported():
    with pytest.raises(ImportError):
        from framework_tabs._compat import create_md_parsers  # noqa: F401


def test_the_module_loads_none_of_the_others_before_a_name_is_asked_for():
    code = (
        "import sys, framework_tabs._compat; "
        "sys.exit(any(m in sys.modules for m in ('sphinx', 'myst_nb', 'docutils')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_parser_makes_tokens_of_myst():
    config = MdParserConfig(enable_extensions={"colon_fence"})
    parser = _compat.create_md_parser(config, RendererHTML)
    kinds = [token.type for token in parser.parse(":::{note}\nA\n:::\n")]
    assert kinds == ["colon_fence"]


def test_a_directive_is_read_into_its_parts():
    text = ":name: x\n\nBody.\n"
    parsed = _compat.parse_directive_text(misc.TestDirective, "An argument", text)
    assert (parsed.arguments, parsed.options) == (["An argument"], {"name": "x"})
    assert (parsed.body, parsed.body_offset) == (["Body."], 2)
    assert parsed.warnings == []


def test_what_is_wrong_with_a_directive_s_options_is_said():
    parsed = _compat.parse_directive_text(
        misc.TestDirective, "", ":a: b\n:c\n\nBody.\n"
    )
    assert [isinstance(warning.msg, str) for warning in parsed.warnings] == [True]


def test_a_page_is_known_for_a_notebook_and_read_as_one():
    assert _compat.is_myst_markdown_notebook(NOTEBOOK)
    assert not _compat.is_myst_markdown_notebook("# A page\n")
    page = _compat.read_myst_markdown_notebook(NOTEBOOK, MdParserConfig(), "page.md")
    assert [cell.cell_type for cell in page.cells] == ["markdown", "code"]
    # The fence is in line 9, the line that is given the one below, counted from 0.
    assert page.metadata.source_map[1] == 9


def test_a_task_list_is_part_of_a_page_that_is_read_as_a_notebook():
    config = MdParserConfig(enable_extensions={"tasklist"})
    text = NOTEBOOK.replace("# A page", "- [x] Done\n- [ ] To do")
    page = _compat.read_myst_markdown_notebook(text, config, "page.md")
    assert page.cells[0].source == "- [x] Done\n- [ ] To do"


def test_streams_become_one():
    outputs = [v4.new_output("stream", name="stdout", text=t) for t in ("a\n", "b\n")]
    (stream,) = _compat.coalesce_streams(outputs)
    assert stream.text == "a\nb\n"


def test_paper_chooses_among_outputs_as_e_readers_do():
    order = _compat.base_render_priority()["epub"]
    assert order["text/html"] < order["image/png"] < order["text/plain"]


def test_components_are_known_by_their_names():
    text = nodes.paragraph("", "A")
    made = _compat.create_component("tab-set", classes=["x"], children=[text])
    assert _compat.is_component(made, "tab-set")
    assert not _compat.is_component(text, "tab-set")
    assert (made["classes"], made.children) == (["x"], [text])


def test_the_style_sheet_of_outputs_is_written_on_demand(app):
    (sheet,) = (app.outdir / "_static").glob("mystnb.*.css")
    sheet.unlink()
    _compat.add_global_html_resources(app, None)
    assert sheet.is_file()


def test_a_build_is_kept_in_the_file_that_is_removed_to_forget_it(app):
    assert (app.doctreedir / _compat.ENV_PICKLE_FILENAME).is_file()


def test_a_warning_tells_its_place_and_whether_it_is_suppressed(app):
    seen = []
    handler = logging.Handler(logging.WARNING)
    handler.addFilter(_compat.WarningLogRecordTranslator(app))
    handler.emit = lambda record: seen.append((record.location, record.type))
    logger = logging.getLogger(_compat.NAMESPACE)
    logger.addHandler(handler)
    try:
        from sphinx.util.logging import getLogger

        getLogger("x").warning("Oh", location=("page", 3), type="a", subtype="b")
    finally:
        logger.removeHandler(handler)
    assert seen == [(f"{app.srcdir / 'page.md'}:3", "a")]
    assert _compat.is_suppressed_warning("a", "b", ["a.*"])
    assert not _compat.is_suppressed_warning("a", "b", ["c"])


def read_nothing(text, *, config, **options):
    """Read any page as one cell that says what it was given."""
    said = f"{type(config).__name__} {options}"
    return v4.new_notebook(cells=[v4.new_markdown_cell(said)])


def test_pages_are_read_by_another_function_for_a_while(app):
    before = app.env.mystnb_config
    reader = f"{__name__}.read_nothing"
    with _compat.pages_read_by(app.env, reader, chapter="x"):
        inside = app.env.mystnb_config
        read, options, _ = inside.custom_formats[".md"]
        assert (read, options["chapter"]) == (reader, "x")
        assert options["config"] is app.env.myst_config
        assert ".txt" in inside.custom_formats
        assert inside.execution_mode == "off"
        app.env.temp_data["docname"] = "page"
        (app.srcdir / "page.md").touch()
        assert "page" in _compat.read_again(app)
    assert app.env.mystnb_config is before
    assert "MdParserConfig" in app.env.get_doctree("page").astext()


def test_the_names_that_a_page_glues_are_known_while_it_is_read(app):
    (literal,) = app.env.get_doctree("glued").findall(nodes.literal)
    assert literal.astext() == "x"


def test_a_document_that_is_no_notebook_has_glued_nothing():
    assert not _compat.glued_names({})


def test_a_value_of_another_page_is_found_by_its_name(app):
    folder = app.env.mystnb_config.output_folder
    assert _compat.read_glue_cache(folder, "glued")["x"]["data"] == {"text/plain": "42"}
    node = _compat.PendingGlueReference(refdoc="glued", key="x", inline=True)
    assert (node.refdoc, node.key, node.inline) == ("glued", "x", True)


def test_what_pastes_values_stands_in_a_domain():
    domain = _compat.NbGlueDomain
    assert domain.name == "glue"
    assert {"any", "text", "md"} <= domain.roles.keys()
    assert {"any", "figure", "math", "md"} <= domain.directives.keys()


def test_pages_that_were_loaded_are_forgotten(app):
    env = app.env
    first = env.get_doctree("page"), env.master_doctree
    assert first[0] is not None and "page" in env._pickled_doctree_cache
    _compat.forget_doctrees(env)
    assert not env._pickled_doctree_cache
    assert env.master_doctree is not first[1]


def test_an_application_that_has_built_reads_and_numbers_again(app):
    (app.srcdir / "page.md").write_text(NOTEBOOK.replace("# A page", "# Another"))
    assert _compat.read_again(app) == {"page"}
    assert app.env.titles["page"].astext() == "Another"
    assert _compat.number_again(app) <= app.env.found_docs
    assert not (app.srcdir / "ran").exists()

"""The directives ``api`` and ``api-table``: a package's names, framework by framework.

What a page says comes from the package's own docstrings (``docstrings``), in the
language of the book through a message catalogue (``catalogue``). A text without a
translation is warned of and not shown; a translation whose text no docstring has any
longer is warned of too.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from framework_tabs.merge.page_facts import recall, remember, settings_of
from framework_tabs.merge.tabs import tab_item, tab_set

from .catalogue import Catalogue
from .docstrings import Entry, MissingPackage, Package, UnknownName, UnreadableDocstring
from .messages import _
from .nodes import Writer, describe, head

LOGGER = logging.getLogger(__name__)

CATALOGUE = "api.po"
LANGUAGE = "en"
"""That of docstrings: a book in it needs no catalogue."""


class _ApiDirective(SphinxDirective):
    """What both directives need: the entries of a name, and translations."""

    def entries(self, name: str) -> dict[str, Entry | None]:
        """Return the entry of each framework, None where it does not have the name.

        A dotted name belongs to no framework: it is the same for all.
        """
        frameworks = settings_of(self.env).frameworks.values()
        found = {
            framework.key: self._entry(name, framework.api) for framework in frameworks
        }
        if not any(found.values()):
            raise self.error(
                _(
                    "no framework has the name “{name}”. Correct it, or the values of "
                    "“api” of the frameworks in _config.yml."
                ).format(name=name)
            )
        return found

    def _entry(self, name: str, module: str) -> Entry | None:
        path = name if "." in name else f"{module}.{name}"
        if path.startswith("."):  # the framework has no module to describe
            return None
        try:
            entry = self._package(path.partition(".")[0]).entry(path)
        except UnknownName:
            return None
        except (MissingPackage, UnreadableDocstring) as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(str(entry.path))
        return entry

    def _package(self, name: str) -> Package:
        """Return a package, read once for each page."""
        kept = self.env.temp_data.setdefault("framework_tabs_packages", {})
        if name not in kept:
            kept[name] = Package(name, Path(self.env.srcdir))
        return kept[name]

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, read once for each page."""
        kept = self.env.temp_data
        if "framework_tabs_catalogue" not in kept:
            kept["framework_tabs_catalogue"] = catalogue_of(self.env)
            self.env.note_dependency(str(kept["framework_tabs_catalogue"].path))
        return kept["framework_tabs_catalogue"]

    def translated(self, text: str) -> list[nodes.Node]:
        """Return an English text, MyST Markdown, in the book's language as nodes."""
        if self.config.language == LANGUAGE:
            return self._inline(text)
        used = recall(self.env, self.env.docname).get("messages", [])
        remember(self.env, messages=[*used, text])
        translation = self.catalogue.translation(text)
        if translation is None:
            self._warn_untranslated(text)
            told = _("(This text has no translation yet.)")
            return [nodes.emphasis(told, told)]
        return self._inline(translation)

    def _inline(self, text: str) -> list[nodes.Node]:
        parsed, messages = self.parse_inline(text, lineno=self.lineno)
        return [*parsed, *messages]

    def _warn_untranslated(self, text: str) -> None:
        LOGGER.warning(
            _(
                "No translation of this text of a docstring: “{text}”. Add it to "
                "{file} as a msgid and translate it."
            ).format(
                text=text, file=settings_of(self.env).relative(self.catalogue.path)
            ),
            type="framework_tabs",
            subtype="untranslated",
            location=self.get_location(),
        )

    def register(self, node: nodes.Element, entry: Entry) -> None:
        """Let links, references and the search find the entry's name at ``node``."""
        name = entry.name
        node["names"], node["ids"], node["api_name"] = [name], [name], name
        self.state.document.note_explicit_target(node)
        python = self.env.get_domain("py")
        python.note_object(name, entry.kind, name, location=node)
        # Types in docstrings are written out in full.
        python.note_object(entry.origin, entry.kind, name, aliased=True)


class Api(_ApiDirective):
    """Show the documentation of one name: once, or in tabs where frameworks differ.

    This is the tree::

        <desc domain="py" objtype="function">
            <desc_signature ids="train_ch6">
            <desc_content>
                <paragraph> ... <field_list>
            or
                <container design_component="tab-set">
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the description."""
        entries = self.entries(self.arguments[0])
        known = [entry for entry in entries.values() if entry]
        name = known[0].name
        if len(known) == len(entries) and all(entry == known[0] for entry in known):
            node = Writer(self.translated).description(known[0], anchor=name)
        else:
            node = self._in_tabs(entries, known)
        for part in node.findall(nodes.Element):
            self.set_source_info(part)
        node[0]["_toc_name"] = name
        self.register(node[0], known[0])
        return [node]

    def _in_tabs(
        self, entries: dict[str, Entry | None], known: list[Entry]
    ) -> addnodes.desc:
        """Return a description whose body is a tab set.

        The signature stands in the tabs too if it is not the same in all.
        """
        common = known[0]
        is_common = all(entry.head == common.head for entry in known)
        place, frameworks = nodes.Element(), settings_of(self.env).frameworks
        items = [
            tab_item(frameworks[key], self._tab(entry, is_common), place)
            for key, entry in entries.items()
        ]
        title = common if is_common else Entry(common.name, common.kind)
        return describe(title, [tab_set(items, place)])

    def _tab(self, entry: Entry | None, has_title: bool) -> list[nodes.Node]:
        if entry is None:
            told = _("This framework does not have this name.")
            return [nodes.paragraph(told, told)]
        writer = Writer(self.translated)
        return writer.body(entry) if has_title else [writer.description(entry)]


class ApiTable(_ApiDirective):
    """Show what short names stand for in each framework: one row a name.

    For names that the package only gives to something of the framework's own, and for
    functions that one sentence explains.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        frameworks = settings_of(self.env).frameworks
        header = [_("Name"), *(framework.label for framework in frameworks.values())]
        group = nodes.tgroup(cols=len(header))
        group += [nodes.colspec(colwidth=1) for each in header]
        cells = [nodes.entry("", nodes.paragraph(text, text)) for text in header]
        group += nodes.thead("", nodes.row("", *cells))
        group += nodes.tbody("", *map(self._row, " ".join(self.content).split()))
        return [nodes.table("", group, classes=["api-table", "colwidths-auto"])]

    def _row(self, name: str) -> nodes.row:
        """Return the row of a name; one cell for all frameworks if they agree."""
        entries = list(self.entries(name).values())
        title = nodes.paragraph("", "", nodes.literal(name, name))
        row = nodes.row("", nodes.entry("", title))
        if all(entry == entries[0] for entry in entries):
            row += nodes.entry("", *self._cell(entries[0]), morecols=len(entries) - 1)
        else:
            row += [nodes.entry("", *self._cell(entry)) for entry in entries]
        self.set_source_info(row)
        self.register(row, next(entry for entry in entries if entry))
        return row

    def _cell(self, entry: Entry | None) -> list[nodes.Node]:
        """Return what a name stands for, as the package's source says it."""
        if entry is None:
            return [nodes.paragraph("–", "–")]
        if entry.value:
            return [nodes.paragraph("", "", nodes.literal(entry.value, entry.value))]
        if entry.fields or entry.members:
            raise self.error(
                _(
                    "“{name}” says too much for a table. Use the directive “api” "
                    "instead."
                ).format(name=entry.name)
            )
        title = nodes.inline("", "", *head(entry), classes=["sig"])
        return [nodes.paragraph("", "", title), *Writer(self.translated).body(entry)]


def catalogue_of(app: Sphinx | BuildEnvironment) -> Catalogue:
    """Return the catalogue that holds the translations of the book's docstrings."""
    folder = Path(app.srcdir, app.config.locale_dirs[0], app.config.language)
    return Catalogue(folder / "LC_MESSAGES" / CATALOGUE)


def note_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Let other pages link to a name with ``page.md#name``.

    MyST keeps a list of each page's headings for such links; names join it.
    """
    slugs = {
        node["api_name"]: (node.line, node["api_name"], node["api_name"])
        for node in doctree.findall(nodes.Element)
        if "api_name" in node
    }
    if slugs:
        app.env.metadata[app.env.docname].setdefault("myst_slugs", {}).update(slugs)


def warn_of_unused_translations(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of each message that no page uses, if the book has such a catalogue."""
    catalogue = catalogue_of(app)
    used = {text for docname in env.found_docs for text in _messages(env, docname)}
    for text in catalogue.texts:
        if text not in used:
            LOGGER.warning(
                _(
                    "{file}: no docstring has this text: “{text}”. Delete its "
                    "translation or let it follow the text that changed."
                ).format(file=settings_of(app).relative(catalogue.path), text=text),
                type="framework_tabs",
                subtype="unused",
            )


def _messages(env: BuildEnvironment, docname: str) -> list[str]:
    return recall(env, docname).get("messages", [])

"""Documentation of a name as the nodes that Sphinx's own descriptions consist of.

Themes know how these look. Where the documentation comes from, and what differs between
frameworks, is not known here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes

from .docstrings import Entry, Item, Parameter, is_code
from .messages import N_, _

WORDS = {
    "parameters": N_("Parameters"),
    "attributes": N_("Attributes"),
    "returns": N_("Returns"),
    "yields": N_("Yields"),
    "raises": N_("Raises"),
    "note": N_("Note"),
    "references": N_("References"),
}
"""What a reader sees in place of the names of ``docstrings.FIELDS``."""


@dataclass(frozen=True)
class Writer:
    """Makes nodes; ``translated`` turns an English text into inline nodes."""

    translated: Callable[[str], list[nodes.Node]]

    def description(self, entry: Entry, anchor: str = "") -> addnodes.desc:
        """Return signature and body of an entry.

        With an ``anchor`` the signature, and each member's, can be linked to.
        """
        return describe(entry, self.body(entry, anchor), anchor)

    def body(self, entry: Entry, anchor: str = "") -> list[nodes.Node]:
        """Return what stands below the signature."""
        members = [
            self.description(member, anchor and f"{anchor}.{member.name}")
            for member in entry.members
        ]
        return [*self._paragraphs(entry.paragraphs), *self._fields(entry), *members]

    def _paragraphs(self, texts: tuple[str, ...]) -> list[nodes.paragraph]:
        return [nodes.paragraph("", "", *self.translated(text)) for text in texts]

    def _fields(self, entry: Entry) -> list[nodes.field_list]:
        fields = [
            nodes.field(
                "",
                nodes.field_name("", _(WORDS[name])),
                nodes.field_body("", *self._items(items)),
            )
            for name, items in entry.fields
        ]
        return [nodes.field_list("", *fields)] if fields else []

    def _items(self, items: tuple[Item, ...]) -> list[nodes.Node]:
        """Return a definition list; paragraphs for a section that is plain text."""
        if not any(item.names or item.type for item in items):
            return [p for item in items for p in self._paragraphs(item.paragraphs)]
        return [nodes.definition_list("", *map(self._item, items))]

    def _item(self, item: Item) -> nodes.definition_list_item:
        node = nodes.definition_list_item("", nodes.term("", "", *self._names(item)))
        if item.names and item.type:
            node += nodes.classifier("", "", *self._type(item.type))
        node += nodes.definition("", *self._paragraphs(item.paragraphs))
        return node

    def _names(self, item: Item) -> list[nodes.Node]:
        """Return the names with commas between them; the type if there is no name."""
        if not item.names:
            return self._type(item.type)
        literals = [nodes.literal(name, name) for name in item.names]
        parts: list[nodes.Node] = []
        for each in literals:
            parts += [nodes.Text(", "), each]
        return parts[1:]

    def _type(self, text: str) -> list[nodes.Node]:
        if not is_code(text):
            return self.translated(text)
        return [
            addnodes.pending_xref(
                "",
                nodes.literal(text, text),
                refdomain="py",
                reftype="class",
                reftarget=text,
                refwarn=False,
            )
        ]


def describe(entry: Entry, body: list[nodes.Node], anchor: str = "") -> addnodes.desc:
    """Return a description with any ``body``; see ``Writer.description``."""
    signature = addnodes.desc_signature("", "", *head(entry))
    if anchor:
        signature["ids"], signature["names"] = [anchor], [anchor]
    return addnodes.desc(
        "",
        signature,
        addnodes.desc_content("", *body),
        domain="py",
        objtype=entry.kind,
        desctype=entry.kind,
        classes=["py", entry.kind, "api"],
    )


def head(entry: Entry) -> list[nodes.Node]:
    """Return the signature as Python writes it."""
    result: list[nodes.Node] = [addnodes.desc_name(entry.name, entry.name)]
    if entry.kind == "class":
        keyword = addnodes.desc_sig_keyword("", "class")
        result.insert(0, addnodes.desc_annotation("", "", keyword, _space()))
    if entry.parameters is not None:
        parameters = map(_parameter, entry.parameters)
        result.append(addnodes.desc_parameterlist("", "", *parameters))
    if entry.returns:
        result.append(addnodes.desc_returns("", entry.returns))
    if entry.value:
        value = nodes.Text(entry.value)
        result.append(addnodes.desc_annotation("", "", *_equals(), value))
    return result


def _parameter(parameter: Parameter) -> addnodes.desc_parameter:
    node = addnodes.desc_parameter("", "", addnodes.desc_sig_name("", parameter.name))
    if parameter.annotation:
        node += addnodes.desc_sig_punctuation("", ":")
        node += [_space(), addnodes.desc_sig_name("", parameter.annotation)]
    if parameter.default:
        node += _equals() if parameter.annotation else _equals()[1:2]
        node += nodes.inline("", parameter.default, classes=["default_value"])
    return node


def _equals() -> list[nodes.Node]:
    return [_space(), addnodes.desc_sig_operator("", "="), _space()]


def _space() -> addnodes.desc_sig_space:
    return addnodes.desc_sig_space()

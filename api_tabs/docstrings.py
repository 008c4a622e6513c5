"""What a Python package says of its public names: signatures and docstrings as data.

The source files are read, never imported, so that a page about a framework can be made
where that framework is not installed. Docstrings are in NumPy's style. Two entries are
equal if a reader would see the same; how they look on a page is not decided here.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import griffe

from .messages import _

FIELDS = (
    "parameters",
    "attributes",
    "returns",
    "yields",
    "raises",
    "note",
    "references",
)
"""The sections of a docstring that an entry can have, in the order of a page."""


class MissingPackage(Exception):
    """A package is not where it should be."""


class UnknownName(Exception):
    """A package does not have the name; ``str()`` is the name with its package."""


class UnreadableDocstring(Exception):
    """Why a docstring can not be shown."""


@dataclass(frozen=True)
class Parameter:
    """A parameter as the signature has it: ``*args`` and ``**kwargs`` with stars.

    ``*`` and ``/`` alone, which stand between parameters, are given as parameters too.
    """

    name: str
    annotation: str = ""
    default: str = ""


@dataclass(frozen=True)
class Item:
    """One or more parameters, a result, an error: names, type and paragraphs."""

    names: tuple[str, ...] = ()
    type: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A public name with its documentation.

    ``kind`` is "function", "class", "method", "property" or "attribute"; ``parameters``
    is None for what is not called, and ``value`` the source text of an attribute's
    value. ``fields`` maps names of ``FIELDS`` to their items; ``members`` are the
    documented public members of a class. ``path`` is the file and ``origin`` the dotted
    name where it is defined.
    """

    name: str
    kind: str
    parameters: tuple[Parameter, ...] | None = None
    returns: str = ""
    value: str = ""
    paragraphs: tuple[str, ...] = ()
    fields: tuple[tuple[str, tuple[Item, ...]], ...] = ()
    members: tuple["Entry", ...] = ()
    path: Path = field(default=Path(), compare=False)
    origin: str = field(default="", compare=False)

    @property
    def head(self) -> tuple:
        """What the signature consists of."""
        return self.kind, self.parameters, self.returns, self.value

    def texts(self) -> Iterator[str]:
        """Every text of the entry that is English and not code, in reading order."""
        yield from self.paragraphs
        for _name, items in self.fields:
            for item in items:
                if item.type and not is_code(item.type):
                    yield item.type
                yield from item.paragraphs
        for member in self.members:
            yield from member.texts()


class Package:
    """A top-level package, read from the folder ``root`` that holds it.

    Raises MissingPackage.
    """

    def __init__(self, name: str, root: Path):
        try:
            self._module = griffe.load(
                name,
                search_paths=[root],
                allow_inspection=False,
                docstring_parser="numpy",
            )
        except ImportError:
            raise MissingPackage(
                _(
                    "there is no package “{name}” in {folder}. Correct the value of "
                    "“api” of the frameworks in _config.yml."
                ).format(name=name, folder=root)
            ) from None

    def names(self, module: str) -> list[str]:
        """The public names (``__all__``) of a module such as ``package.module``."""
        exports = self._find(module).exports
        return sorted(str(getattr(name, "name", name)) for name in exports or ())

    def entry(self, path: str) -> Entry:
        """The name with a dotted path; raises UnknownName, UnreadableDocstring.

        A name that is only imported from elsewhere has that place as its value.
        """
        name, found = path.rpartition(".")[2], self._find(path)
        if found.is_alias:
            return Entry(
                name,
                "attribute",
                value=found.target_path,
                path=found.parent.filepath,
                origin=path,
            )
        return _entry(name, found)

    def _find(self, path: str) -> griffe.Object | griffe.Alias:
        """What the path leads to; an alias if that is outside of the package."""
        top, _dot, rest = path.partition(".")
        try:
            found = self._module[rest] if rest else self._module
        except (KeyError, griffe.AliasResolutionError):
            raise UnknownName(path) from None
        try:
            return found.final_target if found.is_alias else found
        except griffe.AliasResolutionError:
            return found


def is_code(text: str) -> bool:
    """Whether a type is an expression of Python, such as ``list[int]``; not prose."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    prose = (ast.BoolOp, ast.Compare, ast.Call, ast.UnaryOp, ast.IfExp)
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return "optional" not in names and not any(
        isinstance(node, prose) for node in ast.walk(tree)
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, each on one line."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))


def _entry(name: str, found: griffe.Object, owner: str = "") -> Entry:
    if not (found.is_function or found.is_class or found.is_attribute):
        raise UnknownName(found.path)
    text, fields = _sections(found)
    return Entry(
        name=name,
        kind=_kind(found, owner),
        parameters=_parameters(found),
        returns=str(found.returns or "") if found.is_function else "",
        value=_value(found),
        paragraphs=text,
        fields=fields,
        members=tuple(_members(found)) if found.is_class else (),
        path=found.filepath,
        origin=found.path,
    )


def _kind(found: griffe.Object, owner: str) -> str:
    if "property" in found.labels:
        return "property"
    return "method" if owner and found.is_function else found.kind.value


def _value(found: griffe.Object) -> str:
    is_constant = found.is_attribute and "property" not in found.labels
    return str(found.value or "") if is_constant else ""


def _members(found: griffe.Class) -> Iterator[Entry]:
    """The documented public members, in the order of the source."""
    for name, member in found.members.items():
        if not name.startswith("_") and not member.is_alias and member.docstring:
            yield _entry(name, member, found.name)


def _parameters(found: griffe.Object) -> tuple[Parameter, ...] | None:
    """The parameters of a function, or of a class that says how it is made.

    A data class does not: its fields are documented, and others make its objects.
    """
    if found.is_class and "dataclass" not in found.labels:
        found = found.members.get("__init__")  # type: ignore[assignment]  # griffe
    if found is None or not found.is_function:
        return None
    is_method = found.parent.is_class and "staticmethod" not in found.labels
    return tuple(_marked(list(found.parameters)[is_method:]))


_STARS = {
    griffe.ParameterKind.var_positional: "*",
    griffe.ParameterKind.var_keyword: "**",
}


def _marked(parameters: Iterable[griffe.Parameter]) -> Iterator[Parameter]:
    """Parameters with the signs that Python writes between their kinds."""
    before = None
    for parameter in parameters:
        kind = parameter.kind
        if before is griffe.ParameterKind.positional_only is not kind:
            yield Parameter("/")
        if kind is griffe.ParameterKind.keyword_only and before not in (
            griffe.ParameterKind.var_positional,
            griffe.ParameterKind.keyword_only,
        ):
            yield Parameter("*")
        stars = _STARS.get(kind, "")
        default = "" if stars else str(parameter.default or "")
        yield Parameter(
            stars + parameter.name, str(parameter.annotation or ""), default
        )
        before = kind
    if before is griffe.ParameterKind.positional_only:
        yield Parameter("/")


def _sections(found: griffe.Object) -> tuple[tuple, tuple]:
    """The paragraphs at the beginning of a docstring, and its fields in order."""
    text, fields = (), {}
    for section in found.docstring.parsed if found.docstring else ():
        name, items = _section(section, found)
        if name == "text":
            text += items
        else:
            fields[name] = items
    return text, tuple((name, fields[name]) for name in FIELDS if name in fields)


def _section(section: griffe.DocstringSection, found: griffe.Object) -> tuple:
    name, value = section.kind.value, section.value
    if name == "text":
        return name, paragraphs(value)
    if name == "admonition":
        name, value = value.kind, value.contents
    if name not in FIELDS:
        raise UnreadableDocstring(
            _(
                "{place}: unknown section “{name}” in the docstring. There are: "
                "{names}."
            ).format(place=found.path, name=name, names=", ".join(FIELDS))
        )
    if isinstance(value, str):
        return name, (Item(paragraphs=paragraphs(value)),)
    return name, tuple(_items(value))


def _items(values: Iterable) -> Iterator[Item]:
    """The items of a section; what is said of several names at once stays together."""

    def said(value) -> tuple[str, str]:
        return str(value.annotation or ""), value.description

    for (annotation, description), group in groupby(values, key=said):
        names = [getattr(value, "name", None) for value in group]
        text = paragraphs(description) if description.strip() else ()
        yield Item(tuple(name for name in names if name), annotation, text)

"""The HTML of a page as a tree: of what a browser would read, only what XML can say.

Chapters and outputs may hold HTML that no XML parser takes: ``<br>``, ``&nbsp;``, an
attribute without a value. It is read by the rules of HTML, so nothing is malformed.
"""

import re
import xml.etree.ElementTree as ET
from html import escape

XHTML = "http://www.w3.org/1999/xhtml"
PREFIXES = {
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
NAME = re.compile(r"[A-Za-z_][\w.-]*")
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML has no way to write."""


def parsed(html: str) -> ET.Element:
    """Return what stands on a page as the children of a ``body``."""
    import tinyhtml5  # it comes with WeasyPrint, which a site does without

    tree = tinyhtml5.parse(f"<body>{html}", namespace_html_elements=False)
    body = tree.find("body")
    _drop_comments(body)
    _simplify(body, "")
    return body


def xhtml(html: str) -> str:
    """Return what stands on a page as well-formed XHTML.

    Styles go: an e-book has them in its head alone.
    """
    body = parsed(html)
    for parent in list(body.iter()):
        for style in parent.findall("style"):
            _remove(parent, style)
    parts = (ET.tostring(child, encoding="unicode") for child in body)
    return escape(body.text or "", quote=False) + "".join(parts)


def _drop_comments(element: ET.Element) -> None:
    for child in list(element):
        if child.tag is ET.Comment:
            _remove(element, child)  # type: ignore[unreachable]  # typed as a text
        else:
            _drop_comments(child)


def _remove(parent: ET.Element, child: ET.Element) -> None:
    """Take an element out, and leave the text that follows it."""
    place = list(parent).index(child)
    parent.remove(child)
    if place:
        before = parent[place - 1]
        before.tail = (before.tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")


def _simplify(element: ET.Element, around: str) -> None:
    """Write names without namespaces, which are declared where another one begins.

    ``around`` is the namespace of the parent; that of HTML itself is empty.
    """
    namespace, element.tag = _split(element.tag)
    attributes = dict(_attributes(element))
    element.attrib.clear()
    element.attrib.update(attributes)
    if namespace != around:
        element.set("xmlns", namespace or XHTML)
    if not NAME.fullmatch(element.tag):
        element.tag = "span"
    element.text, element.tail = _legal(element.text), _legal(element.tail)
    for child in element:
        _simplify(child, namespace)


def _split(name: str) -> tuple[str, str]:
    """Return the namespace and the rest of a name such as ``{http://…}svg``."""
    namespace, _, rest = name.rpartition("}")
    return namespace[1:], rest


def _attributes(element: ET.Element):
    """Yield the attributes that XML can have, with the prefixes that it knows."""
    for name, value in element.attrib.items():
        namespace, name = _split(name)
        prefix = PREFIXES.get(namespace, "")
        if NAME.fullmatch(name) and name != "xmlns" and bool(namespace) == bool(prefix):
            yield prefix + name, _legal(value)
            if prefix == "xlink:":
                yield "xmlns:xlink", namespace


def _legal(text: str | None) -> str | None:
    return text and NO_TEXT.sub("", text)

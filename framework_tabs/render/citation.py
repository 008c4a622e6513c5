"""What ``CITATION.cff`` says about the book, for whatever has to say the same.

The directive ``citation`` shows a reader how to cite the book.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ..messages import _, locale

LOGGER = logging.getLogger(__name__)
NAME = "CITATION.cff"


@dataclass(frozen=True)
class Citation:
    """How the book is cited; everything is empty for a book without the file."""

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    version: str = ""
    released: date | None = None
    licences: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The authors in a row."""
        return ", ".join(self.authors)

    @property
    def year(self) -> str:
        """The year of the version; that there is none if it is not said."""
        return str(self.released.year) if self.released else _("n.d.")

    @property
    def bibtex(self) -> str:
        """The book as an entry for BibTeX, which takes names in braces as they are."""
        key = re.sub(r"\W.*", "", self.title).lower()
        fields = {
            "author": " and ".join(f"{{{name}}}" for name in self.authors),
            "title": f"{{{self.title}}}",
            "year": self.year,
            "version": self.version,
            "language": locale().get_language_name("en").lower(),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@book{{{key}{self.year},", *lines, "}"])


def read(root: Path) -> Citation:
    """Return what the file in the book's folder says."""
    path = Path(root) / NAME
    if not path.is_file():
        return Citation()
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    licence = found.get("license", [])
    return Citation(
        title=found["title"],
        authors=tuple(_name(author) for author in found["authors"]),
        abstract=found.get("abstract", "").strip(),
        version=str(found.get("version", "")),
        released=found.get("date-released"),
        licences=tuple([licence] if isinstance(licence, str) else licence),
        keywords=tuple(found.get("keywords", [])),
    )


def _name(author: dict) -> str:
    """Return the name of a person or of a body."""
    parts = (author.get("given-names"), author.get("family-names"))
    return author.get("name") or " ".join(part for part in parts if part)


class HowToCite(SphinxDirective):
    """Show how the book is cited: a line of text, and BibTeX; it takes no options."""

    def run(self) -> list[nodes.Node]:
        """Return both, or nothing but a warning if the book does not say."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / NAME))
        cite = read(root)
        if not cite.title:
            LOGGER.warning(
                _(
                    "citation: there is no file {name}; write it or remove the "
                    "directive."
                ).format(name=NAME),
                location=self.get_location(),
            )
            return []
        line = nodes.paragraph(
            "", f"{cite.who} ({cite.year}). ", nodes.emphasis("", cite.title)
        )
        version = _("(version {version})").format(version=cite.version)
        line += nodes.Text(f" {version}." if cite.version else ".")
        record = nodes.literal_block(cite.bibtex, cite.bibtex, language="bibtex")
        return [nodes.block_quote("", line), record]

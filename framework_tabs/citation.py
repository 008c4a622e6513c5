"""What ``CITATION.cff`` says about the book, for whatever has to say the same."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

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

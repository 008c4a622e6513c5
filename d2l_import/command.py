"""Brings a section of D2L into the book: its chapter and the pictures it shows.

What the book already has, labels and cited works, is looked up here; the translation
itself is ``section``'s. Where a picture does not lie beside the text, a drawing that
says so stands for it. Everything is written, or nothing.
"""

import io
import re
from pathlib import Path

from PIL import Image, ImageDraw

from framework_tabs.config import Settings, read
from framework_tabs.source import scaffold
from framework_tabs.source.cell import ChapterError
from framework_tabs.source.pages import drafts, pages
from framework_tabs.source.scaffold import AuthoringError

from .labels import labels
from .messages import _, fill
from .section import Imported, Note, translate


def bring(source: Path, name: str, settings: Settings) -> tuple[Path, Imported]:
    """Add the section in ``source`` as the chapter ``name``; where, and what to see to.

    Raises AuthoringError.
    """
    try:
        text = source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = _("{file} cannot be read: {error}. Correct its name.")
        raise AuthoringError(told.format(file=source, error=error)) from None
    known = labels([*pages(settings), *drafts(settings)])
    short = name.rpartition("/")[2]
    found = translate(text, short, settings.frameworks, known, _works(settings))
    written: list[Path] = []
    try:
        _bring_pictures(
            source, found, scaffold.place(name, settings), settings, written
        )
        path = scaffold.add(name, found.text, settings)
    except BaseException as error:
        for picture in written:
            picture.unlink(missing_ok=True)
        if isinstance(error, ChapterError):  # of this chapter: no other is read
            raise _of_section(error, source, found) from None
        raise
    found.notes.sort()
    return path, found


def _of_section(error: ChapterError, source: Path, found: Imported) -> AuthoringError:
    """Return what is wrong with the chapter as something in the section: it is gone."""
    line = found.numbers[min(error.line, len(found.numbers)) - 1]
    told = _("{file}:{line}: {message} Nothing was written.")
    told = told.format(file=source, line=line, message=error.message)
    return AuthoringError(told)


def _works(settings: Settings) -> set[str]:
    """The keys of the book's bibliography."""
    config = read(settings.root)
    sphinx = (config.get("sphinx") or {}).get("config") or {}
    names = config.get("bibtex_bibfiles") or sphinx.get("bibtex_bibfiles") or []
    paths = [settings.root / name for name in names]
    texts = [path.read_text(encoding="utf-8") for path in paths if path.exists()]
    return {k for text in texts for k in re.findall(r"^@\w+\{\s*([^,\s]+)", text, re.M)}


def _bring_pictures(
    source: Path, found: Imported, chapter: Path, settings: Settings, written: list
) -> None:
    """Put the pictures beside the chapter; ``written`` are those that are new."""
    for name, (address, line) in found.pictures.items():
        target, origin = chapter.parent / "figures" / name, source.parent / address
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        written.append(target)
        if origin.is_file():
            target.write_bytes(origin.read_bytes())
            continue
        target.write_bytes(_drawing(target))
        told = _("{file} not found; {drawing} was drawn in its place.")
        told = told.format(file=address, drawing=settings.relative(target))
        found.notes.append(Note(line, told))


def _drawing(target: Path) -> bytes:
    """Return a picture that names the one that is missing."""
    if target.suffix == ".svg":
        return fill("missing.svg", name=target.name).encode()
    picture, file = Image.new("RGB", (640, 120), "white"), io.BytesIO()
    told = _("No picture: {name}").format(name=target.name)
    ImageDraw.Draw(picture).text((20, 50), told, fill="black")
    kind = Image.registered_extensions().get(target.suffix.lower(), "PNG")
    picture.save(file, kind)
    return file.getvalue()

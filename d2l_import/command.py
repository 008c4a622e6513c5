"""Brings a section of D2L into the book: its chapter and the pictures it shows.

What the book already has, labels and cited works, is looked up here; the translation
itself is ``d2l_import``'s. Where a picture does not lie beside the text, a drawing that
says so stands for it.
"""

import re
import shutil
from pathlib import Path

import yaml
from PIL import Image, ImageDraw

from framework_tabs.config import Settings
from framework_tabs.source import scaffold
from framework_tabs.source.scaffold import AuthoringError
from framework_tabs.split.labels import Elsewhere
from framework_tabs.split.place import Place

from .messages import _, fill
from .section import Imported, Note, translate


def bring(source: Path, name: str, settings: Settings) -> tuple[Path, Imported]:
    """Add the section in ``source`` as the chapter ``name``; where, and what to see to.

    Raises AuthoringError.
    """
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = _("{file} cannot be read: {error}. Correct its name.")
        raise AuthoringError(told.format(file=source, error=error)) from None
    labels = _labels(settings)
    found = translate(text, name, settings.frameworks, labels, _works(settings))
    path = scaffold.add(name, found.text, settings)
    for picture, (address, line) in found.pictures.items():
        target = settings.chapters / "figures" / picture
        if not target.exists() and not _bring_picture(source.parent / address, target):
            told = _("{file} not found; {drawing} was drawn in its place.")
            told = told.format(file=address, drawing=settings.relative(target))
            found.notes.append(Note(line, told))
    found.notes.sort()
    return path, found


def _labels(settings: Settings) -> dict[str, str]:
    """The labels of all chapters, each with the role that refers to it."""
    places = Elsewhere(next(iter(settings.frameworks)), settings).places
    return {label: _role(place) for label, place in places.items()}


def _role(place: Place) -> str:
    """The role that refers to a formula, to a figure or table, or to a section."""
    if place.text.startswith("("):
        return "eq"
    return "numref" if place.number else "ref"


def _works(settings: Settings) -> set[str]:
    """The keys of the book's bibliography."""
    config = yaml.safe_load((settings.root / "_config.yml").read_text(encoding="utf-8"))
    paths = [settings.root / name for name in config.get("bibtex_bibfiles") or []]
    texts = [path.read_text(encoding="utf-8") for path in paths if path.exists()]
    return {k for text in texts for k in re.findall(r"^@\w+\{\s*([^,\s]+)", text, re.M)}


def _bring_picture(source: Path, target: Path) -> bool:
    """Copy a picture, or draw one that names it; whether it was there."""
    target.parent.mkdir(exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, target)
    elif target.suffix == ".svg":
        target.write_text(fill("missing.svg", name=target.name), encoding="utf-8")
    else:
        picture = Image.new("RGB", (640, 120), "white")
        told = _("No picture: {name}").format(name=target.name)
        ImageDraw.Draw(picture).text((20, 50), told, fill="black")
        picture.save(target)
    return source.is_file()

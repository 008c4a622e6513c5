"""The words that Sphinx and its extensions put on the pages, in the book's language.

They come from the message catalogues that the pages' words come from, the book's own
first; none of these packages is imported for that.
"""

import gettext
import io
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ..config import Settings

NUMBERED = {
    "section": "Section %s",
    "figure": "Fig. %s",
    "table": "Table %s",
    "code-block": "Listing %s",
}
"""Sphinx's own ``numfig_format``, by kind."""

ADMONITIONS = {
    "attention": "Attention",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "note": "Note",
    "seealso": "See also",
    "tip": "Tip",
    "warning": "Warning",
}
VERSIONS = {
    "versionadded": "Added in version %s",
    "versionchanged": "Changed in version %s",
    "deprecated": "Deprecated since version %s",
    "versionremoved": "Removed in version %s",
}
_CATALOGUES = {
    "sphinx": ("sphinx", "locale"),
    "proof": ("sphinx_proof", "translations/locales"),
    "exercise": ("sphinx_exercise", "translations/locales"),
}
"""For each domain of messages the package that has it, and the folder there."""


def said(text: str, settings: Settings, domain: str = "sphinx") -> str:
    """An English text of a package, in the language of the book."""
    folders = tuple(
        settings.root / name for name in settings.sphinx["locale_dirs"] or ()
    )
    language = settings.sphinx["language"] or "en"
    return _catalogue(domain, language, folders).gettext(text)


def numbered(kind: str, settings: Settings) -> str:
    """How a number of this kind is shown: "Fig. %s"."""
    own = settings.sphinx["numfig_format"].get(kind)
    if own:
        return str(own)
    if kind == "exercise":
        return f"{said('Exercise', settings, 'exercise')} %s"
    if kind in NUMBERED:
        return said(NUMBERED[kind], settings)
    return f"{said(kind.title(), settings, 'proof')} %s"


@cache
def _catalogue(
    domain: str, language: str, folders: tuple[Path, ...]
) -> gettext.NullTranslations:
    found = [gettext.NullTranslations()]
    for folder in reversed([*folders, *_folder(domain)]):
        for name in (language.partition("_")[0], language):
            for translations in _translations(folder / name / "LC_MESSAGES" / domain):
                translations.add_fallback(found[-1])
                found.append(translations)
    return found[-1]


def _folder(domain: str) -> Iterator[Path]:
    """Where a package keeps its catalogues, if it is installed."""
    package, folder = _CATALOGUES[domain]
    spec = find_spec(package)
    for place in (spec and spec.submodule_search_locations) or ():
        yield Path(place, folder)


def _translations(path: Path) -> Iterator[gettext.GNUTranslations]:
    """What is in a catalogue; its text is read where it is newer than what was made."""
    files = [path.with_suffix(ending) for ending in (".mo", ".po")]
    files = [each for each in files if each.exists()]
    for newest in sorted(files, key=lambda each: -each.stat().st_mtime)[:1]:
        with open(newest, "rb") as file:
            compiled = _compiled(file) if newest.suffix == ".po" else file
            yield gettext.GNUTranslations(compiled)


def _compiled(text: BinaryIO) -> BinaryIO:
    result = io.BytesIO()
    write_mo(result, read_po(text))
    result.seek(0)
    return result

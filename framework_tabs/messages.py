"""The language in which the engine speaks: that of the book.

Messages are English in the code; a catalogue (gettext, ``LANGUAGE/LC_MESSAGES/*.po`` in
a package's ``locale``) says them in another language. ``speak`` is called with what the
book's settings name; a language without a catalogue gets English.
"""

import gettext
import io
import json
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_language = "en"


def speak(language: str | None) -> None:
    """Let all messages from now on be in ``language``, such as ``tr`` or ``pt_BR``."""
    global _language
    _language = (language or "en").replace("-", "_")


def spoken() -> str:
    """The language of the messages."""
    return _language


def tag() -> str:
    """The same as HTML and EPUB want it: ``pt-BR``."""
    return _language.replace("_", "-")


def locale() -> Locale:
    """How numbers, dates and lists are written in that language."""
    try:
        return Locale.parse(_language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def territory() -> str:
    """The country where the language is at home, for who must name one: ``TR``."""
    likely = get_global("likely_subtags").get(_language, "en_Latn_US")
    return locale().territory or parse_locale(likely)[1] or "US"


class Messages:
    """The messages of one package; ``folder`` holds its catalogues."""

    def __init__(self, folder: Path):
        self._folder = folder

    def __call__(self, message: str) -> str:
        """Return a message in the language that is spoken; values go in afterwards.

        So it is called where the message is used, never when a module is imported.
        """
        return _catalogue(self._folder, _language).gettext(message)

    def counted(self, one: str, many: str, number: int) -> str:
        """Return the one or the other of two messages, as ``number`` asks for."""
        return _catalogue(self._folder, _language).ngettext(one, many, number)

    def of_script(self, script: Path) -> str:
        """Return what a script of the pages says by ``_("…")``, in JSON.

        A mapping of its English to the language that is spoken, empty for English.
        """
        with open(script, "rb") as file:
            found = extract("javascript", file)
            texts = [message for _, message, *_ in found if isinstance(message, str)]
        words = {text: self(text) for text in texts if self(text) != text}
        return json.dumps(words, ensure_ascii=False)


@cache
def _catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """Read what is in a language's catalogue; in that of pt for pt_BR, if need be."""
    for name in dict.fromkeys([language, language.partition("_")[0]]):
        for path in sorted((folder / name / "LC_MESSAGES").glob("*.po")):
            compiled = io.BytesIO()
            with open(path, "rb") as file:
                write_mo(compiled, read_po(file, locale=name))
            compiled.seek(0)
            return gettext.GNUTranslations(compiled)
    return gettext.NullTranslations()


_ = Messages(Path(__file__).parent / "locale")
ngettext = _.counted


def N_(message: str) -> str:
    """Mark a message in a table, for ``_`` where it is used."""
    return message

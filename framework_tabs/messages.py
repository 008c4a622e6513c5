"""The language in which the engine speaks: that of the book.

Messages are English in the code; a catalogue (gettext, ``LANGUAGE/LC_MESSAGES/*.po`` in a
package's ``locale``) says them in another language. ``speak`` is called with what the
book's settings name; a language without a catalogue gets English.
"""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_language = "en"


def speak(language: str | None) -> None:
    """Let all messages from now on be in ``language``, such as ``tr`` or ``pt_BR``."""
    global _language
    _language = language or "en"


def spoken() -> str:
    """The language of the messages."""
    return _language


class Messages:
    """The messages of one package; ``folder`` holds its catalogues."""

    def __init__(self, folder: Path):
        self._folder = folder

    def __call__(self, message: str) -> str:
        """Return a message in the language that is spoken; values go in afterwards.

        So it is called where the message is used, never when a module is imported.
        """
        return _catalogue(self._folder, _language).gettext(message)


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

"""What the package itself says on pages and to authors, in the language of the book.

English in the code; other languages come from the catalogues in ``locale``.
"""

from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from .catalogue import Catalogue

FOLDER = Path(__file__).parent / "locale"

_language = "en"


def speak(app: Sphinx, config: Config) -> None:
    """Let all messages from now on be in the language of the book."""
    global _language
    _language = config.language


def _(message: str) -> str:
    """Return a message in that language; values go in afterwards."""
    return _catalogue(_language).translation(message) or message


def N_(message: str) -> str:
    """Mark a message in a table, for ``_`` where it is used."""
    return message


@cache
def _catalogue(language: str) -> Catalogue:
    return Catalogue(FOLDER / language / "LC_MESSAGES" / "api_tabs.po")

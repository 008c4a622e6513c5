"""Translations of English texts, such as docstrings: a message catalogue of gettext.

The catalogue is read from its ``.po`` file. Sphinx's own translation of pages does not
serve here: it parses each message as a page of its own and lets a message without a
translation pass.
"""

from pathlib import Path

from babel.messages import pofile


class Catalogue:
    """The messages of one ``.po`` file: ``path``, and its translations in ``texts``.

    An entry that is empty or marked ``fuzzy`` counts as not translated.
    """

    def __init__(self, path: Path):
        self.path = path
        self.texts: dict[str, str] = {}
        if path.exists():
            with open(path, "rb") as file:
                messages = pofile.read_po(file, abort_invalid=True)
            self.texts = {
                str(m.id): "" if m.fuzzy else str(m.string) for m in messages if m.id
            }

    def translation(self, text: str) -> str | None:
        """The translation of ``text``; None if there is none."""
        return self.texts.get(text) or None

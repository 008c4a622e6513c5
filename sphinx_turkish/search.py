"""The search of the site in Turkish: what its index holds, and how it is found again.

The index holds the words of the pages in small letters, suffixes and all. Only when a
reader asks, and all words of the book are there, does ``search.js`` tell which of them
are forms of one word: "hatası" is a form of "hata", and "hattı" is not. What both sides
must do alike is written once, in the patterns here and in ``turkish.py``. The script
gets them as JSON; Sphinx puts it where the stemmers of other languages are.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.domains import ObjType
from sphinx.search import SearchLanguage
from sphinx.util.index_entries import split_index_msg

from . import _compat
from . import words as turkish

SCRIPT = Path(__file__).with_name("search.js")

# Patterns that Python and JavaScript read alike, for text in small letters.
DROPPED_MARKS = r"[\u0302\u0307]"  # â î û, and the dot of İ
LETTERS = "a-zß-öø-ɏα-ω"
NUMBER = "[0-9]+(?:[.,_][0-9]+)+"
WORD = f"[{LETTERS}0-9_]"
SUFFIX = f"['’][{LETTERS}]+"
# A number with a point or comma in it; a word whose suffix follows an apostrophe, which
# is none after a single letter: f'ağ'; any other word.
TOKEN = f"({NUMBER})(?!{WORD})(?:{SUFFIX})?|({WORD}{{2,}}){SUFFIX}|({WORD}+)"
THOUSANDS = "[1-9][0-9]{0,2}(?:[._][0-9]{3})+"
NUMBERED = f"[{LETTERS}]{{3,}}(?=[0-9])"

# Words that every page has, or that only ask: "evrişim nedir". Some look like forms of
# other words: "için" of "iç". The last ones are of the English of titles and comments.
STOP_WORDS = (
    "acaba ama ancak artık asla bana bazen bazı ben beni benim bile bir biri birkaç biz"
    " bize bizi bizim böyle böylece bu buna bunda bundan bunlar bunu bunun burada çok"
    " çoğu çünkü da daha de değil der diye dolayı en fakat gene gibi göre hangi hangisi"
    " hatta hem hep hepsi her herhangi hiç için ile ise işte kadar kaç ki kim kimi mi"
    " mu mü mı nasıl ne neden nedir nerede niçin niye o olan olarak oldu olduğu olsa"
    " olur ona onda ondan onlar onların onu onun oysa önce öyle pek sana sanki sen siz"
    " sizi sizin sonra şey şu şunlar şöyle tüm üzere var ve veya ya yani yine yok zaten"
    " an and are as at be by for from in is it of or that the this to with"
)


def letters(text: str) -> str:
    """Return text in small letters; i stands for ı too, since I may be either."""
    text = re.sub(DROPPED_MARKS, "", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).lower().replace("ı", "i")


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, names of code whole, numbers without a fraction."""
    for number, inflected, other in re.findall(TOKEN, letters(text)):
        if re.fullmatch(THOUSANDS, number):
            yield re.sub("[._]", "", number)
        elif name := (inflected or other).strip("_"):
            yield name


def parts(name: str) -> list[str]:
    """Return the word and, of a name of code, its parts: train_ch6, conv2d (conv)."""
    pieces = [name, *(name.split("_") if "_" in name else ())]
    numbered = (re.match(NUMBERED, piece) for piece in pieces)
    return [*pieces, *(match[0] for match in numbered if match)]


RULES = {
    "droppedMarks": DROPPED_MARKS,
    "token": TOKEN,
    "thousands": THOUSANDS,
    "numbered": NUMBERED,
    "stopWords": letters(STOP_WORDS).split(),
    "noun": turkish.NOUN,
    "beginnings": turkish.BEGINNINGS,
    "verb": turkish.VERB,
    "vowels": turkish.VOWELS,
    "infinitive": turkish.INFINITIVE,
    "softened": turkish.SOFTENED,
    "changes": turkish.CHANGES,
    "losesVowel": turkish.LOSES_VOWEL,
}


def script() -> str:
    """Return what the pages of results load: the rules and ``search.js``."""
    rules = json.dumps(RULES, ensure_ascii=False)
    return f"const SEARCH_RULES = {rules};\n\n{SCRIPT.read_text(encoding='utf-8')}"


class TurkishSearch(SearchLanguage):
    """Takes the place of Sphinx's Turkish, which fails on İ and ı and cuts words."""

    lang = "tr"
    language_name = "Turkish"

    def init(self, options: dict[str, str]) -> None:
        """Give Sphinx the script in place of a stemmer."""
        self.js_stemmer_code = script()

    def split(self, input: str) -> list[str]:
        """Return what of a text goes into the index."""
        return [part for word in words(input) for part in parts(word)]

    def word_filter(self, word: str) -> bool:
        """Leave out single letters and digits and the words of no page of its own."""
        return len(word) > 1 and word not in RULES["stopWords"]


def complete(app: Sphinx) -> list:
    """Make the index of a build of some pages what that of all would be.

    Sphinx keeps words that no page has any longer, and loses the index entries of the
    pages that are not written. Comes when all words are in; returns no page to add.
    """
    indexer = app.builder.indexer
    if indexer is not None:
        for pages in _compat.pages_of_words(indexer):
            for word in [word for word, found in pages.items() if not found]:
                del pages[word]
        indexed = _compat.index_entries(indexer)
        for docname, entries in app.env.get_domain("index").entries.items():
            indexed[docname] = sorted(_as_indexed(entries))
    return []


def _as_indexed(entries: list[tuple]) -> set[tuple[str, str, str]]:
    """Return entries as Sphinx's index has them: word, place, and if it is the main."""
    return {
        (word, place or "", main)
        for kind, value, place, main, _ in entries
        for word in split_index_msg(kind, value)
    }


def offer_terms(app: Sphinx) -> None:
    """Let the glossary's terms be results of their own.

    As names, like those of code: index entries are lost from pages not built anew.
    """
    if app.config.language != TurkishSearch.lang:
        return
    kind = ObjType("terim", "term", searchprio=1)
    app.env.get_domain("std").object_types["term"] = kind

"""A spelling check of the book's Turkish with hunspell and Debian's ``hunspell-tr``.

That dictionary has some hundred thousand words with their commonest suffixes, but not
every form that Turkish can make of a word, and no terms. So a word is right if hunspell
knows it, or if it is made of a word that hunspell knows and suffixes in vowel harmony,
or if it is in ``words.txt``. What follows an apostrophe must be suffixes too, and after
a number those that fit the number as it is read: 60.000'i, 3'ü.

It knows no grammar. It looks away from abbreviations in capitals, and from words in
italics that have only letters of English: that is how the book sets foreign words.
"""

import ast
import io
import keyword
import re
import subprocess
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from sphinx_turkish.words import NOUN, fold
from tests.book import language

WORDS = Path(__file__).with_name("words.txt")

# What there is to read


ITALICS = re.compile(r"(?<![*\w])\*([^*\n]+)\*(?!\*)")
TERM = re.compile(r"\{term\}`([^`<]+?)(?:\s*<[^>]+>)?`")
OTHER_BOOKS = re.compile(r"(?m)^.+\n  Bu kitapta: .*$|; başka kaynaklarda [^.\n]*")


def prose(markdown: str) -> str:
    """Return the prose of a page, each line in its place.

    Of a glossary the entries are part of it, other books' words are not.
    """
    markdown = re.sub(r"(?m)^\.\. .*$", "", markdown)  # comments in a glossary
    text = OTHER_BOOKS.sub(lambda match: "\n" * match[0].count("\n"), markdown)
    text = ITALICS.sub(lambda match: "" if match[1].isascii() else match[1], text)
    text = TERM.sub(r"\1", text).replace("{glossary}", "{note}")
    return language.split(text)[0]


def code_texts(source: str) -> str:
    """Return what Python code says in Turkish, each line in its place.

    That is its comments and those texts that are printed, have a space or have a letter
    that English lacks; other texts name things.
    """
    source = re.sub(r"(?m)^\s*[%!].*$", "", source)  # IPython's own commands
    lines = [""] * (source.count("\n") + 2)
    for token in _tokens(source):
        if token.type == tokenize.COMMENT:
            lines[token.start[0] - 1] += token.string
    for text, line, printed in _texts(ast.parse(source)):
        if printed or " " in text.strip() or not text.isascii():
            lines[line - 1] += " " + text.replace("\n", " ")
    return _without_names("\n".join(lines), source)


def _without_names(text: str, source: str) -> str:
    """Blank what a comment quotes of the code."""
    names = {t.string for t in _tokens(source) if t.type == tokenize.NAME}
    names |= set(keyword.kwlist)
    quoted = re.sub(r"'\w+'", " ", text)
    return re.sub(r"(?<!')\b\w+", lambda m: " " if m[0] in names else m[0], quoted)


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(source).readline)


def _texts(node: ast.AST, printed: bool = False) -> Iterator[tuple[str, int, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno, printed
    if isinstance(node, ast.FormattedValue | ast.Subscript):
        children = [node.value]  # and neither the format nor the key
    elif isinstance(node, ast.keyword) and node.arg in ("loc", "textcoords"):
        children = []  # matplotlib's own words
    else:
        children = ast.iter_child_nodes(node)
    printed = printed or ast.unparse(getattr(node, "func", node)) == "print"
    for child in children:
        yield from _texts(child, printed)


def figure_texts(path: Path) -> str:
    """Return the texts of a drawing."""
    elements = ElementTree.parse(path).getroot().iter()
    return "\n".join(e.text or "" for e in elements if not e.tag.endswith("style"))


# Words


TOKEN = re.compile(
    r"(?P<word>(?<![”)])[^\W\d_]+(?:-[^\W\d_]+)*)?(?P<number>\d[\d.,]*)?"
    r"(?:(?:['’]|(?<=[”)]))(?P<suffix>[^\W\d_]+))?"
)
NAMES_OF_CODE = re.compile(
    r"\{\w+\}|\w*_\w*|\w+(?=\()|(?<=\w)\.[^\W\d]\w*|\w*[^\W\d]\d\w*"
    r"|\w+…|[⁰-₎¹²³ˣ]|(?<!\w)(?:[a-f][\da-f]|\d[a-f])(?!\w)"
)
ABBREVIATION = re.compile(r"[A-ZÇĞİÖŞÜ]{2,}")


@dataclass(frozen=True)
class Token:
    """A word or a number on a line, and what follows its apostrophe."""

    line: int
    word: str
    number: str
    suffix: str

    def __str__(self):
        suffix = f"'{self.suffix}" if self.suffix else ""
        return f"{self.line}. satır: {self.word}{self.number}{suffix}"


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and numbers of a text that a spelling check can judge."""
    for number, line in enumerate(text.split("\n"), start=1):
        for match in TOKEN.finditer(NAMES_OF_CODE.sub(" ", line)):
            parts = {name: part or "" for name, part in match.groupdict().items()}
            if len(parts["word"]) > 1 or parts["number"] or parts["suffix"]:
                yield Token(number, **parts)


# Turkish


ALPHABET = " aâbcçdefgğhıiîjklmnoöpqrsştuûüvwxyz"
VOWELS = "aeıioöuü"
FRONT = "eiöü"
ROUND = "oöuü"
K = f"(?:k(?![{VOWELS}])|ğ(?=[{VOWELS}]))"
FUTURE = f"y?[ae]c[ae]{K}"
PERSON = "(?:[ıiuü]m|s[ıiuü]n(?:[ıiuü]z)?|[ıiuü]z|k|l[ae]r|[ıiuü]?n[ıiuü]z)?"
TENSE = f"(?:[aeıiuü]?r|z|[ıiuü]yor|[dt][ıiuü]|m[ıiuü]ş|{FUTURE}|m[ae]l[ıi]|s[ae])"
ORDER = "y?[ıiuü]n(?:[ıiuü]z)?"
ADVERB = "y?[ıiuü]p|y?[ae]r[ae]k|y?[ıiuü]nc[ae]|m[ae]d[ae]n|[dt][ıiuü]k[cç][ae]"
NAME = f"(?:y?[ae]n|[dt][ıiuü]{K}|m[ae]|y?[ıiuü]c[ıiuü]|{FUTURE}|m[ıiuü]ş)"
VOICE = "(?:t|[dt][ıiuü]r|[ıiuü]?[nlş])?(?:y?[ae]bil)?(?:y?[ae]?m[ae]|m(?=[ıiuü]yor))?"
COPULAS = "(?:y?ken|y?s[ae]|y?[dt][ıiuü]|[dt][ıiuü]r)?"
VERB = f"{VOICE}(?:{TENSE}{COPULAS}{PERSON}|{ORDER}|{ADVERB}|{NAME}{NOUN})"
SUFFIX = f"{NOUN}|(?:l[ıiuü]|s[ıiuü]z|l[ıiuü][kğ]){NOUN}"
NUMERAL = f"{SUFFIX}|(?:ş?[ae]r|[ıiuü]?nc[ıiuü]){NOUN}"
# Suffixes put neither two vowels together nor three consonants, or two at the end.
UNHEARD = re.compile(f"[{VOWELS}]{{2}}|[^{VOWELS}]{{3}}|[^{VOWELS}]{{2}}$")
HARD = {"b": "p", "c": "ç", "d": "t", "ğ": "k"}


def stems(word: str) -> Iterator[str]:
    """Yield what may be the word without suffixes: nouns, infinitives of verbs."""
    word = fold(word)
    for end in range(len(word) - 1, 1, -1):
        stem, suffixes = word[:end], word[end:]
        if UNHEARD.search(stem[-1] + suffixes):
            continue
        if re.fullmatch(SUFFIX, suffixes) and fits(stem, suffixes):
            yield from {stem, stem[:-1] + HARD.get(stem[-1], stem[-1])}
        if re.fullmatch(VERB, suffixes) and harmonic(stem, suffixes):
            yield stem + ("mak" if _last_vowel(stem) not in FRONT else "mek")


def turkish_order(text: str) -> list[int]:
    """Return a key that sorts as a Turkish dictionary does, spaces first."""
    return [ALPHABET.index(letter) for letter in fold(text) if letter in ALPHABET]


def harmonic(stem: str, suffixes: str) -> bool:
    """Say whether the vowels of suffixes follow those before them."""
    before = _last_vowel(stem)
    for vowel in re.findall(f"ken|ki|[{VOWELS}]", suffixes):
        if vowel in ("ken", "ki", "o"):  # which never change: -ken, -ki, -yor
            before = _last_vowel(vowel)
        elif not before or vowel in (_open(before), _closed(before)):
            before = vowel
        else:
            return False
    return True


def _last_vowel(text: str) -> str:
    return next((c for c in reversed(text) if c in VOWELS), "")


def _open(before: str) -> str:
    return "e" if before in FRONT else "a"


def _closed(before: str) -> str:
    return "ıiuü"[(before in FRONT) + 2 * (before in ROUND)]


ONES = "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split()
TENS = "sıfır on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()
THOUSANDS = ["", "bin", "milyon", "milyar"]


def last_word(number: str) -> str:
    """Return the word with which a number ends when it is read: "60.000" -> "bin"."""
    is_grouped = re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", number)
    digits = number.replace(".", "") if is_grouped else re.findall(r"\d+", number)[-1]
    zeros = len(digits) - len(digits.rstrip("0"))
    if not digits.strip("0"):
        return "sıfır"
    if zeros >= 3:
        return THOUSANDS[zeros // 3]
    if zeros:
        return "yüz" if zeros == 2 else TENS[int(digits[-2])]
    return ONES[int(digits[-1])]


def fits(word: str, suffix: str) -> bool:
    """Say whether a suffix follows a word that is read as it is written."""
    ends_in_vowel = word[-1] in VOWELS
    buffered = re.match("y[aeıiuü]|n[ıiuü]n?$|s[ıiuü](?!z)|m(?![ıiuü]ş)", suffix)
    joined = suffix[0] not in VOWELS if ends_in_vowel else not buffered
    hard = word[-1] in "fstkçşhp"
    assimilated = suffix[0] != ("d" if hard else "t")
    return joined and assimilated and harmonic(word, suffix)


# The check


def known(candidates: Iterable[str]) -> set[str]:
    """Return those of the words that hunspell knows."""
    candidates = set(candidates)
    command = ["hunspell", "-d", "tr_TR", "-i", "utf-8", "-l"]
    text = "\n".join(sorted(candidates))
    found = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
    if found.returncode or found.stderr:
        raise RuntimeError(f"hunspell çalışmadı: {found.stderr.strip()}")
    return candidates - set(found.stdout.split("\n"))


class Speller:
    """Knows which words of some texts are right; asks hunspell about all at once.

    ``extra`` are other words that are right, names as they are written and Turkish
    words with all their suffixes.
    """

    def __init__(self, texts: Iterable[str], extra: Iterable[str]):
        used = {token.word for text in texts for token in tokens(text)}
        self._parts = {part for word in used for part in [word, *word.split("-")]}
        self._known = known(form for part in self._parts for form in _forms(part))
        self._extra = set(extra)

    def wrong(self, text: str) -> list[str]:
        """Return the tokens of a text that are misspelt."""
        return [str(token) for token in tokens(text) if not self._is_right(token)]

    def needed(self) -> set[str]:
        """Return those of the extra words without which a word would be wrong."""
        forms = map(_forms, self._parts)
        return {
            word
            for each in forms
            if each.isdisjoint(self._known)
            for word in each & self._extra
        }

    def _is_right(self, token: Token) -> bool:
        suffix = fold(token.suffix)
        if token.number and suffix and not fits(last_word(token.number), suffix):
            return False
        return bool(re.fullmatch(NUMERAL, suffix)) and self._is_word(token.word)

    def _is_word(self, word: str) -> bool:
        if len(word) < 2 or ABBREVIATION.fullmatch(word):
            return True
        if not _forms(word).isdisjoint(self._known | self._extra):
            return True
        return "-" in word and all(map(self._is_word, word.split("-")))


def _forms(word: str) -> set[str]:
    """Return a word as it is, in small letters, and what it may be made of."""
    return {word, fold(word), *stems(word)}


def words(listing: str) -> list[str]:
    """Return the entries of a list of words, without its comments."""
    return [line for line in listing.splitlines() if line and not line.startswith("#")]

"""Where Turkish words are divided at the end of a line.

Spelling alone decides: a syllable begins with the last consonant before a vowel, or
with the vowel where there is none (öğ-ren-me, elekt-rik, sa-at). So the rules fit into
the form of dictionary that pyphen reads, which knows other languages by long lists of
patterns and has none for Turkish.
"""

from pathlib import Path

import pyphen

VOWELS = "aeıioöuüâîû"
CONSONANTS = "bcçdfgğhjklmnprsştvyzqwx"


def patterns() -> str:
    """Return the dictionary: a break, 1, before whatever begins a syllable."""
    beginnings = [f"1{c}{v}" for c in CONSONANTS for v in VOWELS]
    hiatus = [f"{v}1{w}" for v in VOWELS for w in VOWELS]
    return "\n".join(["UTF-8", *beginnings, *hiatus]) + "\n"


class Turkish(pyphen.HyphDict):
    """Knows İ and I, and leaves names such as AlexNet and GPU in one piece."""

    def positions(self, word: str) -> list[int]:
        """Return the places in a word before which it may be divided."""
        if any(letter.isupper() for letter in word[1:]):
            return []
        return super().positions(word.replace("İ", "i").replace("I", "ı"))


def install(path: Path) -> None:
    """Write the dictionary to ``path`` and tell pyphen that Turkish is there."""
    path.write_text(patterns(), encoding="utf-8")
    pyphen.LANGUAGES["tr"] = path
    pyphen.LANGUAGES_LOWERCASE["tr"] = "tr"
    pyphen.hdcache[path] = Turkish(path)

"""How Turkish words are written small and how they are inflected.

As far as finding words again needs it, in the text of a page and, by the search, in a
browser: the patterns mean the same in JavaScript. It does not judge spelling, and it
knows how words end but not which words there are.
"""

import re


def fold(text: str) -> str:
    """Return text in small letters, by Turkish rules, each in its place."""
    return text.replace("İ", "i").replace("I", "ı").lower()


def capitalised(text: str) -> str:
    """Return text with its first letter large, by Turkish rules."""
    return text[:1].replace("i", "İ").upper() + text[1:]


# How a word goes on. Vowel harmony is left out: it would only exclude misspellings. So
# are "my" and "your" (thou), in which no textbook speaks: "adım" is no form of "ad".
PLURAL = "(?:l[ae]r)?"
POSSESSIVE = "(?:[ıiuü]?[mn][ıiuü]z|s?[ıiuü])?"
CASE = "(?:[yn]?[ıiuüae]|n?[dt][ae]n?|n?[ıiuü]n|y?l[ae])?"
KI = "(?:(?<=[aen])ki(?:l[ae]r)?(?:n?[ıiuü]n?|n?[dt]?[ae]n?|yl[ae])?)?"
COPULA = "(?:y?[dt][ıiuü](?:r(?:l[ae]r)?)?|y?m[ıiuü]ş|y?s[ae]|y?ken)?"
NOUN = PLURAL + POSSESSIVE + CASE + KI + COPULA
COMPOUND = CASE + KI + COPULA
# What may not follow an end: two vowels do not meet, no consonant parts what needs no
# parting, and d or t depends on what is before. So neither "karta" nor "karşı" (typed
# as "karsi") is a form of "kar", nor "oranı" of "ora".
BEGINNINGS = {
    "[aeoö]$": "(?![aeıioöuüt]|n(?![ıiuü][nz]))",
    "[ıiuü]$": "(?![aeıioöuüt])",
    "[fstkçşhp]$": "(?![ynd]|s[ıiuü])",
    "$": "(?![ynt]|s[ıiuü])",
}
VERB = (
    "(?:(?:m[ae]|y?[ae]n|[dt][ıiuü]|m[ıiuü]ş|[ıiuü]yor|y?[ae]c[ae][kğ])[a-zçğıöşü]*"
    "|[aeıiuü]?r(?:ken|l[ae]r|s[ae])?)"
)
APOSTROPHE = "['’]" + NOUN

VOWELS = "aeıioöuü"
INFINITIVE = "m[ae]k$"
# The last consonant of a word of several syllables, or after another consonant, may be
# another one before suffixes. "ğ" is what a compound without its own suffix ends in.
SOFTENED = {"nk": "ng", "k": "ğ", "p": "b", "ç": "c", "t": "d", "ğ": "k"}
CHANGES = f"[{VOWELS}].*[{VOWELS}]|[^{VOWELS}]{{2}}$"
# Spelling does not tell which words lose their last vowel.
LOSES_VOWEL = (
    "ağız akıl beyin burun cisim fikir göğüs hacim isim kayıp kısım metin nehir omuz"
    " ömür oğul resim şehir şekil vakit zihin"
).split()


def stems(word: str) -> list[str]:
    """Return the word as it may be before suffixes: kayıp, kayıb, kayp, kayb."""
    found = [word]
    end = next((end for end in SOFTENED if word.endswith(end)), "")
    if end and re.search(CHANGES, word):
        found.append(word.removesuffix(end) + SOFTENED[end])
    if word in LOSES_VOWEL:
        found += [stem[:-2] + stem[-1] for stem in found]
    return found


def pattern(name: str) -> str:
    """Return a pattern that finds a name in folded text, whatever its suffixes."""
    *words, last = fold(name).split()
    inflected = f"(?:{re.escape(last)}{APOSTROPHE}|{_inflected(last, bool(words))})"
    return r"\s+".join([*map(re.escape, words), inflected]) + r"(?!\w)"


def _inflected(word: str, ends_compound: bool) -> str:
    if re.search(INFINITIVE, word):
        return f"(?:{word}|{word[:-3]}{VERB})"
    if ends_compound and re.search("[ıiuü]$", word):
        # "oranı" is "oran" and a suffix, which is another one in "oranları".
        stem = re.sub("(?<=[aeıioöuü])s?[ıiuü]$|[ıiuü]$", "", word)
        return f"{_any_stem(stem)}(?:s?[ıiuü]|l[ae]r[ıi]){COMPOUND}"
    begin = next(BEGINNINGS[end] for end in BEGINNINGS if re.search(end, word))
    return _any_stem(word) + begin + NOUN


def _any_stem(word: str) -> str:
    return f"(?:{'|'.join(map(re.escape, stems(word)))})"

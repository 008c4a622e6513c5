"""A lint for the book's Turkish: wrong words, number notation, and what it reads.

It knows the forms that must not appear, not good Turkish. A pattern is kept narrow
where its word also has an honest sense ("eğim" is a slope, "bırakmak" is to leave):
missing one misuse costs less than a rule that authors learn to work around.
"""

import io
import re
import tokenize
import unicodedata
from dataclasses import dataclass

HIDDEN_DIRECTIVES = {
    *("code-cell", "code-block", "code", "literalinclude", "math", "raw", "eval-rst"),
    *("bibliography", "toctree", "glossary"),  # a glossary lists other books' words
    *("api", "api-table"),  # names of functions
}
PATH_DIRECTIVES = {"figure", "image", "include"}  # their argument is a file, not text
FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})\s*(?:\{([^}]+)\})?\s*(.*)$")

# (pattern on folded text, what to write instead). The first group renders wrong
# readings of English words, the second terms that the book calls otherwise.
WRONG_FORMS = [
    (r"\bevrimsel\w*", "evrişimli"),
    (r"\bkıvrım\w*", "evrişim"),
    (r"\bkonvol[uü]s\w*", "evrişim"),
    (r"\bçadır\w*", "dönem"),
    (r"\bmimarlı[kğ]\w*", "mimari"),
    (r"\bk[aâ]ğı[td]\w*", "makale"),
    (r"\bgazete\w*", "makale"),
    (r"\beksiksiz\s+(?:malzeme|bileşen|içerik)\w*", "eksik malzeme"),
    (r"\böğrenme\s+temsil\w*", "temsilleri öğrenme"),
    (r"\botobüs\w*", "veri yolu"),
    (r"\bşube\w*\s+(?:belirle|tahmin|kestir|öngör)\w*", "dallanma öngörücüsü"),
    (r"\bçan\w*\s+ve\s+ıslık\w*", "deyimin anlamı"),
    (r"\btüne[kğ]\w*", "deyimin anlamı"),
    (r"\bspor\s+yap\w*", "(büyük önbellek) taşıyan"),
    (r"\bdört\s+derece\w*", "karesiyle"),
    (r"\baerodinami\w*", "sadeleştirilmiş"),
    (r"\b(?:görüntü|veri|resim)\s+büyütme\w*", "veri artırma, görüntü artırma"),
    (r"\bbırakma\s+(?:katman|oran|olasılı|yöntem|tekni)\w*", "dropout (seyreltme)"),
    (r"\bbırakma(?:y[ıl]a?)?\s+(?:ile|kullan\w*|uygula\w*|ekle\w*)", "dropout"),
    (r"\bbırakma\w*\s*\(dropout", "dropout (seyreltme)"),
    (r"\bdropout\w*\s*\(bırakma", "dropout (seyreltme)"),
    (r"\bağırlık\w*\s+çürü\w*", "ağırlık sönümlemesi"),
    (r"\bezilmeyen\b", "doymayan"),
    (r"\bmüdahale\s+(?:süre|eden)\w*", "aradan geçen süre"),
    (r"\bmoda[\s-]?mn[ıi]st\w*", "Fashion-MNIST"),
    (r"\bdevletinin\s+iş\w*", "durum"),
    (r"\bişler\w*\s+devlet\w*", "durum"),
    #
    (r"\baktivasyon\w*", "etkinleştirme"),
    (r"\betkinleştirme\s+işlev\w*", "etkinleştirme fonksiyonu"),
    (r"\bgeri\s+yayma(?!k)\w*", "geri yayılım"),
    (r"\bmini\s?grup\w*", "mini yığın"),
    (r"\btoplu\s+iş(?:ler\w*|i|in|e)?\b", "yığın"),
    (r"\biş\s+boyutu\w*", "yığın boyutu"),
    (r"\bek\s+girdi\s+(?:parametre|terim|vektör)\w*", "yanlılık"),
    (r"\bağırlı\w+\s+ve\s+ek\s+girdi\w*", "yanlılık"),
    (r"\bön\s+belle[kğ]\w*", "önbellek"),
    (r"\bbilgisayarl[ıa]\s+görü(?:ye|de|nün)?\b", "bilgisayarla görme"),
    (r"\bbilgisayar\s+görüsü\w*", "bilgisayarla görme"),
    (r"\bimge(?!lem)\w*", "görüntü"),
    (r"\bveri\s+set\w*", "veri kümesi"),
    (r"\bhattan\s+düş\w*", "dropout (seyreltme)"),
    (r"\biletim\s+sönüm\w*", "dropout (seyreltme)"),
    (r"\bepok\w*", "dönem"),
    (r"\b(?:\d+|on|her|kaç)\s+devir\w*", "dönem"),
    (r"\bdevir\s+sayısı\w*", "dönem sayısı"),
    (r"\bözellik\s+harita\w*", "öznitelik haritası"),
    (r"\bözellik\s+çıkar\w*", "öznitelik çıkarıcı"),
    (r"\bözellik\w*\s*\(feature", "öznitelik"),
    (r"\btam\s+bağlantılı\w*", "tam bağlı"),
    (r"\beğim(?:li)?\s+iniş\w*", "gradyan inişi"),
    (r"\beğim\w*\s*\((?:gradient|gradyan)", "gradyan"),
    (r"\brastgele\s+gradyan\w*", "rasgele gradyan inişi"),
    (r"\bilkleme\w*", "ilklendirme"),
    (r"\böğrenme\s+hız\w*", "öğrenme oranı"),
    (r"\byitim\w*", "kayıp"),
    (r"\bmakin[ae]\s+öğrenim\w*", "makine öğrenmesi"),
    (r"\başırı\s+uyum\w*", "aşırı öğrenme"),
    (r"\bboru\s+hat\w*", "işlem hattı"),
    (r"\bortaklama\w*", "havuzlama"),
    (r"\bdüzenlileme\w*", "düzenlileştirme"),
    (r"\bçekirdek\s+sayı(?:yla|da|dan|lar(?!ı)\w*)?\b", "tohum"),
    (r"\buzun\s+adım(?:ı|ın|a|da)?\b", "adım"),
]

COUNTED = "görüntü|parametre|örnek|sınıf|nöron|eğitim|test|birim|piksel|kelime|etiket"
WRONG_NUMBERS = [
    (r"(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?![\d,])", "binlik ayracı nokta: 46.764.746"),
    (r"(?<![\d.,])[1-9]\d{0,2},\d00(?!\d)", "binlik ayracı nokta: 60.000"),
    (
        rf"(?<![\d.,])[1-9]\d{{0,2}},\d{{3}}(?=\s+(?:{COUNTED}))",
        "binlik ayracı nokta: 4.096 birim",
    ),
    (r"(?<![\w.,])(?!\d{1,3}\.\d{3}(?!\d))\d+\.\d+(?![\w.])", "ondalık virgül: 0,88"),
    (r"(?<![\w.,])0\.\d+(?![\w.])", "ondalık virgül: 0,125"),
    (r"\d\s?%(?!\d)", "yüzde işareti önde: %92"),
]
VERSIONED = (
    r"\b(?:python|pytorch|tensorflow|keras|mxnet|numpy|cuda|cudnn|jupyter book|sphinx"
    r"|pip|macos|by-sa|sürüm\w*|bölüm\w*|kısım|şekil|tablo|[ıi]lsvrc)"
)
VERSION = re.compile(
    rf"{VERSIONED}\s+(?:sürüm\w*\s+)?\d[\d.x]*"
    r"(?:['’]\w+)?(?:\s*(?:,|–|-|/|ve|veya|ya da|ile)\s*\d+\.[\d.x]+(?:['’]\w+)?)*"
)


@dataclass(frozen=True)
class Finding:
    """A form that must not appear: its 1-based line, itself, and what to write."""

    line: int
    form: str
    advice: str

    def __str__(self):
        return f"{self.line}. satır: “{self.form}” yerine: {self.advice}"


def fold(text):
    """Return text in small letters, by Turkish rules: I becomes ı, İ becomes i."""
    text = unicodedata.normalize("NFC", text)
    return text.replace("İ", "i").replace("I", "ı").lower()


def wrong_forms(text):
    """Return a Finding for each wrong word or term in a text."""
    return _search(WRONG_FORMS, fold(text))


def wrong_numbers(text):
    """Return a Finding for each number that does not follow Turkish habit.

    Versions and the numbers of sections, figures and tables are left alone.
    """
    return _search(WRONG_NUMBERS, VERSION.sub(_blank, fold(text)))


def _search(patterns, folded):
    found = {
        Finding(folded.count("\n", 0, match.start()) + 1, match[0], advice)
        for pattern, advice in patterns
        for match in re.finditer(pattern, folded)
    }
    return sorted(found, key=lambda finding: (finding.line, finding.form))


def turkish_part(path):
    """Return the text of a page; of the README what is before its English part."""
    return re.split(r"(?m)^#+ .*\bEnglish\b", path.read_text("utf-8"))[0]


def split(markdown):
    """Return the prose and the code cells of a MyST page, as two texts.

    Both keep the page's line numbers: whatever belongs to the other is left blank.
    """
    prose, code, fences = [], [], []
    for line in _without_front_matter(markdown).splitlines():
        inside = fences[-1].directive if fences else ""
        hidden = inside in HIDDEN_DIRECTIVES
        fence = FENCE.match(line)
        if fence and fences and fences[-1].is_closed_by(fence):
            fences.pop()
            line, hidden = "", True
        elif fence and not hidden:
            fences.append(_Fence(fence))
            line = fences[-1].title
        prose.append("" if hidden else line)
        code.append(line if hidden and inside == "code-cell" else "")
    return _without_markup("\n".join(prose)), "\n".join(code)


class _Fence:
    """An opening fence of a directive; one without a directive opens plain code."""

    def __init__(self, match):
        self.marker = match[1]
        self.directive = match[2] or "code"
        self.title = match[3]
        if self.directive in HIDDEN_DIRECTIVES | PATH_DIRECTIVES:
            self.title = ""

    def is_closed_by(self, match):
        bare = not match[2] and not match[3].strip()
        return bare and match[1].startswith(self.marker)


def _without_front_matter(markdown):
    return re.sub(r"\A---\n.*?\n---\n", _blank, markdown, flags=re.DOTALL)


INVISIBLE = [
    r"(?s)<!--.*?-->",
    r"(?m)^\s*%.*$",
    r"(?m)^\s*\([\w-]+\)=\s*$",
    r"(?m)^\s*:(?!alt:)[\w-]+:.*$",
    r"(?s)\$\$.*?\$\$",
    r"(?<!\\)\$[^$\n]+\$",
    r"\{(?!(?:ref|numref|doc)\}`[^`<]+<)[\w:.-]+\}`[^`]*`",
    r"<[\w./-]+>(?=`)",
    r"(?<!\})(`+)(?!`).*?(?<!`)\1(?!`)",
    r"\]\([^)]*\)",
    r"https?://[^\s)>]+",
    r"\b[\w.-]+\.(?:org|com|ai|edu|net|md|ipynb|svg)\b[\w/.-]*",
    r"</?\w[^>]*>",
    r"[*]",
]


def _without_markup(prose):
    for pattern in INVISIBLE:
        prose = re.sub(pattern, _blank, prose)
    return prose


def _blank(match):
    return "\n" * match[0].count("\n")


def python_text(source):
    """Return the comments and string literals of Python code, line by line."""
    lines = [""] * (source.count("\n") + 2)
    source = re.sub(r"(?m)^\s*[%!].*$", "", source)  # IPython's own commands
    kinds = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in kinds:
            for offset, line in enumerate(token.string.splitlines()):
                lines[token.start[0] - 1 + offset] += f" {line}"
    return "\n".join(lines)

"""TeX as authors write it, in the words of the converter to MathML.

LaTeX and MathJax know environments and commands that math-core lacks. Most of them say
the same as others that it has (``split`` is ``aligned``), or what is not its business
(``label``); some it would set wrong without a word (a length behind a line break). Here
they are rewritten, and the author's own commands defined. What cannot be said in other
words is refused with what to write instead, or left for math-core to refuse.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..messages import _

COMMANDS = {
    "dotsb": r"\cdots",
    "dotsc": r"\ldots",
    "dotsi": r"\cdots",
    "dotsm": r"\cdots",
    "dotso": r"\ldots",
    "ensuremath": "#1",
    "hdots": r"\ldots",
    "mathbbm": r"\mathbb{#1}",
    "mathds": r"\mathbb{#1}",
    "mathnormal": "{#1}",
    "nicefrac": "{#1}/{#2}",
    "pmb": r"\boldsymbol{#1}",
    "sfrac": "{#1}/{#2}",
    "smash": "{#1}",
    "strut": r"\mathstrut",
    "substack": r"\begin{subarray}{c}#1\end{subarray}",
    "underbar": r"\underline{#1}",
}
"""What math-core lacks, in its own words."""

ALIGNED = frozenset(
    "align align* aligned alignat alignat* alignedat flalign flalign* split".split()
)
GATHERED = frozenset("gather gather* gathered multline multline*".split())
PLAIN = frozenset("equation equation* displaymath math subequations".split())
WITH_COUNT = frozenset("alignat alignat* alignedat".split())
WITH_POSITION = frozenset("aligned alignedat gathered array".split())
TEXT = frozenset("text textrm textnormal textup textmd mbox hbox".split())
STYLED_TEXT = frozenset("textbf textit textsf texttt emph".split())
DEFINING = frozenset("newcommand renewcommand providecommand".split())
FENCES = re.compile(r"left|right|middle|[bB]igg?[lrm]?")
LENGTH = r"\[\s*-?[\d.]*\s*(?:pt|em|ex|mm|cm|in|mu|pc|bp|\\[a-zA-Z]+)\s*\]"
TOKEN = re.compile(r"\\(?:[a-zA-Z]+|.|$)|%[^\n]*\n?|[{}$&]|[^\\{}$%&]+", re.S)


class TexError(Exception):
    """A formula cannot be set; the message says why."""


@dataclass(frozen=True)
class Macro:
    """A command of the author's; ``default`` is its first argument, where one may be
    left out."""

    body: str
    parameters: int = 0
    default: str | None = None


Macros = tuple[tuple[str, Macro], ...]
"""Commands by their names, without the backslash."""


def from_mathjax(config: dict | None) -> Macros:
    """Return the commands that the settings for MathJax define (``tex: macros``)."""
    found = ((config or {}).get("tex") or {}).get("macros") or {}
    return tuple(
        (name, Macro(*value[:3]) if isinstance(value, list | tuple) else Macro(value))
        for name, value in sorted(found.items())
    )


def defined_in(formulas: Iterable[str]) -> Macros:
    """Return the commands that the formulas of a page define for one another."""
    found: dict[str, Macro] = {}
    for tex in formulas:
        if re.search(r"\\(?:\w*newcommand|providecommand|Declare|def\b|let\b)", tex):
            rewriting = _Rewriting(())
            try:
                rewriting.run(tex)
            except TexError:
                continue  # it is told of where the formula stands
            found |= rewriting.defined
    return tuple(sorted(found.items()))


@dataclass(frozen=True)
class Formula:
    """A formula as math-core knows it, and the number that the author gave it."""

    tex: str
    tag: str = ""


def rewritten(tex: str, display: bool, macros: Macros = ()) -> Formula:
    """Return a formula in the words of math-core; raises TexError."""
    rewriting = _Rewriting(macros, display)
    new = rewriting.run(tex, outermost=True)
    if rewriting.has_lines:
        new = rf"\begin{{aligned}}{_without_last_break(new)}\end{{aligned}}"
    if len(rewriting.tags) > 1:
        raise TexError(_("it has more than one \\tag; make a formula of each line"))
    prefix = "".join(rewriting.used_definitions(new))
    return Formula(prefix + new, *rewriting.tags)


class _Reader:
    """What is left of a formula, piece by piece as TeX reads it."""

    def __init__(self, tex: str):
        self._tex, self._at = tex, 0

    def __iter__(self) -> Iterator[str]:
        while token := self.next():
            yield token

    def next(self) -> str:
        """Return the next piece, without comments; nothing at the end."""
        while found := TOKEN.match(self._tex, self._at):
            self._at = found.end()
            if not found[0].startswith("%"):
                return found[0]
        return ""

    def skip(self, pattern: str) -> str:
        """Pass over what matches, and return it."""
        found = re.compile(pattern, re.S).match(self._tex, self._at)
        self._at = found.end() if found else self._at
        return found[0] if found else ""

    def option(self) -> str | None:
        """Return what stands in square brackets, if that is what follows."""
        before = self._at
        if not self.skip(r"\s*\["):
            return None
        found, depth = "", 0
        while token := self.next():
            depth += (token == "{") - (token == "}")
            if depth == 0 and "]" in token and not token.startswith("\\"):
                inside, _, rest = token.partition("]")
                self._at -= len(rest)
                return found + inside
            found += token
        self._at = before
        return None

    def argument(self) -> str:
        """Return the next argument of a command: a group, a command or a character."""
        self.skip(r"(?:\s|%[^\n]*\n?)*")
        if not self.skip(r"\{"):
            found = self.skip(r"\\(?:[a-zA-Z]+|.)|[^\\}]")
            if not found:
                raise TexError(_("what a command is about is missing"))
            return found
        found, depth = "", 1
        while token := self.next():
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return found
            found += token
        raise TexError(_("{name} missing at the end").format(name="}"))

    def script(self) -> str:
        """Return an argument of ``_`` or ``^``, with those of its own."""
        found = self.argument()
        if found.startswith("\\"):
            while self._tex.startswith("{", self._at):
                found += f"{{{self.argument()}}}"
        return found

    def body(self, name: str) -> str:
        """Return what stands up to the end of the environment that has begun."""
        found, depth = "", 1
        while token := self.next():
            if token in (r"\begin", r"\end"):
                inner = self.argument()
                depth += 1 if token == r"\begin" else -1
                if depth == 0:
                    if inner != name:
                        break
                    return found
                token = f"{token}{{{inner}}}"
            found += token
        raise TexError(_("{name} missing at the end").format(name=rf"\end{{{name}}}"))


@dataclass
class _Rewriting:
    """One pass over a formula, and what it left beside the new text."""

    macros: Macros
    display: bool = False
    tags: list[str] = field(default_factory=list)
    has_lines: bool = False
    defined: dict[str, Macro] = field(default_factory=dict)

    def __post_init__(self):
        self._own = dict(self.macros)

    def run(self, tex: str, outermost: bool = False) -> str:
        """Return ``tex`` in the words of math-core."""
        reader, new, depth = _Reader(tex), "", 0
        for token in reader:
            depth += (token == "{") - (token == "}")
            if token == r"\\" and outermost and depth == 0:
                self.has_lines = True
            piece = self._command(token, reader) if token[0] == "\\" else token
            # A command ends where no letter follows; its arguments may be gone.
            joins = re.search(r"\\[a-zA-Z]+$", new) and piece[:1].isalpha()
            new += f" {piece}" if joins else piece
        return new

    def _command(self, token: str, reader: _Reader) -> str:
        name = token[1:]
        if name in self._own:
            return self._author_command(token, reader)
        if name == "begin":
            return self._environment(reader.argument(), reader)
        if name in TEXT | STYLED_TEXT:
            command = "text" if name in TEXT else name
            return _text(command, reader.argument(), self.run)
        if name in DEFINING or name in ("def", "let", "DeclareMathOperator"):
            self._define(name, reader)
            return ""
        if name == "mathop":
            return self._operator(reader)
        if name in ("label", "notag", "nonumber"):
            if name == "label":
                reader.argument()  # the book's own labels are outside of formulas
            return ""
        if name == "tag":
            is_bare = reader.skip(r"\*")
            text = reader.argument()
            self.tags.append(text if is_bare else f"({text})")
            return ""
        if name == "\\":
            reader.skip(r"\*")
            reader.skip(LENGTH)
        if name == "hspace":
            reader.skip(r"\*")
        if name == "smash":
            reader.option()
        if FENCES.fullmatch(name) and (sign := reader.skip(r"\s*[<>]")):
            return token + (r"\langle " if "<" in sign else r"\rangle ")
        if reason := refusal(name):
            raise TexError(reason)
        return token

    def _environment(self, name: str, reader: _Reader) -> str:
        if name in WITH_COUNT:
            reader.argument()
        if name in WITH_POSITION:
            reader.option()
        columns = _columns(reader.argument()) if name == "array" else ""
        body = reader.body(name)
        if name in ("eqnarray", "eqnarray*"):
            body, name = _with_one_ampersand(body), "aligned"
        new = _without_last_break(self.run(body))
        if name in PLAIN:
            return new
        if name == "smallmatrix":
            count = max((line.count("&") for line in new.split(r"\\")), default=0)
            return rf"\begin{{subarray}}{{{'c' * (count + 1)}}}{new}\end{{subarray}}"
        if name in ALIGNED:
            name = "aligned"
        elif name in GATHERED:
            name = "gathered"
        return rf"\begin{{{name}}}{columns}{new}\end{{{name}}}"

    def _operator(self, reader: _Reader) -> str:
        """An operator with what stands below and above it, as in ``argmax``."""
        inside = reader.argument()
        if word := _word(inside):
            return rf"\operatorname*{{{word}}}"
        base = self.run(inside)
        asked = reader.skip(r"\s*\\(?:no)?limits(?![a-zA-Z])").strip()
        if asked == r"\nolimits" or not (asked or self.display):
            return rf"\mathop{{{base}}}"
        while sign := reader.skip(r"\s*[_^]").strip():
            place = "underset" if sign == "_" else "overset"
            base = rf"\{place}{{{self.run(reader.script())}}}{{{base}}}"
        return rf"\mathop{{{base}}}"

    def _define(self, name: str, reader: _Reader) -> None:
        is_starred = reader.skip(r"\*")
        new = reader.argument().strip()
        if not re.fullmatch(r"\\[a-zA-Z]+", new):
            raise TexError(_("\\{name} has no name to define").format(name=name))
        if name == "DeclareMathOperator":
            star = "*" if is_starred else ""
            macro = Macro(rf"\operatorname{star}{{{reader.argument()}}}")
        elif name == "let":
            reader.skip(r"\s*=?")
            macro = Macro(reader.argument())
        elif name == "def":
            parameters = reader.skip(r"(?:\s*#\d)*").count("#")
            macro = Macro(reader.argument(), parameters)
        else:
            parameters = int(reader.option() or 0)
            default = reader.option() if parameters else None
            macro = Macro(reader.argument(), parameters, default)
        self.defined[new[1:]] = self._own[new[1:]] = macro

    def _author_command(self, token: str, reader: _Reader) -> str:
        macro = self._own[token[1:]]
        if macro.default is None:
            return token
        given = reader.option()
        return f"{token}{{{macro.default if given is None else given}}}"

    def used_definitions(self, tex: str) -> Iterator[str]:
        """Yield the definitions of the author's commands in ``tex``, in any depth."""
        seen: set[str] = set()
        waiting = re.findall(r"\\([a-zA-Z]+)", tex)
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self._own:
                continue
            seen.add(name)
            macro = self._own[name]
            body = self.run(macro.body)
            waiting += re.findall(r"\\([a-zA-Z]+)", body)
            signs = "".join(f"#{n + 1}" for n in range(macro.parameters))
            yield rf"\def\{name}{signs}{{{body}}}"


def refusal(name: str) -> str:
    """Return why a command cannot be in a formula, and what can; else nothing."""
    if name in ("href", "url"):
        return _("a formula cannot hold a link; link the text beside it")
    if name in ("ref", "eqref"):
        return _("a formula cannot refer to another; do so in the text, with {eq}")
    if name in ("intertext", "shortintertext"):
        return _("\\{name} is not known; write the text between two formulas").format(
            name=name
        )
    return ""


def _text(command: str, inside: str, run) -> str:
    """Return words, and the formulas between dollar signs in them as formulas."""
    parts, plain = [], ""

    def flush() -> None:
        nonlocal plain
        if plain:
            parts.append(rf"\{command}{{{plain}}}")
        plain = ""

    reader = _Reader(inside)
    for token in reader:
        if token in ("$", r"\("):
            flush()
            end = {"$": "$", r"\(": r"\)"}[token]
            parts.append(f"{{{run(_until(reader, end))}}}")
        elif token[1:] in TEXT | STYLED_TEXT and token[0] == "\\":
            argument = reader.argument()
            if "$" in argument or r"\(" in argument:
                flush()
                parts.append(_text(token[1:], argument, run))
            elif token[1:] in STYLED_TEXT:
                plain += rf"{token}{{{argument}}}"
            else:
                plain += argument
        else:
            plain += token
    flush()
    return parts[0] if len(parts) == 1 else f"{{{''.join(parts)}}}"


def _until(reader: _Reader, end: str) -> str:
    found = ""
    for token in reader:
        if token == end:
            return found
        found += token
    raise TexError(_("a formula in words has no end"))


def _columns(given: str) -> str:
    """Return the columns of an array without what stands between them."""
    reader, kept = _Reader(given), ""
    for token in reader:
        kept += token
    kept = re.sub(r"[@!><]\{[^{}]*\}", "", kept)
    return f"{{{re.sub(r'[pmb]{[^{}]*}', 'l', kept)}}}"


def _with_one_ampersand(body: str) -> str:
    """Return lines of three columns with two: the second sign goes."""
    new, count, depth = "", 0, 0
    for token in _Reader(body):
        depth += (token in ("{", r"\begin")) - (token in ("}", r"\end"))
        if depth == 0 and token == r"\\":
            count = 0
        if depth == 0 and token == "&":
            count += 1
            if count == 2:
                continue
        new += token
    return new


def _without_last_break(body: str) -> str:
    return re.sub(r"(?<!\\)\\\\\s*$", "", body)


def _word(inside: str) -> str:
    """Return the word that an operator is; nothing if it is a sign."""
    upright = r"\\(?:mathrm|text|textrm|operatorname|mathop|mbox|rm|bf|mathbf)\b"
    if not re.match(rf"\s*\{{?\s*{upright}", inside):
        return ""
    word = re.sub(upright, " ", inside)
    word = re.sub(r"\\[,:; ]|~", r"\\,", re.sub(r"[{}]", "", word)).strip()
    word = re.sub(r"\s*(\\,)\s*|\s+", lambda m: r"\,", word)
    return word if re.fullmatch(r"(?:\w|\\,|-)+", word) else ""

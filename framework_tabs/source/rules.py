"""The rules that a chapter keeps, so that nothing goes wrong later without a word.

A mistyped framework tag, a framework left out where its siblings have a cell, a code
cell in a place where MyST-NB drops it, a fence without an end: each is refused with its
line.
"""

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any, NoReturn

import yaml
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from .._compat import is_myst_markdown_notebook
from ..config import SYNC_GROUP, Framework, Settings
from ..messages import N_, _
from . import myst
from .cell import CELL_DIRECTIVES, Cell, Chapter, ChapterError
from .front_matter import FrontMatter
from .includes import cells_behind

SUSPECT_TAG = N_(
    "unknown tag: “{name}”; do you mean “{meant}”? If it is no framework choose "
    "another name."
)
SUSPECT_SYNC = N_(
    "unknown value of the tab's “:sync:”: “{name}”; do you mean “{meant}”? If it is no "
    "framework choose another name."
)
MISSING_CELLS = N_(
    "no cell of {missing} here; the other frameworks have one. Add what is missing "
    "beside them."
)
MISSING_TABS = N_(
    "no tab of {missing} here; the other frameworks have one. Add what is missing "
    "beside them."
)

_OPTION = re.compile(r"[ \t]*:")
"""How a line with an option of a cell begins."""


@dataclass(frozen=True)
class Check:
    """The rules a chapter keeps; every method raises ChapterError or returns."""

    source: str
    settings: Settings
    path: Path

    def fail(self, line: int, message: str) -> NoReturn:
        """Raise ChapterError for this chapter."""
        raise ChapterError(self.source, line, message)

    def text(self, text: str) -> FrontMatter | None:
        """Check fences, places of code cells and tab sets; a notebook's front matter.

        A page without cells may look as it likes, only its tabs matter here.
        """
        self._tabs(text)
        is_notebook = is_myst_markdown_notebook(text)
        header = None
        if is_notebook or any(name in text for name in CELL_DIRECTIVES):
            header = FrontMatter(text, self.fail)
            if not is_notebook:
                self._no_cells(text)
            self._ends_of_lines(text)
            self._blocks(text, 0, nested=False)
            header.refuse_execution()
        self._included(text)
        return header if is_notebook else None

    def _ends_of_lines(self, text: str) -> None:
        """No character ends a line for Python alone: MyST-NB would mix lines up."""
        for number, line in enumerate(text.split("\n"), 1):
            if found := re.search(r"[\v\f\x1c-\x1e\x85\u2028\u2029]", line):
                self.fail(
                    number,
                    _(
                        "an invisible character (U+{code:04X}) in column {column}; the "
                        "page's text would be mixed up. Delete it."
                    ).format(code=ord(found[0]), column=found.start() + 1),
                )

    @property
    def syntax(self) -> MdParserConfig:
        """How the book's Markdown is read."""
        return myst.config(self.settings.sphinx)

    def _tokens(self, text: str) -> list[Token]:
        return myst.parser(self.syntax).parse(text + "\n")

    def _no_cells(self, text: str) -> None:
        """A page that its header does not make a notebook has no cells."""
        tokens = self._tokens(text)
        for token in tokens:
            if token.type == "fence" and token.info.strip().startswith(CELL_DIRECTIVES):
                self.fail(
                    myst.lines_of(token)[0] + 1,
                    _(
                        "a code cell, but no front matter “jupytext: "
                        "text_representation: format_name: myst” at the top of the "
                        "file; the cell would be dropped silently. Add the front "
                        "matter."
                    ),
                )

    def _blocks(self, text: str, offset: int, nested: bool) -> None:
        """Walk the blocks of ``text``, which starts ``offset`` lines into the file."""
        lines, level = text.splitlines(), 0
        for token in self._tokens(text):
            level += token.nesting
            if myst.is_fence(token):
                self._fence(token, lines, offset, nested or level != 0)
            elif token.type in ("html_block", "code_block"):
                self._opaque(token, offset)
            elif token.type == "myst_block_break" and not nested:
                self._break(token)
            elif token.type == "myst_line_comment":
                self._comment(token, lines, offset)

    def _fence(self, token: Token, lines: list[str], offset: int, nested: bool) -> None:
        line = offset + myst.lines_of(token)[0] + 1
        name = myst.name_of(token)
        if not myst.is_closed(token, lines) or any(
            myst.swallows(token, opening) for opening in CELL_DIRECTIVES
        ):
            self.fail(
                line,
                _(
                    "the block “{marker}” is not closed; add a line “{marker}” at its "
                    "end."
                ).format(marker=token.markup),
            )
        if f"{{{name}}}" in CELL_DIRECTIVES:
            self._cell(token, line, nested)
        elif name and name not in myst.LITERAL:
            inner = myst.directive(token)
            self._readable(inner, line)
            self._blocks(inner.body, offset + inner.body_line, nested=True)

    def _readable(self, found: myst.Directive, line: int) -> None:
        """A directive's options are what its author meant them to be."""
        if found.warning:
            self.fail(
                line,
                _(
                    "the options of the directive “{name}” cannot be read "
                    "({reason}). Leave an empty line between options and content."
                ).format(name=found.name, reason=found.warning),
            )

    def _cell(self, token: Token, line: int, nested: bool) -> None:
        if nested:
            self.fail(
                line,
                _(
                    "a code cell in another directive, a list or a quotation; it "
                    "would be dropped there silently. Move it to the outermost level."
                ),
            )
        if token.type == "colon_fence":
            self.fail(
                line,
                _(
                    "a code cell written with “:::”; it would be dropped silently. Use "
                    "“```”."
                ),
            )
        if token.info.startswith(" "):
            self.fail(
                line,
                _(
                    "a code cell with a space before “{name}”; it would be dropped "
                    "silently. Delete the space."
                ).format(name=token.info.split()[0]),
            )
        self._options(token, line)

    def _options(self, token: Token, line: int) -> None:
        """A cell's options are YAML, and its tags a list of texts."""
        block = re.match(r"---\n(.*?)^-{3,}", token.content, re.S | re.M)
        if token.content.startswith("---\n") and not block:
            told = _("the cell's options have no end; add a line “---” below them.")
            self.fail(line, told)
        lines = takewhile(_OPTION.match, token.content.splitlines())
        colons = "\n".join(line.lstrip(" \t")[1:] for line in lines)
        written = block[1] if block else colons
        try:
            options = yaml.safe_load(written) or {}
        except yaml.YAMLError as error:
            told = _("the cell's options are not valid YAML: {error}")
            self.fail(line, told.format(error=error))
        self._tags(options, line)
        self._load(options.get("load"), line)

    def _tags(self, options: Any, line: int) -> None:
        tags = options.get("tags", []) if isinstance(options, dict) else None
        for name in {*options} - {"tags"} if isinstance(options, dict) else ():
            if difflib.get_close_matches(str(name).lower(), ["tags"], cutoff=0.7):
                told = _("unknown option: “{name}”; do you mean “tags”?")
                self.fail(line, told.format(name=name))
        if not _are_tags(tags):
            self.fail(
                line,
                _(
                    "the cell's tags must be a list of names without commas, each "
                    "once; for example “:tags: [pytorch]”."
                ),
            )

    def _break(self, token: Token) -> None:
        """The options of a Markdown cell are JSON behind ``+++``."""
        line = myst.lines_of(token)[0] + 1
        try:
            options = json.loads(token.content.strip() or "{}")
        except ValueError:
            self.fail(
                line,
                _(
                    "what stands behind “+++” is no JSON: {text}. Write for example "
                    '“+++ {{"tags": ["pytorch"]}}”, or “+++” alone.'
                ).format(text=token.content.strip()),
            )
        self._tags(options, line)

    def _comment(self, token: Token, lines: list[str], offset: int) -> None:
        """A percentage before its number is none, as Turkish has it."""
        for number in range(*myst.lines_of(token)):
            if found := re.match(r"[\s>]*(%\d+)", lines[number]):
                self.fail(
                    offset + number + 1,
                    _(
                        "a line that begins with “{percent}” is a comment and would be "
                        "dropped silently; write “\\{percent}”."
                    ).format(percent=found[1]),
                )

    def _load(self, name: Any, line: int) -> None:
        """A cell's code may be in a file, which then must be there."""
        if name is not None and not (self.path.parent / str(name)).is_file():
            told = _("{file}, the code of this cell, is not there; correct “load”.")
            self.fail(line, told.format(file=name))

    def _opaque(self, token: Token, offset: int) -> None:
        """No cell behind an indent or in HTML; a comment may hold what it likes."""
        if token.content.lstrip().startswith("<!--"):
            return
        for number, line in enumerate(token.content.splitlines()):
            if re.match(r"\s*(`{3,}|~{3,})\s*\{(code|raw)-cell\}", line):
                self.fail(
                    offset + myst.lines_of(token)[0] + number + 1,
                    _(
                        "a code cell that is indented or in HTML; it would be dropped "
                        "silently. Move it to the beginning of its line, behind an "
                        "empty line."
                    ),
                )

    def _included(self, text: str) -> None:
        """No cell in a file that the page includes."""
        if "{include}" not in text:
            return
        for found in myst.directives(text, self.syntax):
            holder = found.name == "include" and cells_behind(
                found, self.path.parent, self.settings.root
            )
            if holder:
                self.fail(
                    found.line + 1,
                    _(
                        "{file}, which is included here, has a code cell; it would be "
                        "dropped silently. Move the cell into this page."
                    ).format(file=self.settings.relative(holder)),
                )

    def kernel(self, chapter: Chapter, line: int) -> None:
        """A chapter's kernel is one that its frameworks run in."""
        known = [each.kernel for each in self.settings.frameworks.values()]
        if chapter.kernel and chapter.uses_frameworks and chapter.kernel not in known:
            self.fail(
                line,
                _(
                    "“kernelspec” names the kernel “{kernel}”, but the frameworks of "
                    "this page run in {known}. Delete “kernelspec”, or correct the "
                    "frameworks’ “kernel” in the settings."
                ).format(kernel=chapter.kernel, known=", ".join(dict.fromkeys(known))),
            )

    def _tabs(self, text: str) -> None:
        """A tab set with one framework has them all; no mistyped ``:sync:``."""
        for found in myst.directives(text, self.syntax):
            if found.name == "tab-set":
                self._tab_set(found)

    def _tab_set(self, tab_set: myst.Directive) -> None:
        group = tab_set.options.get("sync-group", SYNC_GROUP)
        if group != SYNC_GROUP:
            return self._group(group, tab_set.line + 1)
        items = []
        for inner in myst.outermost(tab_set.body, self.syntax):
            line = tab_set.body_line + inner.line + 1
            self._readable(inner, line)
            if inner.name == "tab-item":
                items.append((inner.options.get("sync", ""), line))
        for sync, line in items:
            self._suspect(sync, line, SUSPECT_SYNC)
        found = [sync for sync, line in items]
        ours = set(found) & {*self.settings.frameworks}
        if ours and "sync-group" not in tab_set.options:
            self.fail(
                tab_set.line + 1,
                _(
                    "these tabs are synchronised to the frameworks only with a line "
                    "“:sync-group: {group}” below “tab-set”; add it."
                ).format(group=SYNC_GROUP),
            )
        self._covered(found, tab_set.line + 1, MISSING_TABS)
        are_ours = ours or "sync-group" in tab_set.options
        for number, (sync, line) in enumerate(items if are_ours else ()):
            if sync not in ours or sync in found[:number]:
                self.fail(
                    line,
                    _(
                        "a tab among those of the frameworks, but with no framework of "
                        "its own; a reader would see it with none or beside another. "
                        "Give it “:sync:” with the name of a framework, each once, or "
                        "move it out of these tabs."
                    ),
                )

    def _group(self, name: str, line: int) -> None:
        """A group of the author's own has a name of its own."""
        if difflib.get_close_matches(_plain(name), [SYNC_GROUP], cutoff=0.8):
            self.fail(
                line,
                _(
                    "unknown value of “:sync-group:”: “{name}”; do you mean “{meant}”? "
                    "If not choose another name."
                ).format(name=name, meant=SYNC_GROUP),
            )

    def cells(self, cells: list[tuple[NotebookNode, int]]) -> list[Cell]:
        """myst-nb's cells with their framework."""
        return [
            Cell(
                kind=cell.cell_type,
                source=cell.source,
                metadata=dict(cell.metadata),
                framework=self._framework(cell.metadata.get("tags", []), line),
                line=line,
            )
            for cell, line in cells
        ]

    def _framework(self, tags: list[str], line: int) -> str | None:
        for tag in tags:
            self._suspect(tag, line, SUSPECT_TAG)
        found = [tag for tag in tags if tag in self.settings.frameworks]
        if len(found) > 1:
            self.fail(
                line,
                _(
                    "the cell has the tags of several frameworks: {tags}. Write a cell "
                    "of its own for each framework."
                ).format(tags=", ".join(found)),
            )
        return found[0] if found else None

    def _suspect(self, name: str, line: int, message: str) -> None:
        meant = looks_like(name, self.settings.frameworks)
        if meant:
            self.fail(line, _(message).format(name=name, meant=meant))

    def siblings(self, cells: list[Cell]) -> None:
        """Every run of adjacent framework cells has a cell for each framework."""
        for in_run, run in groupby(cells, key=lambda cell: cell.framework is not None):
            if in_run:
                first, *others = run
                found = [first.framework, *(each.framework for each in others)]
                self._covered(found, first.line, MISSING_CELLS)

    def _covered(self, found: Sequence[str | None], line: int, message: str) -> None:
        missing = [key for key in self.settings.frameworks if key not in found]
        if missing and len(missing) < len(self.settings.frameworks):
            self.fail(line, _(message).format(missing=", ".join(missing)))


def _are_tags(tags: Any) -> bool:
    """Whether nbformat takes this for the tags of a cell."""
    return (
        isinstance(tags, list)
        and all(isinstance(tag, str) and tag and "," not in tag for tag in tags)
        and len(set(tags)) == len(tags)
    )


def looks_like(name: str, frameworks: dict[str, Framework]) -> str | None:
    """The framework key that ``name`` seems to mean without being one.

    ``PyTorch``, ``pytroch`` and ``torch`` mean pytorch; ``tf``, ``keras`` (a package
    no other framework has) and ``mx`` are recognised alike. None for a key itself and
    for any other word.
    """
    word = _plain(name)
    if name in frameworks or len(word) < 2:
        return None
    for key, framework in frameworks.items():
        if any(_resembles(word, _plain(n)) for n in (key, framework.label)):
            return key
        if word in map(_plain, _own_packages(framework, frameworks)):
            return key
    return None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _own_packages(framework: Framework, frameworks: dict[str, Framework]) -> list[str]:
    others = [f.packages for f in frameworks.values() if f.key != framework.key]
    return [p for p in framework.packages if not any(p in other for other in others)]


def _resembles(word: str, name: str) -> bool:
    """Nearly the same, one the beginning or end of the other, or short for it."""
    if len(name) < 3:
        return word == name
    rest = iter(name)
    abbreviates = len(word) <= 3 and word[0] == name[0] and all(c in rest for c in word)
    close = difflib.SequenceMatcher(None, word, name).ratio() >= 0.8
    contains = name.startswith(word) or name.endswith(word) or word.startswith(name)
    return abbreviates or close or contains

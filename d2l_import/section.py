"""A section of *Dive into Deep Learning*, in its own Markdown, as a chapter of ours.

The text is D2L's, with its structure translated: cells and prose of frameworks, labels,
references, figures, tables and formulas. Whatever the book cannot know, such as a work
that its bibliography lacks, stays readable on the page and is reported with its line;
nothing is left out without a word. Like D2L, a cell without a tab is MXNet's.

Which constructs there are, ``d2l_markdown`` says; cells are ``d2l_cells``'.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from markdown_it.token import Token

from framework_tabs.config import Framework
from framework_tabs.source import myst

from . import cells as d2l_cells
from . import markdown
from .cells import Cell
from .messages import _, fill


@dataclass(frozen=True, order=True)
class Note:
    """Something that the author has to look at: a line of D2L's text and why."""

    line: int
    message: str


@dataclass
class Imported:
    """What became of a section.

    ``text`` is the chapter; ``pictures`` maps the names that it shows to the paths that
    D2L's text gave and their lines.
    """

    text: str = ""
    title: str = ""
    notes: list[Note] = field(default_factory=list)
    pictures: dict[str, tuple[str, int]] = field(default_factory=dict)


def translate(
    text: str,
    name: str,
    frameworks: dict[str, Framework],
    labels: dict[str, str],
    works: set[str],
) -> Imported:
    """Translate D2L's ``text`` into the chapter ``name``.

    ``labels`` are those of the book's other chapters, each with the role that refers to
    it; ``works`` are the keys of its bibliography.
    """
    own: dict[str, str] = {}
    for _pass in range(2):  # a reference may come before its label
        section = _Section(name, frameworks, labels, works, own)
        body = section.translate(text, 0)
        own = section.own
    result = section.result
    result.title = result.title or name
    short = textwrap.shorten(result.title, 60, placeholder=" …")
    result.text = fill("imported.md", title=short, body=body) + "\n"
    result.notes = list(set(result.notes))
    return result


@dataclass
class _Section:
    """One pass over a section; ``own`` are its labels, as the last pass found them."""

    name: str
    frameworks: dict[str, Framework]
    labels: dict[str, str]
    works: set[str]
    known: dict[str, str]
    own: dict[str, str] = field(default_factory=dict)
    result: Imported = field(default_factory=Imported)
    started: set[str] = field(default_factory=set)
    offset: int = 0

    def note(self, line: int, message: str) -> None:
        """Report something about a line of the text at hand, counted from 0."""
        self.result.notes.append(Note(self.offset + line + 1, message))

    def translate(self, text: str, offset: int) -> str:
        """Return ``text``, which begins ``offset`` lines into the section's."""
        before, self.offset = self.offset, offset
        lines = text.replace("\t", "    ").splitlines()
        tokens = markdown.parser().parse("\n".join(lines) + "\n")
        cursors: dict[int, int] = {}
        for token in tokens:
            if token.type == "inline":
                self._sentences(token, lines, cursors)
        edits = list(self._edits(tokens, lines))
        edits += self._strays(tokens, edits)
        for start, end, new in sorted(edits, key=lambda edit: -edit[0]):
            lines[start:end] = new
        self.offset = before
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n"))

    def _sentences(self, token: Token, lines: list[str], cursors: dict) -> None:
        """Translate a block of text in ``lines``."""

        def new(span: Token) -> str:
            breaks = token.content.count("\n", 0, span.meta["span"][0])
            return self._span(span, token.map[0] + breaks)

        myst.rewrite_spans(token, lines, cursors, new)

    # Blocks

    def _edits(self, tokens: list[Token], lines: list[str]) -> Iterator[tuple]:
        """Yield which lines are replaced by which."""
        blocks = [t for t in tokens if t.map and (t.level == 0 or t.type == "d2l_line")]
        for is_cell, group in groupby(blocks, key=d2l_cells.is_cell):
            if is_cell:
                yield self._cells(list(group))
        for is_tab, group in groupby(blocks, key=lambda t: t.type == "d2l_tab"):
            if is_tab:
                yield self._tabs(list(group))
        for number, block in enumerate(blocks):
            if block.type == "fence" and not d2l_cells.is_cell(block):
                yield from self._fence(block, lines)
            below = _lines_below(blocks[number + 1 :])
            yield from self._with_lines(block, below, lines)

    def _strays(self, tokens: list[Token], edits: list[tuple]) -> Iterator[tuple]:
        """Yield the edits for lines and cells that belong to nothing."""
        done = {n for start, end, _ in edits for n in range(start, end)}
        for token in tokens:
            if token.type == "d2l_line" and token.map[0] not in done:
                yield self._stray(token)
            elif d2l_cells.is_cell(token) and token.level:
                self.note(
                    token.map[0], _("a cell in a list; move it to the outermost level.")
                )

    def _stray(self, line: Token) -> tuple:
        if line.info == "bibliography":
            told = _("the bibliography has a page of its own in this book; left out.")
            self.note(line.map[0], told)
        else:
            self.note(
                line.map[0],
                _(
                    ":{name}:`{content}` is not below a heading, a figure, a table or "
                    "a formula; left out."
                ).format(name=line.info, content=line.content),
            )
        return *line.map, []

    def _with_lines(self, block: Token, below: list[Token], lines: list[str]):
        """Yield the edits for a block and the ``:label:`` lines below it."""
        options = {line.info: line.content for line in below}
        label = options.get("label") or options.get("eqlabel", "")
        start, end = block.map
        if block.type == "heading_open":
            new = self._heading(block, label, lines[start:end])
        elif block.type == "paragraph_open" and (picture := _picture(lines[start:end])):
            new = self._figure(start, *picture, label, options.get("width", ""))
        elif block.type == "table_open":
            yield from self._table(block, label, lines)
            return
        elif block.type == "math_block":
            new = self._formula(start, label, lines[start:end])
        else:
            return
        yield start, below[-1].map[1] if below else end, new

    def _heading(self, block: Token, label: str, lines: list[str]) -> list[str]:
        if block.tag == "h1" and not self.result.title:
            self.result.title = lines[0].lstrip("# ").strip()
        if not label:
            return lines
        return [f"({self._label(label, 'ref', block.map[0])})=", *lines]

    def _label(self, label: str, role: str, line: int) -> str:
        """Return the label's name here: another one if the book has it already."""
        new = f"{label}_{self.name}" if label in self.labels else label
        if new != label:
            told = _("the book has the label “{label}” already; it became “{new}”.")
            self.note(line, told.format(label=label, new=new))
        self.own[label] = role
        return new

    def _figure(self, line: int, caption: str, path: str, label: str, width: str):
        options = [f":name: {self._label(label, 'numref', line)}"] if label else []
        options += [f":width: {width}"] if width else []
        alt = re.sub(r"\{\w+\}|[`$*]", "", caption) or Path(path).stem
        return ["```{figure} " + path, *options, f":alt: {alt}", "", caption, "```"]

    def _picture(self, path: str, line: int) -> str:
        if re.match(r"[a-z]+://", path):
            told = _("the picture is on another site: {path}; bring it into the book.")
            self.note(line, told.format(path=path))
            return path
        name = f"{self.name}_{Path(path).name}"
        self.result.pictures[name] = path, self.offset + line + 1
        return f"figures/{name}"

    def _table(self, block: Token, label: str, lines: list[str]) -> Iterator[tuple]:
        """A table with a caption: a line with a colon, before or behind it."""
        start, end = block.map
        rows = [line for line in lines[start:end] if not line.startswith(":")]
        inside = [line for line in lines[start:end] if line.startswith(":")]
        above = max((n for n in range(start) if lines[n].strip()), default=-1)
        if not inside and above >= 0 and re.match(r":\s?[^\s:]", lines[above]):
            inside, start = [lines[above]], above
        below = 1 if label and end < len(lines) else 0
        if not inside and not label:
            return
        name = [f":name: {self._label(label, 'numref', start)}"] if label else []
        caption = inside[0].lstrip(": ") if inside else ""
        table = [f"```{{table}} {caption}".rstrip(), *name, "", *rows, "```"]
        yield start, end + below, table

    def _formula(self, line: int, label: str, lines: list[str]) -> list[str]:
        if not label:
            return lines
        last = lines[-1].rstrip()
        return [*lines[:-1], f"{last} ({self._label(label, 'eq', line)})"]

    def _fence(self, block: Token, lines: list[str]) -> Iterator[tuple]:
        start, end = block.map
        info = block.info.strip()
        if info.startswith("toc"):
            told = _("a block “toc” left out; the order of pages is in _toc.yml.")
            self.note(start, told)
            yield start, end, []
        elif ".output" in info:
            told = _("a stored output left out; cells are executed anew.")
            self.note(start, told)
            yield start, end, []
        elif found := re.match(r"\{\.(\w+)", info):
            yield start, start + 1, [lines[start].partition("{")[0] + found[1]]

    # Cells and prose of frameworks

    def _mine(self, tabs: list[str], line: int) -> list[str]:
        """Return those of a list of tabs that the book has; report the others."""
        if "all" in tabs:
            return list(self.frameworks)
        unknown = [tab for tab in tabs if tab not in self.frameworks]
        if unknown:
            told = _("{tabs}: not among the frameworks of this book; left out.")
            self.note(line, told.format(tabs=", ".join(unknown)))
        return [tab for tab in tabs if tab in self.frameworks]

    def _cells(self, blocks: list[Token]) -> tuple:
        """The cells of neighbouring blocks, for every framework in each run."""
        cells = []
        for block in blocks:
            cells += self._cell(d2l_cells.read(block), block.map[0])
        new = []
        for is_common, group in groupby(cells, key=lambda cell: cell.framework is None):
            run = list(group)
            new += run if is_common else self._complete(run, blocks[0].map[0])
        lines = "\n".join(d2l_cells.written(c) for c in new).splitlines()
        return blocks[0].map[0], blocks[-1].map[1], lines

    def _cell(self, found: d2l_cells.Source, line: int) -> list[Cell]:
        if not found.code.strip():
            return []  # d2lbook's own commands, which have no meaning here
        if found.tabs == ["all"] and not found.has_choices:
            return [Cell(self._imports(found.code, None), None)]
        default = "mxnet" if "mxnet" in self.frameworks else next(iter(self.frameworks))
        mine = self._mine(found.tabs or [default], line)
        for key in mine if found.has_choices else []:
            if not found.mentions(key):
                told = _(
                    "tab.selected does not name the framework {key}; read the code."
                )
                self.note(line, told.format(key=key))
        codes = {key: found.chosen(key) for key in mine}
        return [
            Cell(self._imports(code, key), key)
            for key, code in codes.items()
            if code.strip()
        ]

    def _imports(self, code: str, key: str | None) -> str:
        api = self.frameworks[key].api if key else ""
        if not api:
            return code
        is_first = key not in self.started
        self.started.add(key)
        return d2l_cells.with_import(code, api, is_first)

    def _complete(self, run: list[Cell], line: int) -> list[Cell]:
        there = {cell.framework for cell in run}
        missing = [key for key in self.frameworks if key not in there]
        for key in missing:
            label = self.frameworks[key].label
            told = _("no cell of {label}; an empty one was put in its place.")
            self.note(line, told.format(label=label))
            nothing = _("No code for {label} in this step.").format(label=label)
            run.append(Cell(f"# {nothing}", key))
        order = list(self.frameworks)
        return sorted(run, key=lambda cell: order.index(cell.framework))

    def _tabs(self, blocks: list[Token]) -> tuple:
        texts: dict[str, list[str]] = {}
        for block in blocks:
            if not block.meta["closed"]:
                told = _("no :end_tab:; the tab reaches to the end of the text.")
                self.note(block.map[0], told)
            tabs = [tab.strip() for tab in block.info.split(",")]
            if tabs == ["toc"]:
                told = _("a tab of contents left out; see _toc.yml.")
                self.note(block.map[0], told)
                continue
            body = self.translate(block.content, self.offset + block.map[0] + 1)
            for key in self._mine(tabs, block.map[0]):
                texts.setdefault(key, []).append(body)
        place = blocks[0].map[0], blocks[-1].map[1]
        return *place, self._tab_set(texts, place[0]) if texts else []

    def _tab_set(self, texts: dict[str, list[str]], line: int) -> list[str]:
        if (
            len({tuple(t) for t in texts.values()})
            == 1
            == len(set(texts) ^ set(self.frameworks)) + 1
        ):
            return [*next(iter(texts.values()))[0].splitlines(), ""]
        lines = ["::::{tab-set}", ":sync-group: framework", ""]
        for key, framework in self.frameworks.items():
            if key not in texts:
                told = _("no text for {label}; a sentence was put in its place.")
                self.note(line, told.format(label=framework.label))
            nothing = _("There is no separate explanation for {label} in this step.")
            nothing = nothing.format(label=framework.label)
            body = "\n\n".join(texts.get(key, [nothing])).splitlines()
            lines += [f":::{{tab-item}} {framework.label}", f":sync: {key}", "", *body]
            lines += [":::", ""]
        return [*lines[:-1], "::::", ""]

    # Sentences

    def _span(self, token: Token, line: int) -> str:
        if token.type == "d2l_mark":
            if token.meta["only_slides"]:
                self.note(line, _("a part that only slides show left out."))
            return ""
        if token.type == "image":
            alt = myst.with_new_spans(token, lambda inner: self._span(inner, line))
            return f"![{alt}]({self._picture(token.attrs['src'], line)})"
        if token.type == "link_close":
            return self._link(token.meta["text"], token.meta["target"], line)
        return self._role(token.meta["name"], token.meta["content"], line)

    def _link(self, text: str, target: str, line: int) -> str:
        if re.match(r"[a-z][a-z0-9+.-]*:|#", target):
            return f"[{text}]({target})"
        told = _("a link to a file outside of the book: {target}; its text remains.")
        self.note(line, told.format(target=target))
        return text

    def _role(self, name: str, content: str, line: int) -> str:
        if name in ("cite", "citet", "citep"):
            return self._citation(name, content, line)
        if name in ("numref", "eqref", "ref"):
            return self._reference(content, line)
        told = _(":{name}:`{content}` is an unknown role; it stays as it is.")
        self.note(line, told.format(name=name, content=content))
        return f"`:{name}: {content}`"

    def _citation(self, name: str, content: str, line: int) -> str:
        missing = [k for k in map(str.strip, content.split(",")) if k not in self.works]
        if missing:
            told = _("not in the bibliography: {keys}; add it and make this {{cite}}.")
            self.note(line, told.format(keys=", ".join(missing)))
            return f"`{content}`"
        role = "cite:t" if name == "citet" else "cite"
        return f"{{{role}}}`{content}`"

    def _reference(self, label: str, line: int) -> str:
        if role := self.known.get(label):
            renamed = f"{label}_{self.name}" if label in self.labels else label
            return f"{{{role}}}`{renamed}`"
        if role := self.labels.get(label):
            return f"{{{role}}}`{label}`"
        told = _("the book has no label “{label}”; its name remains in the text.")
        self.note(line, told.format(label=label))
        return f"`{label}`"


def _lines_below(blocks: list[Token]) -> list[Token]:
    """Return the ``:label:`` lines right at the start of ``blocks``."""
    found = []
    for block in blocks:
        if block.type != "d2l_line" or block.info == "bibliography":
            break
        found.append(block)
    return found


def _picture(lines: list[str]) -> tuple[str, str] | None:
    """Return caption and path of a paragraph that is one picture and nothing else."""
    found = re.fullmatch(r"!\[(.*)\]\(([^()\s]+)\)\s*", " ".join(lines), re.S)
    return (found[1], found[2]) if found else None

"""A section of *Dive into Deep Learning*, in its own Markdown, as a chapter of ours.

The text is D2L's, with its structure translated: cells and prose of frameworks, labels,
references, figures, tables and formulas. Whatever the book cannot know, such as a work
that its bibliography lacks, stays readable on the page and is reported with its line;
nothing is left out without a word. Like D2L, a cell without a tab is MXNet's.

Which constructs there are, ``markdown`` says; cells are ``cells``'.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token

from framework_tabs.config import Framework
from framework_tabs.source import myst

from . import cells as d2l_cells
from . import markdown
from .apart import Text, apart
from .cells import Cell
from .messages import _, fill

GONE = "\0"
"""A line that a translation needs no more; it goes when all others are in place."""

LEFT_OVER = re.compile(
    r":(?:begin_tab|end_tab|label|eqlabel|numref|eqref|cite[tp]?|width|bibliography):"
    r"|[\[(]\*\*|\*\*[\])]|\$\$"
)
"""What D2L has and no page should show."""

RST = frozenset(
    "admonition attention caution danger error hint important note rubric seealso tip "
    "warning".split()
)
"""Directives of reStructuredText that MyST's own ``eval-rst`` can run anywhere."""

SIMPLE = re.compile(r"\w[\w ,.;()/–-]*")
"""A value that YAML reads as the text that it is."""

Edit = tuple[int, int, list[str]]
"""Lines, from one up to another, and what takes their place."""


@dataclass(frozen=True, order=True)
class Note:
    """Something that the author has to look at: a line of D2L's text and why."""

    line: int
    message: str


@dataclass
class Imported:
    """What became of a section.

    ``text`` is the chapter, ``numbers`` are for each of its lines that of D2L's text;
    ``pictures`` maps the names that it shows to the paths that D2L's text gave and
    their lines.
    """

    text: str = ""
    title: str = ""
    numbers: list[int] = field(default_factory=list)
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
    source = apart(Text.of(text))
    own: dict[str, str] = {}
    for _round in range(2):  # a reference may come before its label
        section = _Section(name, frameworks, labels, works, own)
        body = section.with_title(section.translate(source))
        own = section.own
    result = section.result
    short = textwrap.shorten(result.title, 60, placeholder=" …")
    kernel = next(iter(frameworks.values())).kernel
    page = fill("imported.md", title=short, body=GONE, kernel=kernel)
    head, tail = page.split(GONE)
    result.text = "".join([head, "\n".join(body.lines), tail, "\n"])
    behind = [body.numbers[-1]] * tail.count("\n")
    result.numbers = [1] * head.count("\n") + body.numbers + behind
    result.notes = sorted(set(result.notes))
    return result


@dataclass
class _Section:
    """One pass over a section; ``known`` are its labels, as the last pass found them.

    ``numbers`` are the lines in D2L's text of those at hand.
    """

    name: str
    frameworks: dict[str, Framework]
    labels: dict[str, str]
    works: set[str]
    known: dict[str, str]
    own: dict[str, str] = field(default_factory=dict)
    result: Imported = field(default_factory=Imported)
    started: set[str] = field(default_factory=set)
    numbers: list[int] = field(default_factory=list)

    def note(self, row: int, message: str) -> None:
        """Report something about a line at hand, counted from 0."""
        self.result.notes.append(Note(self.numbers[row], message))

    def translate(self, text: Text) -> Text:
        """Return ``text`` as MyST."""
        before, self.numbers = self.numbers, text.numbers
        lines = list(text.lines)
        tokens = markdown.parser().parse("\n".join(lines) + "\n")
        cursors: dict[int, int] = {}
        for token in tokens:
            if token.type == "inline":
                self._sentences(token, lines, cursors)
        edits = list(self._edits(tokens, lines, text))
        edits += self._strays(tokens, edits)
        result = _applied(lines, text.numbers, edits)
        self.numbers = before
        return _tidy(result)

    def with_title(self, body: Text) -> Text:
        """Return the chapter with a title, if it has none."""
        if self.result.title:
            return body
        self.result.title = self.name
        told = _("the section has no title; it got “{title}”.")
        self.result.notes.append(Note(1, told.format(title=self.name)))
        first = body.numbers[:1] or [1]
        return Text([f"# {self.name}", "", *body.lines], [*first * 2, *body.numbers])

    def _sentences(self, token: Token, lines: list[str], cursors: dict) -> None:
        """Translate a block of text in ``lines``, which stay as many."""

        def new(span: Token) -> str:
            return self._span(span, self._row(token, span.meta["span"][0]))

        for child in token.children or []:
            if child.type == "text" and (found := LEFT_OVER.search(child.content)):
                row = self._row(token, token.content.find(found[0]))
                told = _("“{sign}” could not be translated; it stays in the text.")
                self.note(row, told.format(sign=found[0]))
        start, end = myst.lines_of(token)
        if end - start == 1:
            myst.rewrite_spans(token, lines, cursors, new)
            return
        if not any("span" in child.meta for child in token.children or []):
            return
        first = token.content.split("\n")[0]
        before = lines[start][: lines[start].find(first)]
        margin = re.sub(r"[^>\s]", " ", before)
        after = _with_new_spans(token, new).split("\n")
        kept = [(margin if n else before) + line for n, line in enumerate(after)]
        lines[start:end] = kept + [GONE] * (end - start - len(kept))

    def _row(self, token: Token, place: int) -> int:
        """Return the line of a place in a block of text."""
        return token.map[0] + token.content.count("\n", 0, max(place, 0))

    # Blocks

    def _edits(self, tokens: list[Token], lines: list[str], text: Text):
        """Yield which lines are replaced by which."""
        blocks = [t for t in tokens if t.map and (t.level == 0 or t.type == "d2l_line")]
        for is_cell, group in groupby(blocks, key=d2l_cells.is_cell):
            if is_cell:
                yield self._cells(list(group))
        for is_tab, group in groupby(blocks, key=lambda t: t.type == "d2l_tab"):
            if is_tab:
                yield self._tabs(list(group), text)
        labelled = [
            (number, token)
            for number, token in enumerate(tokens)
            if token.type in ("heading_open", "paragraph_open", "math_block")
            or (token.type == "table_open" and token.level == 0)
        ]
        for number, token in labelled:
            below = _lines_below(tokens, number)
            inline = tokens[number + 1] if token.nesting else None
            yield from self._with_lines(token, inline, below, lines, tokens[:number])
        for block in blocks:
            if block.type == "fence" and not d2l_cells.is_cell(block):
                yield from self._fence(block, lines)

    def _strays(self, tokens: list[Token], edits: list[Edit]) -> Iterator[Edit]:
        """Yield the edits for lines and cells that belong to nothing."""
        done = {n for start, end, _new in edits for n in range(start, end)}
        for token in tokens:
            if token.type == "d2l_line" and token.map[0] not in done:
                yield self._stray(token)
            elif d2l_cells.is_cell(token) and token.level:
                self.note(
                    token.map[0], _("a cell in a list; move it to the outermost level.")
                )

    def _stray(self, line: Token) -> Edit:
        if line.info == "bibliography":
            told = _("the bibliography has a page of its own in this book; left out.")
            self.note(line.map[0], told)
        else:
            told = _(
                ":{name}:`{content}` is not below a heading, a figure, a table or a "
                "formula; left out."
            )
            self.note(line.map[0], told.format(name=line.info, content=line.content))
        start, end = myst.lines_of(line)
        return start, end, []

    def _with_lines(self, block, inline, below, lines, before) -> Iterator[Edit]:
        """Yield the edits for a block and the ``:label:`` lines below it."""
        options = {line.info: line.content for line in below}
        label = options.get("label") or options.get("eqlabel", "")
        start, end = block.map
        if block.type == "heading_open":
            new = self._heading(block, label, lines[start:end])
        elif block.type == "paragraph_open" and _is_picture(inline):
            text, width = lines[start:end], options.get("width", "")
            new = self._figure(start, text, label, width)
        elif block.type == "table_open":
            yield from self._table(block, label, below, lines, before)
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

    def _figure(self, row: int, lines: list[str], label: str, width: str) -> list[str]:
        margin = re.match(r"[ >]*", lines[0])[0]
        text = " ".join(line.strip(" >") for line in lines if line != GONE)
        caption, path = re.fullmatch(r"!\[(.*)\]\((\S*)\)", text, re.S).groups()
        options = [f":name: {self._label(label, 'numref', row)}"] if label else []
        options += [f":width: {width}"] if width else []
        alt = re.sub(r"\{[\w:]+\}(?=`)|[`$*]", "", caption) or Path(path).stem
        options += [f":alt: {_quoted(alt)}"]
        new = ["```{figure} " + path, *options, "", _as_words(caption), "```"]
        return [f"{margin}{line}".rstrip() for line in new]

    def _picture(self, path: str, row: int) -> str:
        if re.match(r"[a-z]+://", path):
            told = _("the picture is on another site: {path}; bring it into the book.")
            self.note(row, told.format(path=path))
            return path
        path = unquote(path)
        name = re.sub(r"[^\w.-]+", "_", f"{self.name}_{Path(path).name}")
        self.result.pictures[name] = path, self.numbers[row]
        return f"figures/{name}"

    def _table(self, block, label, below, lines, before) -> Iterator[Edit]:
        """A table with a caption: a line with a colon, before or behind it."""
        start, end = block.map[0], below[-1].map[1] if below else block.map[1]
        rows = [n for n in range(*block.map) if not lines[n].startswith(":")]
        captions = [n for n in range(*block.map) if lines[n].startswith(":")]
        above = _above(before)
        if above and above[-1].type == "d2l_line" and not label:
            label, start = above[-1].content, above[-1].map[0]
            above = above[:-1]
        if not captions and above and above[-1].type == "paragraph_open":
            first, last = myst.lines_of(above[-1])
            if re.match(r":\s?[^\s:]", lines[first]):
                captions, start = list(range(first, last)), first
        if not captions and not label:
            return
        name = [f":name: {self._label(label, 'numref', start)}"] if label else []
        caption = " ".join(lines[n].strip() for n in captions if lines[n] != GONE)
        caption = re.sub(r"^:\s*", "", caption)
        # What stands behind backticks may not have any.
        fence = "~~~" if "`" in caption else "```"
        head = f"{fence}{{table}} {caption}".rstrip()
        yield start, end, [head, *name, "", *(lines[n] for n in rows), fence]

    def _formula(self, row: int, label: str, lines: list[str]) -> list[str]:
        if not label:
            return lines
        last = lines[-1].rstrip()
        return [*lines[:-1], f"{last} ({self._label(label, 'eq', row)})"]

    def _fence(self, block: Token, lines: list[str]) -> Iterator[Edit]:
        start, end = myst.lines_of(block)
        info = block.info.strip()
        if info.startswith("toc"):
            told = _("a block “toc” left out; the order of pages is in _toc.yml.")
            self.note(start, told)
            yield start, end, []
        elif ".output" in info:
            told = _("a stored output left out; cells are executed anew.")
            self.note(start, told)
            yield start, end, []
        elif info == "eval_rst":
            yield start, start + 1, [lines[start].replace(info, self._rst(block))]
        elif found := re.match(r"\{\.(\w+)", info):
            yield start, start + 1, [lines[start].partition("{")[0] + found[1]]

    def _rst(self, block: Token) -> str:
        """Return what kind of block reStructuredText becomes."""
        names = set(re.findall(r"^\s*\.\. ([\w:-]+)::", block.content, re.M))
        if names and names <= RST:
            return "{eval-rst}"
        told = _("a block in reStructuredText stays as code; write it in MyST.")
        self.note(block.map[0], told)
        return "rst"

    # Cells and prose of frameworks

    def _mine(self, tabs: list[str], row: int) -> list[str]:
        """Return those of a list of tabs that the book has; report the others."""
        if "all" in tabs:
            return list(self.frameworks)
        unknown = [tab for tab in tabs if tab not in self.frameworks]
        if unknown:
            told = _("{tabs}: not among the frameworks of this book; left out.")
            self.note(row, told.format(tabs=", ".join(unknown)))
        return [tab for tab in tabs if tab in self.frameworks]

    def _cells(self, blocks: list[Token]) -> Edit:
        """The cells of neighbouring blocks, for every framework in each run."""
        cells = []
        for block in blocks:
            cells += self._cell(d2l_cells.read(block), block.map[0])
        new = []
        for is_common, group in groupby(cells, key=lambda cell: cell.framework is None):
            run = list(group)
            new += run if is_common else self._complete(run, blocks[0].map[0])
        lines = "\n".join(d2l_cells.written(c) for c in new).split("\n")
        return blocks[0].map[0], blocks[-1].map[1], lines

    def _cell(self, found: d2l_cells.Source, row: int) -> list[Cell]:
        if not found.code.strip():
            return []  # d2lbook's own commands, which have no meaning here
        if d2l_cells.TAB.search(found.code):
            self.note(row, _("the code names tabs again further down; divide it."))
        if found.tabs == ["all"] and not found.has_choices:
            return [Cell(self._imports(found.code, None), None)]
        default = "mxnet" if "mxnet" in self.frameworks else next(iter(self.frameworks))
        mine = self._mine(found.tabs or [default], row)
        for key in mine if found.has_choices else []:
            if not found.mentions(key):
                told = _(
                    "tab.selected does not name the framework {key}; read the code."
                )
                self.note(row, told.format(key=key))
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

    def _complete(self, run: list[Cell], row: int) -> list[Cell]:
        there = {cell.framework for cell in run}
        missing = [key for key in self.frameworks if key not in there]
        for key in missing:
            label = self.frameworks[key].label
            told = _("no cell of {label}; an empty one was put in its place.")
            self.note(row, told.format(label=label))
            comment = _("No code for {label} in this step.").format(label=label)
            run.append(Cell(f"# {comment}", key))
        order = list(self.frameworks)
        return sorted(run, key=lambda cell: order.index(cell.framework))

    def _tabs(self, blocks: list[Token], text: Text) -> Edit:
        texts: dict[str, list[str]] = {}
        for block in blocks:
            start, end = myst.lines_of(block)
            is_closed = block.meta["closed"]
            if not is_closed:
                told = _("no :end_tab:; the tab reaches to the next one or to the end.")
                self.note(start, told)
            tabs = [tab.strip() for tab in block.info.split(",")]
            if tabs == ["toc"]:
                told = _("a tab of contents left out; see _toc.yml.")
                self.note(start, told)
                continue
            inside = self.translate(text.part(start + 1, end - is_closed))
            body = "\n".join(inside.lines)
            for key in self._mine(tabs, start):
                texts.setdefault(key, []).extend([body] if body.strip() else [])
        place = blocks[0].map[0], blocks[-1].map[1]
        return *place, self._tab_set(texts, place[0]) if texts else []

    def _tab_set(self, texts: dict[str, list[str]], row: int) -> list[str]:
        bodies = {key: "\n\n".join(parts) for key, parts in texts.items() if parts}
        if set(bodies) == set(self.frameworks) and len(set(bodies.values())) == 1:
            return [*next(iter(bodies.values())).split("\n"), ""]
        fence = _longer_than(":::", bodies.values())
        lines = [f"{fence}:{{tab-set}}", ":sync-group: framework", ""]
        for key, framework in self.frameworks.items():
            label = framework.label
            if key not in bodies:
                told = _("no text for {label}; a sentence was put in its place.")
                self.note(row, told.format(label=label))
            nothing = _("There is no separate explanation for {label} in this step.")
            body = bodies.get(key, nothing.format(label=label)).split("\n")
            lines += [f"{fence}{{tab-item}} {label}", f":sync: {key}", "", *body]
            lines += [fence, ""]
        return [*lines[:-1], f"{fence}:", ""]

    # Sentences

    def _span(self, token: Token, row: int) -> str:
        if token.type == "image":
            alt = myst.with_new_spans(token, lambda inner: self._span(inner, row))
            return f"![{alt}]({self._picture(token.attrs['src'], row)})"
        if token.type == "link_close":
            return self._link(token.meta["text"], token.meta["target"], row)
        return self._role(row, **token.meta)

    def _link(self, text: str, target: str, row: int) -> str:
        if re.match(r"[a-z][a-z0-9+.-]*:|#", target):
            return f"[{text}]({target})"
        told = _("a link to a file outside of the book: {target}; its text remains.")
        self.note(row, told.format(target=target))
        return text

    def _role(self, row: int, name: str, content: str, is_closed: bool, span) -> str:
        if not is_closed:
            told = _("the role :{name}:`{content} has no end; it ends here.")
            self.note(row, told.format(name=name, content=content))
        if name in ("cite", "citet", "citep"):
            return self._citation(name, content, row)
        if name in ("numref", "eqref", "ref"):
            return self._reference(content, row)
        told = _(":{name}:`{content}` is an unknown role; it stays as it is.")
        self.note(row, told.format(name=name, content=content))
        return f"`:{name}: {content}`"

    def _citation(self, name: str, content: str, row: int) -> str:
        keys = [key.strip() for key in content.split(",")]
        missing = [key for key in keys if key not in self.works]
        if missing:
            told = _("not in the bibliography: {keys}; add it and make this {{cite}}.")
            self.note(row, told.format(keys=", ".join(missing)))
            return f"`{content}`"
        role = "cite:t" if name == "citet" else "cite"
        return f"{{{role}}}`{','.join(keys)}`"

    def _reference(self, label: str, row: int) -> str:
        if role := self.known.get(label):
            renamed = f"{label}_{self.name}" if label in self.labels else label
            return f"{{{role}}}`{renamed}`"
        if role := self.labels.get(label):
            return f"{{{role}}}`{label}`"
        told = _("the book has no label “{label}”; its name remains in the text.")
        self.note(row, told.format(label=label))
        return f"`{label}`"


def _applied(lines: list[str], numbers: list[int], edits: list[Edit]) -> Text:
    """Return the lines with all edits, and the number of each in D2L's text."""
    pairs = list(zip(lines, numbers, strict=True))
    for start, end, new in sorted(edits, key=lambda edit: -edit[0]):
        pairs[start:end] = _numbered(new, pairs[start:end])
    kept = [pair for pair in pairs if pair[0] != GONE]
    return Text([line for line, _n in kept], [number for _l, number in kept])


def _numbered(new: list[str], old: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield new lines with numbers: that of the same old line, or the last one."""
    place, number = 0, old[0][1]
    for line in new:
        for n in range(place, len(old)):
            if re.search(r"\w", line) and old[n][0] == line:
                place, number = n + 1, old[n][1]
                break
        yield line, number


def _tidy(text: Text) -> Text:
    """Return the text with single blank lines, though not in code, none at its end."""
    kept: list[tuple[str, int]] = []
    fence = ""
    for line, number in zip(text.lines, text.numbers, strict=True):
        mark = re.match(r"[ >]*(`{3,}|~{3,})", line)
        if not fence and mark:
            fence = mark[1]
        elif (
            fence and mark and line.strip(" >") == mark[1] and mark[1].startswith(fence)
        ):
            fence = ""
        if line.strip() or fence or (kept and kept[-1][0].strip()):
            kept.append((line if fence or line.strip() else "", number))
    while kept and not kept[-1][0].strip():
        kept.pop()
    return Text([line for line, _n in kept], [number for _l, number in kept])


def _with_new_spans(token: Token, new) -> str:
    """The token's content with new spans, of however many lines."""
    text = token.content
    for child in reversed(token.children or []):
        if "span" in child.meta:
            start, end = child.meta["span"]
            text = text[:start] + new(child) + text[end:]
    return text


def _as_words(text: str) -> str:
    """A line that begins no quotation, heading, list or comment, but a paragraph."""
    text = re.sub(r"^(?=[>%]|#{1,6}\s|[-+*]\s)", r"\\", text)
    return re.sub(r"^(\d{1,9})(?=[.)]\s)", r"\1\\", text)


def _quoted(value: str) -> str:
    """Return a value of an option as YAML."""
    value = " ".join(value.split())
    return value if SIMPLE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _longer_than(mark: str, texts) -> str:
    """Return a mark of colons longer than each in the texts."""
    found = [m for text in texts for m in re.findall(r"^\s*(:{3,})", text, re.M)]
    return max([mark, *(f"{each}:" for each in found)], key=len)


def _lines_below(tokens: list[Token], number: int) -> list[Token]:
    """Return the ``:label:`` lines right below the block that begins at a token."""
    block = tokens[number]
    while tokens[number].level != block.level or tokens[number].nesting > 0:
        number += 1
    found = []
    for token in tokens[number + 1 :]:
        if token.type != "d2l_line" or token.info == "bibliography":
            break
        found.append(token)
    return found


def _above(tokens: list[Token]) -> list[Token]:
    """Return the blocks that stand above, the nearest last."""
    return [t for t in tokens if t.map and t.level == 0 and t.nesting >= 0]


def _is_picture(inline: Token) -> bool:
    """Say whether a paragraph is one picture and nothing else."""
    children = [
        child
        for child in inline.children or []
        if child.type != "softbreak" and (child.content or child.type != "text")
    ]
    return [child.type for child in children] == ["image"]

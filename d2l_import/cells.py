"""The code cells of D2L's Markdown: whose they are, and what each framework runs.

A block ``{.python .input}`` says so in its first line: ``#@tab pytorch`` or, since
d2l 1.0, ``%%tab pytorch``. Code for several frameworks may choose with
``tab.selected('pytorch')``; here each framework gets the branch that it would run.
"""

import ast
import re
import textwrap
from dataclasses import dataclass

from markdown_it.token import Token

TAB = re.compile(r"^(?:#\s?@tab|%%tab)\s+(.+)", re.M)
_IMPORT = re.compile(r"^from d2l import \w+ as d2l$", re.M)
_COMMANDS = re.compile(r"%load_ext d2lbook\.tab|tab\.interact_select\(.*\)")


@dataclass(frozen=True)
class Cell:
    """A cell of the chapter; ``framework`` is None for one that belongs to all."""

    code: str
    framework: str | None


@dataclass(frozen=True)
class Source:
    """The code of a block and its tabs; none if the block names none."""

    code: str
    tabs: list[str]

    @property
    def has_choices(self) -> bool:
        """Whether the code asks which framework is selected."""
        return "tab.selected(" in self.code

    def mentions(self, framework: str) -> bool:
        """Whether one of the choices names a framework."""
        return bool(re.search(rf"""['"]{framework}['"]""", self.code))

    def chosen(self, framework: str) -> str:
        """The code that a framework runs: no more questions, only its branches."""
        code = self.code
        while (question := _question(code)) is not None:
            code = _answered(code, question, framework)
        return code


def is_cell(token: Token) -> bool:
    """Whether a block is a code cell of D2L."""
    return token.type == "fence" and bool(re.match(r"\{\.\w+\s+\.input", token.info))


def read(token: Token) -> Source:
    """The code of a cell without d2lbook's own commands."""
    lines, tabs = token.content.strip("\n").split("\n"), []
    if lines and (found := TAB.match(lines[0].strip())):
        tabs, lines = [tab.strip() for tab in found[1].split(",")], lines[1:]
    code = "\n".join(line for line in lines if not _COMMANDS.fullmatch(line.strip()))
    return Source(code.strip("\n"), tabs)


def written(cell: Cell) -> str:
    """The cell as MyST writes it, with an empty line behind it."""
    tags = [f":tags: [{cell.framework}]", ""] if cell.framework else []
    ticks = max(["```", *re.findall(r"^\s*(`{3,})", cell.code, re.M)], key=len)
    fence = f"{ticks}`" if len(ticks) > 3 or "```" in cell.code else ticks
    return "\n".join([fence + "{code-cell} ipython3", *tags, cell.code, fence, "", ""])


def with_import(code: str, api: str, is_first: bool) -> str:
    """The code with D2L's package replaced by the module that stands for it here.

    A framework's first cell has the import before any other: it prepares the framework.
    """
    package, _, module = api.rpartition(".")
    line = f"from {package} import {module} as d2l"
    if not is_first:
        return _IMPORT.sub(line, code)
    rest = _IMPORT.sub("", code).lstrip("\n")
    return f"{line}\n{rest}".rstrip("\n")


def _question(code: str) -> ast.If | None:
    """The first ``if tab.selected(…)``, outermost first; None in what is not Python."""
    try:
        tree = ast.parse(_python(code))
    except SyntaxError:
        return None
    questions = (node for node in ast.walk(tree) if isinstance(node, ast.If))
    return next(filter(_is_question, questions), None)


def _is_question(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Call)
        and ast.unparse(node.test.func) == "tab.selected"
    )


def _answered(code: str, question: ast.If, framework: str) -> str:
    """The code with one question replaced by the branch of a framework."""
    names = {
        name.value
        for argument in question.test.args
        for name in ast.walk(argument)
        if isinstance(name, ast.Constant)
    }
    lines = code.splitlines()
    branch = question.body if framework in names else question.orelse
    margin = " " * question.col_offset
    new = textwrap.indent(textwrap.dedent(_branch(lines, question, branch)), margin)
    result = [*lines[: question.lineno - 1], *new.splitlines()]
    rest = lines[question.end_lineno :]
    if not branch and margin and not _parses("\n".join([*result, *rest])):
        result.append(f"{margin}pass")
    return "\n".join([*result, *rest])


def _branch(lines: list[str], question: ast.If, branch: list[ast.stmt]) -> str:
    """The lines of a branch with the comments at its beginning."""
    if not branch:
        return ""
    first = branch[0].lineno - 1
    header = next(
        n
        for n in range(first, -1, -1)
        if re.match(r"\s*(if|elif|else)\b.*", lines[n]) and n <= first
    )
    kept = lines[first : branch[-1].end_lineno]
    column = branch[0].col_offset
    kept[0] = " " * column + kept[0][column:]
    if kept[0].lstrip().startswith("elif "):
        kept[0] = kept[0].replace("elif ", "if ", 1)
    return "\n".join([*lines[header + 1 : first], *kept])


def _parses(code: str) -> bool:
    try:
        ast.parse(_python(code))
    except SyntaxError:
        return False
    return True


def _python(code: str) -> str:
    """The code with IPython's commands as comments."""
    return re.sub(r"^[%!]", "#", code, flags=re.M)

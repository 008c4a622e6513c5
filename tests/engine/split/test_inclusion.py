"""What ``literalinclude`` shows in a notebook is what Sphinx would show on the page."""

from pathlib import Path

import pytest
from fake_book import REPOSITORY
from sphinx.config import Config
from sphinx.directives.code import LiteralInclude, LiteralIncludeReader
from sphinx.util.logging import suppress_logging

from framework_tabs.source import myst
from framework_tabs.source.includes import resolved
from framework_tabs.split.inclusion import IncludeError, code

CHAPTERS = REPOSITORY / "chapters"
SOURCE = '''\
import os  # first


@decorated
@twice(
    1)
def f(a, b):
    """Text.

    More.
    """
    def inner():
        return 1
    return inner


# about the class

class C:
    x = 1

    async def g(self):
        return [
            2,
        ]

    def one(self): return 1


if os:
\tdef h():
\t\treturn 3

\t# behind h

last = 4
'''


def sphinx_shows(found: myst.Directive, folder: Path) -> str:
    """What Sphinx's own directive would show, with its own options."""
    spec = LiteralInclude.option_spec
    options = {k: spec[k](v or None) for k, v in found.options.items()}
    path = resolved(found.argument, folder, REPOSITORY)
    if "diff" in options:
        options["diff"] = str(resolved(options["diff"], folder, REPOSITORY))
    # A strict build earlier in this process leaves handlers that raise warnings.
    with suppress_logging():
        return LiteralIncludeReader(str(path), options, Config()).read()[0]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"pyobject": "f"},
        {"pyobject": "C"},
        {"pyobject": "C.g"},
        {"pyobject": "C.one"},
        {"pyobject": "h"},
        {"pyobject": "f", "lines": "2-4,1", "dedent": "1"},
        {"pyobject": "C.g", "dedent": ""},
        {"lines": "3-"},
        {"lines": "-2, 5"},
        {"start-at": "class", "end-before": "async"},
        {"start-after": "class", "end-at": "async"},
        {"start-at": "class", "end-before": "class"},
        {"pyobject": "h", "tab-width": "8"},
        {"lines": "1", "prepend": "# above", "append": "# below"},
        {"diff": "old.py"},
    ],
    ids=str,
)
def test_the_same_lines_are_chosen(tmp_path, options):
    (tmp_path / "x.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "old.py").write_text("import os\n", encoding="utf-8")
    found = myst.Directive("literalinclude", "x.py", "", 0, 1, options)
    shown = sphinx_shows(found, tmp_path).replace(f"{tmp_path}/", "")
    assert code(found, tmp_path, tmp_path) == shown


def test_the_book_s_own_inclusions_are_the_same():
    found = [
        each
        for path in CHAPTERS.glob("*.md")
        for each in myst.directives(path.read_text(encoding="utf-8"))
        if each.name == "literalinclude"
    ]
    assert len(found) >= 8
    for each in found:
        assert code(each, CHAPTERS, REPOSITORY) == sphinx_shows(each, CHAPTERS)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"pyobject": "yok"}, "“yok”"),
        ({"start-at": "yok"}, "“yok”"),
        ({"lines": "99-"}, "“99-”"),
        ({"lines": "a"}, "“a”"),
        ({"start-at": "x", "start-after": "x"}, "start-after"),
        ({"dedent": "iki"}, "iki"),
    ],
    ids=str,
)
def test_what_cannot_be_chosen_is_an_error(tmp_path, options, told):
    (tmp_path / "x.py").write_text(SOURCE, encoding="utf-8")
    found = myst.Directive("literalinclude", "x.py", "", 0, 1, options)
    with pytest.raises(IncludeError, match=told):
        code(found, tmp_path, tmp_path)

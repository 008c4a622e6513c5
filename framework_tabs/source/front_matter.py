"""What the front matter of a page asks for, as far as running its cells goes.

Jupyter Book and MyST-NB take orders from there: which kernel runs the page, whether the
build executes it. Here ``execute`` runs cells and the build never does, so an order is
either kept or refused with its line.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import yaml

from ..messages import _
from . import myst

EXECUTION = "execution"
"""MyST-NB's settings about running cells begin with this; Jupyter's are below it."""


class FrontMatter:
    """The values of a page's front matter, and the lines where they are written.

    ``fail`` is called with a line and a message for what cannot be kept.
    """

    def __init__(self, text: str, fail: Callable[[int, str], NoReturn]):
        self._fail = fail
        self._lines: dict[tuple[str, ...], int] = {}
        self.values: dict[str, Any] = {}
        tokens = myst.parser().parse(text + "\n")
        if tokens and tokens[0].type == "front_matter":
            self._read(tokens[0].content)

    def _read(self, content: str) -> None:
        try:
            values = yaml.safe_load(content)
            self._note(yaml.compose(content), ())
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            told = _("the front matter is not valid YAML: {error}")
            reason = getattr(error, "problem", None) or error
            self._fail(mark.line + 2 if mark else 1, told.format(error=reason))
        if isinstance(values, dict):
            self.values = values

    def _note(self, node: yaml.Node | None, place: tuple[str, ...]) -> None:
        """Note the line of every key; the content begins on the file's second line."""
        for key, value in node.value if isinstance(node, yaml.MappingNode) else []:
            if isinstance(key, yaml.ScalarNode):
                self._lines[*place, key.value] = key.start_mark.line + 2
                self._note(value, (*place, key.value))

    def line(self, *place: str) -> int:
        """The 1-based line of a key; that of the front matter if there is none."""
        return self._lines.get(place, 1)

    def refuse_execution(self) -> None:
        """Refuse what would run the cells in the build, or run them otherwise."""
        for place in self._lines:
            about = place[0] == EXECUTION or (
                place[0] == "mystnb" and place[-1].startswith(f"{EXECUTION}_")
            )
            if about:
                self._fail(
                    self.line(*place),
                    _(
                        "“{key}” has no effect here: the command execute runs the "
                        "cells, the build never does. Delete the line; a cell that "
                        "must not run gets the tag skip-execution."
                    ).format(key=".".join(place)),
                )

    @property
    def kernel(self) -> str:
        """The name of the kernel that the page asks for; empty if it names none."""
        wanted = self.values.get("kernelspec")
        if wanted is None:
            return ""
        name = wanted.get("name") if isinstance(wanted, dict) else None
        if not isinstance(name, str) or not name:
            self._fail(
                self.line("kernelspec"),
                _(
                    "“kernelspec” names no kernel; write “name:” below it, or delete "
                    "it."
                ),
            )
        return name

    @property
    def kernel_label(self) -> str:
        """What the page calls its kernel for readers, if it says so."""
        wanted = self.values.get("kernelspec")
        return str(wanted.get("display_name") or "") if wanted else ""

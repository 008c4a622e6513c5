"""A book small enough to split, execute and check in a test.

Not a test itself. ``write_book`` writes ``_config.yml`` and chapters whose cells any
Python kernel runs in no time.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from framework_tabs import config
from framework_tabs.execute import command as execution
from framework_tabs.source import chapter
from framework_tabs.source.cell import Chapter
from framework_tabs.split import notebook as notebooks
from framework_tabs.store import record

HEADER = """\
---
jupytext:
  text_representation:
    format_name: myst
---
"""

TWO = {"a": {"label": "A"}, "b": {"label": "B"}}
ONE = {"a": {"label": "A"}}
THREE = {
    "mxnet": {"label": "MXNet", "packages": ["mxnet", "numpy"]},
    "pytorch": {"label": "PyTorch", "packages": ["torch", "numpy"]},
    "tensorflow": {"label": "TensorFlow", "packages": ["tensorflow", "keras", "numpy"]},
}


def cell(source: str, *tags: str) -> str:
    """A code cell of a chapter."""
    options = [f":tags: [{', '.join(tags)}]"] if tags else []
    return "\n".join(["```{code-cell} ipython3", *options, source, "```", ""])


def text(*parts: str) -> str:
    """A chapter with a title."""
    return "\n".join([HEADER, "# Başlık", "", *parts])


@dataclass
class Book:
    """A book on disk."""

    root: Path

    @property
    def settings(self) -> config.Settings:
        """The settings as they are in its ``_config.yml``."""
        return config.load(self.root)

    @property
    def chapters(self) -> list[Chapter]:
        """Its chapters with code cells."""
        return chapter.read_all(self.settings)

    def source(self, name: str = "x") -> Path:
        """The file of a chapter."""
        return self.root / "chapters" / f"{name}.md"

    def path(self, framework: str = "a", name: str = "x") -> Path:
        """The file of a notebook."""
        return self.root / "notebooks" / framework / f"{name}.ipynb"

    def write(self, *parts: str, name: str = "x") -> None:
        """Write a chapter."""
        self.source(name).write_text(text(*parts), encoding="utf-8")

    def line(self, content: str, name: str = "x") -> int:
        """The 1-based line of the chapter that holds ``content``."""
        lines = self.source(name).read_text(encoding="utf-8").splitlines()
        return 1 + next(n for n, line in enumerate(lines) if content in line)

    def split(self) -> list[str]:
        """Split; the notebooks written, relative to the root."""
        written = notebooks.split(self.chapters, self.settings)
        return [self.settings.relative(path) for path in written]

    def execute(self, **options) -> list[str]:
        """Execute everything; the messages of failure."""
        settings = self.settings
        runners = list(settings.runners.values())
        return execution.execute(self.chapters, runners, settings, **options)

    def notebook(self, framework: str = "a", name: str = "x"):
        """A stored notebook."""
        return record.load(self.path(framework, name))

    def code(self, framework: str = "a", name: str = "x") -> list:
        """The code cells of a stored notebook."""
        cells = self.notebook(framework, name).cells
        return [each for each in cells if each.cell_type == "code"]

    def printed(self, framework: str = "a", name: str = "x") -> str:
        """All that the cells of a stored notebook printed."""
        outputs = [out for each in self.code(framework, name) for out in each.outputs]
        return "".join(output.get("text", "") for output in outputs)


def write_book(root: Path, *parts: str, frameworks=ONE, **settings) -> Book:
    """Write a book with the chapter ``x`` (none without ``parts``)."""
    mapping = {"frameworks": frameworks, "timeout": 60, **settings}
    (root / "chapters").mkdir(parents=True)
    (root / "_config.yml").write_text(
        yaml.safe_dump(
            {"sphinx": {"config": {"language": "tr", "framework_tabs": mapping}}},
            sort_keys=False,
        ),
        encoding="utf-8",
    )
    book = Book(root)
    if parts:
        book.write(*parts)
    return book

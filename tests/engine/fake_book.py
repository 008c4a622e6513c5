"""A small book to build in tests: two chapters, and outputs that no kernel made.

Not a test itself. ``write_book`` writes the sources, ``answer`` the notebooks as if
they had been executed, and ``build`` makes the site as ``jupyter-book build`` does.
"""

import io
from contextlib import redirect_stderr, redirect_stdout
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx
from nbformat import v4

from framework_tabs import config, writing
from framework_tabs.source import chapter as chapters
from framework_tabs.split import notebook as notebooks
from framework_tabs.store import files, record

REPOSITORY = Path(__file__).resolve().parents[2]
EXTENSIONS = "sphinx_turkish", "framework_tabs", "api_tabs"

LABELS = {"mxnet": "MXNet", "pytorch": "PyTorch", "tensorflow": "TensorFlow"}

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  name: python3
---
"""

INDEX = "# Kitap\n\n```{reference-runs}\n```\n"

PROSE_TABS = """
:::::{tab-set}
:sync-group: framework

::::{tab-item} MXNet
:sync: mxnet
MXNet için söz.
::::
::::{tab-item} PyTorch
:sync: pytorch
PyTorch için söz.
::::
::::{tab-item} TensorFlow
:sync: tensorflow
TensorFlow için söz.
::::
:::::
"""


def tab_sets(page) -> list[dict]:
    """Return each tab set of a page: what a framework shows, by its key, unnamed."""
    page = copy(page)
    for name in page.select(".framework-name"):
        name.extract()
    return [
        {
            panel["data-framework"]: panel
            for panel in tab_set.find_all(class_="framework-panel", recursive=False)
        }
        for tab_set in page.find_all(class_="framework-tabs")
    ]


def cell(source: str, *tags: str, **options) -> str:
    """Return a code cell of a chapter."""
    lines = [f":tags: [{', '.join(tags)}]"] if tags else []
    if options:
        lines = ["---", yaml.safe_dump({**options, "tags": list(tags)}).strip(), "---"]
    return "\n".join(["```{code-cell} ipython3", *lines, source, "```", ""])


def three(source: str, *tags: str) -> str:
    """Return one cell for each framework, side by side."""
    return "\n".join(cell(f"{source}  # {key}", key, *tags) for key in LABELS)


def chapter(title: str, *parts: str) -> str:
    """Return the text of a chapter."""
    return "\n".join([HEADER, f"# {title}\n", *parts])


CHAPTERS = {
    "bir": chapter(
        "Birinci bölüm",
        three("import yapı"),
        "Ağı kuralım.\n",
        PROSE_TABS,
        three("ağ = kur()"),
        "Her çerçevede aynı kod:\n",
        cell("katmanlar(ağ)"),
        cell("len(ağ)"),
        "Şimdi eğitelim.\n",
        three("eğit(ağ)"),
    ),
    "iki": chapter("İkinci bölüm", three("ağ = yükle()"), "Son.\n", cell("ağ")),
}


def stream(text: str):
    """Return what ``print`` leaves in a notebook."""
    return v4.new_output("stream", name="stdout", text=text)


def says_who(framework: str, source: str) -> list:
    """Put out the same for ``len``, nothing for assignments, else the framework."""
    if "=" in source or "import" in source:
        return []
    return [stream("8\n" if source.startswith("len") else f"{framework}: {source}\n")]


@dataclass
class Book:
    """A book on disk: its sources, notebooks and site."""

    root: Path

    @property
    def site(self) -> Path:
        """Where the built pages lie."""
        return self.root / "_build" / "html"

    @property
    def settings(self) -> config.Settings:
        """The settings in its ``_config.yml``."""
        return config.load(self.root)

    def page(self, name: str) -> str:
        """Return the HTML of a page."""
        return (self.site / f"{name}.html").read_text(encoding="utf-8")

    def notebook(self, framework: str, name: str) -> Path:
        """Return the path of a notebook."""
        return self.root / "notebooks" / framework / f"{name}.ipynb"

    def answer(self, outputs=says_who, run: dict | None = None) -> "Book":
        """Write notebooks whose cells put out what ``outputs`` returns for them."""
        found = chapters.read_all(self.settings)
        notebooks.split(found, self.settings)
        for each in found:
            for key in self.settings.runners_of(each):
                self._answer(each, key, outputs, run)
        return self

    def _answer(self, source, key, outputs, run):
        path = record.path_for(self.settings, key, source)
        notebook = record.load(path)
        chain = iter(record.code_chain(source, key))
        for code in (c for c in notebook.cells if c.cell_type == "code"):
            code.outputs = outputs(key, code.source)
            record.mark_executed(code, next(chain)[1])
        if run:
            notebook.metadata[record.MARK]["run"] = run
        writing.write(path, files.dumps(notebook))

    def build(self, **options) -> tuple[object, str]:
        """Build the site; return Sphinx's result (0, or an exception) and warnings."""
        warnings = io.StringIO()
        with redirect_stderr(warnings), redirect_stdout(io.StringIO()):
            result = build_sphinx(
                self.root,
                self.site,
                noconfig=True,
                path_config=self.root / "_config.yml",
                confoverrides={
                    "external_toc_path": str(self.root / "_toc.yml"),
                    "latex_individualpages": False,
                },
                **options,
            )
        return result, warnings.getvalue()


def write_book(
    root: Path,
    texts=CHAPTERS,
    labels=LABELS,
    common=None,
    extensions=EXTENSIONS,
    engine_extra=None,
    **config_extra,
) -> Book:
    """Write a book with an index and the chapters ``texts``, without notebooks."""
    (root / "chapters").mkdir(parents=True)
    for name, text in texts.items():
        (root / "chapters" / f"{name}.md").write_text(text, encoding="utf-8")
    (root / "index.md").write_text(INDEX, encoding="utf-8")
    toc = {
        "format": "jb-book",
        "root": "index",
        "chapters": [{"file": f"chapters/{name}"} for name in texts],
    }
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    frameworks = {
        key: {"label": label, "packages": ["numpy"]} for key, label in labels.items()
    }
    engine = {
        "frameworks": frameworks,
        **({"common": common} if common else {}),
        **(engine_extra or {}),
    }
    settings = {
        "title": "Küçük kitap",
        **config_extra,
        "sphinx": {
            "local_extensions": {name: str(REPOSITORY) for name in extensions},
            "config": {
                "language": "tr",
                # The theme lengthens Sphinx's own list with every build in a process.
                "templates_path": [],
                "html_context": {"default_mode": "auto"},
                "framework_tabs": engine,
            },
        },
    }
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (root / "_config.yml").write_text(text, encoding="utf-8")
    return Book(root)

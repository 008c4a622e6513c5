"""Numbers in notebooks are those that Sphinx gives the pages, label by label."""

import importlib.util
import io
import random

import fake_book
import pytest
import yaml
from docutils.nodes import make_id
from fake_book import chapter, stream
from jupyter_book.config import get_final_config
from nbformat import v4
from sphinx.application import Sphinx
from sphinx.environment.collectors import toctree
from sphinx.util.docutils import docutils_namespace, patch_docutils

from framework_tabs.split import labels
from framework_tabs.split.outline import MATH, SECTION
from framework_tabs.split.place import Place

EXTENSIONS = "amsmath attrs_block colon_fence deflist dollarmath".split()
PICTURE = v4.new_output("display_data", {"image/svg+xml": "<svg/>"})


def drawn(framework: str, source: str) -> list:
    """What a cell puts out: a picture, of its own in each framework if it says so."""
    if not source.startswith("draw"):
        return []
    told = [stream(framework)] if "differently" in source else []
    return [*told, PICTURE]


def figure_cell(label: str, source: str, *tags: str, caption: str = "Yazı") -> str:
    """A cell whose output is a figure."""
    figure = {"name": label, **({"caption": caption} if caption else {})}
    return fake_book.cell(source, *tags, mystnb={"figure": figure})


FIGURE = "```{figure} a.svg\n"
ROWS = "\n| a |\n|---|\n| 1 |\n```\n"
BLOCKS = [
    FIGURE + ":name: LABEL\n\nYazı\n```\n",
    "(LABEL)=\n" + FIGURE + "Yazı\n```\n",
    FIGURE + "Yazı\n```\n",
    FIGURE + ":name: LABEL\n```\n",
    "```{image} a.svg\n:name: LABEL\n```\n",
    "```{figure-md} LABEL\n![x](a.svg)\n\nYazı *bir*\n```\n",
    "```{table} Yazı\n:name: LABEL\n" + ROWS,
    "```{table}\n:name: LABEL\n" + ROWS,
    "```{list-table} Yazı\n:name: LABEL\n\n* - a\n```\n",
    "```{csv-table} Yazı\n:name: LABEL\n\na,b\n```\n",
    "```{eval-rst}\n.. figure:: a.svg\n   :name: LABEL\n\n   Yazı\n```\n",
    "````{only} latex\n" + FIGURE + "Yazı\n```\n````\n",
    "```{code-block} python\n:caption: Kod\n:name: LABEL\n\nx\n```\n",
    "```{math}\n:label: LABEL\n\nx\n```\n",
    "```{math}\nx\n```\n",
    "$$\nx\n$$ (LABEL)\n",
    "(LABEL)=\n$$\nx\n$$\n",
    "\\begin{align}\na\n\\end{align}\n",
    "\\begin{align*}\na\n\\end{align*}\n",
    "(LABEL)=\n\\begin{align*}\na\n\\end{align*}\n",
    "(LABEL)=\nSöz.\n",
    "Söz.\n\n(LABEL)=\n- madde\n",
]
"""What may stand anywhere; LABEL is a label."""
SECTIONS = [f"(LABEL)=\n{level} Kesim\n" for level in ("##", "###", "####")]
CELLS = [
    figure_cell("LABEL", "draw()"),
    figure_cell("LABEL", "draw(differently)"),
    figure_cell("LABEL", "draw()", caption=""),
    figure_cell("LABEL", "draw()", "remove-cell"),
]


class Writer:
    """Writes pages of a book at random: what has a number, in all kinds of places."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)
        self._count = 0

    def page(self, title: str) -> str:
        makers = [self._block] * 8 + [self._section] * 2 + [self._cell, self._around]
        makers += [self._prose_tabs, self._own_figures]
        return chapter(title, *(self._random.choice(makers)() for _ in range(14)))

    def _labelled(self, text: str) -> str:
        self._count += 1
        return text.replace("LABEL", f"etiket_{self._count}")

    def _block(self) -> str:
        return self._labelled(self._random.choice(BLOCKS))

    def _section(self) -> str:
        return self._labelled(self._random.choice(SECTIONS))

    def _cell(self) -> str:
        return self._labelled(self._random.choice(CELLS))

    def _around(self) -> str:
        """A block in another one."""
        around = [
            f"`````{{note}}\n{self._block()}\n`````\n",
            "- madde\n\n" + _indented(self._block()),
            "Ad\n: Tanım\n\n" + _indented(self._block()),
        ]
        return self._random.choice(around)

    def _prose_tabs(self) -> str:
        items = "".join(
            f"`````{{tab-item}} {label}\n:sync: {key}\n\n{self._block()}\n`````\n"
            for key, label in fake_book.LABELS.items()
        )
        return f"``````{{tab-set}}\n:sync-group: framework\n\n{items}\n``````\n"

    def _own_figures(self) -> str:
        """A figure for each framework, in another order than that of the tabs."""
        keys = self._random.sample(list(fake_book.LABELS), 3)
        figures = (figure_cell("LABEL", "draw()", key) for key in keys)
        return "\n".join(map(self._labelled, figures))


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.split("\n"))


CONTINUOUS = {
    "root": "index",
    "parts": [
        {"caption": "Bir", "chapters": [{"file": "chapters/b"}]},
        {"chapters": [{"file": "chapters/a", "sections": [{"file": "chapters/c"}]}]},
    ],
}
NUMBERED = {
    "root": "index",
    "parts": [
        {"chapters": [{"file": "chapters/b"}]},
        {
            "numbered": True,
            "chapters": [
                {"file": "chapters/c", "sections": [{"glob": "chapters/d*"}]},
                {"url": "https://ornek.org", "title": "Başka yer"},
            ],
        },
        {"numbered": 2, "chapters": [{"file": "chapters/a.md"}]},
    ],
}
BOOKS = {
    "continuous": (CONTINUOUS, {}),
    "by chapter": (NUMBERED, {}),
    "by section": (
        NUMBERED,
        {"numfig_secnum_depth": 2, "math_numsep": "-", "language": "tr"},
    ),
    "from the beginning in each part": (NUMBERED, {"use_multitoc_numbering": False}),
    "equations by page": (CONTINUOUS, {"math_numfig": False}),
    "only what has labels": (NUMBERED, {"numfig": False}),
}


@pytest.fixture(params=BOOKS)
def book(request, tmp_path):
    """A book whose notebooks seem to have been executed, with a table of contents."""
    toc, settings = BOOKS[request.param]
    write = Writer(seed=list(BOOKS).index(request.param))
    texts = {name: write.page(f"Sayfa {name}") for name in ("a", "b", "c", "d", "d2")}
    result = fake_book.write_book(tmp_path, texts)
    (tmp_path / "chapters" / "a.svg").write_text("<svg/>")
    config = yaml.safe_load((tmp_path / "_config.yml").read_text("utf-8"))
    config["parse"] = {"myst_enable_extensions": EXTENSIONS}
    # Jupyter Book's LaTeX counts figures whatever the settings say.
    config["latex"] = {"use_jupyterbook_latex": settings.get("numfig", True)}
    config["sphinx"]["config"] |= settings
    (tmp_path / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    toc = {"format": "jb-book", **toc}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    return result.answer(drawn)


@pytest.fixture
def environment(book):
    """What Sphinx knows of the book once it read all pages; no page is written."""
    config, _ = get_final_config(
        user_yaml=book.root / "_config.yml",
        sourcedir=book.root,
        cli_config={
            "external_toc_path": str(book.root / "_toc.yml"),
            "latex_individualpages": False,
        },
    )
    return read_by_sphinx(book.root, None, config)


def read_by_sphinx(root, configured, settings):
    """Let Sphinx read all pages; its environment."""
    folders = root, configured, root / "_build" / "out", root / "_build" / "doctrees"
    said = {"status": None, "warning": io.StringIO()}
    with patch_docutils(None), docutils_namespace():
        app = Sphinx(*folders, "dummy", settings, **said)
        app.build(force_all=True)
    return app.env


def number_on_page(environment, label: str, place: Place) -> str:
    """The number of what a label names, as a reference on a page would show it."""
    standard, settings = environment.get_domain("std"), environment.config
    if place.kind == MATH:
        docname, serial = environment.get_domain("math").equations[label]
        kind, own = MATH, {make_id(f"equation-{label}")}
        if not (settings.numfig and settings.math_numfig):
            return str(serial)
    else:
        docname, identifier = standard.anonlabels[label]
        node = environment.get_doctree(docname).ids[identifier]
        kind, own = standard.get_enumerable_node_type(node), {*node["ids"], identifier}
    assert docname == place.page
    numbers = environment.toc_fignumbers.get(docname, {}).get(kind, {})
    if kind == SECTION:
        anchors = environment.toc_secnumbers.get(docname, {})
        numbers = {anchor.lstrip("#"): number for anchor, number in anchors.items()}
        if (
            node.parent.tagname == "document" and "" in numbers
        ):  # a page's first has none
            own.add("")
    found = [number for each, number in numbers.items() if each in own and number]
    shown = ".".join(map(str, found[0])) if found else ""
    return settings.math_numsep.join(shown.rsplit(".", 1)) if kind == MATH else shown


def test_every_label_has_the_number_of_the_page(book, environment):
    agree(labels.book(book.settings), environment)


CONF = """\
extensions = ["myst_nb", "framework_tabs"]
framework_tabs = {"frameworks": ["MXNet", "PyTorch", "TensorFlow"]}
myst_enable_extensions = ["amsmath", "attrs_block", "colon_fence", "deflist",
    "dollarmath"]
numfig = True
numfig_secnum_depth = 2
"""
INDEX = """\
# Kitap

```{toctree}
:numbered:
Bir <a>
```

```{toctree}
:glob:
:numbered: 1

part/*
```

(etiket_son)=
## Son

```{figure} a.svg
:name: etiket_resim

Yazı
```
"""


@pytest.fixture
def unextended(monkeypatch):
    """Undo what an extension of Jupyter Book does to Sphinx for the whole process."""
    fresh = importlib.util.module_from_spec(importlib.util.find_spec(toctree.__name__))
    fresh.__spec__.loader.exec_module(fresh)
    number = fresh.TocTreeCollector.assign_section_numbers
    monkeypatch.setattr(toctree.TocTreeCollector, "assign_section_numbers", number)


@pytest.mark.usefixtures("unextended")
def test_so_it_has_in_a_book_of_sphinx_alone(tmp_path):
    write = Writer(seed=9)
    (tmp_path / "part").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "a.svg").write_text("<svg/>")
    (tmp_path / "part" / "a.svg").write_text("<svg/>")
    pages = {
        "index": INDEX,
        "a": write.page("Bir"),
        "part/c": write.page("C"),
        "part/b": write.page("B"),
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    book = fake_book.Book(tmp_path).answer(drawn)
    agree(labels.book(book.settings), read_by_sphinx(tmp_path, tmp_path, {}))


def agree(found: labels.Book, environment) -> None:
    """Compare every number with Sphinx's."""
    known = set(environment.get_domain("std").anonlabels)
    known |= set(environment.get_domain("math").equations)
    places = {label: each for label, each in found.places.items() if label in known}
    assert {each for each in known if each.startswith("etiket")} == set(places)
    assert len(places) > 20
    assert {label: place.number for label, place in places.items()} == {
        label: number_on_page(environment, label, place)
        for label, place in places.items()
    }
    if environment.config.numfig and environment.config.math_numfig:
        ours = sum(map(bool, found.numbers.values()))
        assert ours == numbers_in(environment)  # what has no label counts too


def numbers_in(environment) -> int:
    """How many things on the pages have a number."""
    figures = environment.toc_fignumbers.values()
    sections = environment.toc_secnumbers.values()
    count = sum(len(numbers) for page in figures for numbers in page.values())
    return count + sum(bool(number) for page in sections for number in page.values())

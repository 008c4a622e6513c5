"""A book that Sphinx builds by itself, from a plain ``conf.py``, without Jupyter Book.

The tests need nothing else of this repository: ``tools/sphinx_versions.py`` runs them
with each version of Sphinx that the engine supports.
"""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sphinx
from bs4 import BeautifulSoup
from sphinx.cmd.build import build_main

CONF = """\
project = "Two ways"
author = copyright = "Somebody"
extensions = ["framework_tabs"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "tasklist"]
numfig = True
framework_tabs = {"frameworks": ["PyTorch", "TensorFlow"]}
"""

INDEX = """\
# Two ways

```{reference-runs}
```

```{toctree}
chapters/hello
```
"""

CHAPTER = """\
---
jupytext:
  text_representation:
    format_name: myst
---

# Hello

+++ {"tags": ["pytorch"]}

Prose of *PyTorch*.

+++ {"tags": ["tensorflow"]}

Prose of TensorFlow.

```{code-cell} ipython3
:tags: [pytorch]

name, value = 'torch', 0.89
```

```{code-cell} ipython3
:tags: [tensorflow]

name, value = 'tensorflow', 0.87
```

```{code-cell} ipython3
print('hello from', name)
```

```{code-cell} ipython3
from IPython.display import Javascript, display
from myst_nb import glue

glue('value', value, display=False)
display(Javascript('f()'))
object()
```

It reaches {glue:text}`value:.1f`, exactly {glue}`value`.

- [x] A task<br>
- [ ] Another

:::::{tab-set}
:sync-group: framework

::::{tab-item} PyTorch
:sync: pytorch
In its tab.
::::
::::{tab-item} TensorFlow
:sync: tensorflow
In the other.
::::
:::::
"""


REPOSITORY = Path(__file__).resolve().parents[2]
BUILDERS = "html", "dirhtml", "singlehtml", "text", "latex"


def build_all(*options):
    """Build with one builder after the other; the worst status."""
    return max(build_main(["-b", b, *options, f"_build/{b}"]) for b in BUILDERS)


def run(*command, cwd):
    """Run a module of Python; return what it says, which must be no failure."""
    code = {"PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "ignore"}
    result = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=cwd,
        env={**os.environ, **code},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The folder of the book, executed by the engine's own command."""
    root = tmp_path_factory.mktemp("plain") / "book"
    (root / "chapters").mkdir(parents=True)
    (root / "conf.py").write_text(CONF)
    (root / "index.md").write_text(INDEX)
    (root / "chapters" / "hello.md").write_text(CHAPTER)
    for command in ("execute", "check"):
        run("framework_tabs", command, cwd=root)
    return root


@pytest.fixture(scope="module")
def build(book):
    """Return a function: the folder that a builder filled, without a warning.

    One process builds for all media.
    """
    options = "-q", "-W", "-d", "_build/doctrees", "."
    run("tests.engine.test_plain_sphinx", *options, cwd=book)
    return lambda builder: book / "_build" / builder


def page(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def panels(html):
    """Return the text of each tab set: what the frameworks show, by their keys."""
    return [
        {
            panel["data-framework"]: " ".join(panel.get_text().split())
            for panel in tab_set.find_all(class_="framework-panel")
        }
        for tab_set in html.find_all(class_="framework-tabs")
    ]


def test_cells_prose_outputs_and_written_tabs_are_one_kind_of_tabs(build):
    code, output, written = panels(page(build("html") / "chapters/hello.html"))
    assert code["pytorch"].startswith("PyTorch Prose of PyTorch. name, value =")
    assert output["tensorflow"] == "TensorFlow hello from tensorflow"
    assert written == {
        "pytorch": "PyTorch In its tab.",
        "tensorflow": "TensorFlow In the other.",
    }


def test_outputs_that_differ_by_an_address_are_one_and_nothing_active_is_shown(build):
    html = page(build("html") / "chapters/hello.html")
    text = html.get_text()
    assert text.count("<object at 0x") == 1
    assert "IPython.core.display.Javascript object" in text
    assert "f()" not in "".join(script.get_text() for script in html.find_all("script"))


def test_each_framework_has_its_value_in_the_sentence(build):
    html = page(build("html") / "chapters/hello.html")
    said = [c.get_text() for c in html.find_all(class_="framework-choice")]
    assert said[0] == "0.9 (PyTorch) · 0.9 (TensorFlow)"
    assert said[1] == "0.89 (PyTorch) · 0.87 (TensorFlow)"


def test_the_notebooks_are_no_pages_and_are_offered_below_the_page(build):
    site = build("html")
    links = page(site / "chapters/hello.html").select(".framework-downloads a")
    assert [link.get_text() for link in links] == [
        "Download the PyTorch notebook (.ipynb)",
        "Download the TensorFlow notebook (.ipynb)",
    ]
    assert all((site / "chapters" / link["href"]).is_file() for link in links)
    assert not list(site.glob("notebooks/**/*.html"))


def test_the_page_names_the_book_as_its_author_does(build):
    html = page(build("html") / "chapters/hello.html")
    assert html.find("meta", property="og:site_name")["content"] == "Two ways"
    assert html.find("meta", property="og:locale")["content"] == "en_US"


def test_a_second_build_writes_nothing_and_a_change_its_page(book, build):
    site = build("html")
    again = "sphinx", "-q", "-W", "-b", "html", "-d", "_build/doctrees", ".", site

    def times():
        return {p.stem: p.stat().st_mtime_ns for p in site.rglob("*.html")}

    before = times()
    run(*again, cwd=book)
    unchanged = times()
    chapter = book / "chapters" / "hello.md"
    chapter.write_text(CHAPTER.replace("Prose of TensorFlow", "Words on TensorFlow"))
    run(*again, cwd=book)
    changed = times()
    chapter.write_text(CHAPTER)
    always = {"search", "genindex"}
    assert {n for n in before if unchanged[n] != before[n]} <= always
    assert "hello" in {n for n in before if changed[n] != before[n]}


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_sites_of_other_shapes_have_the_tabs_too(build, builder):
    site = build(builder)
    name = "index.html" if builder == "singlehtml" else "chapters/hello/index.html"
    assert panels(page(site / name))[1]["pytorch"] == "PyTorch hello from torch"


@pytest.mark.parametrize("name", ["text/chapters/hello.txt", "latex/twoways.tex"])
def test_media_without_html_have_the_frameworks_one_below_the_other(build, name):
    builder, _, path = name.partition("/")
    text = (build(builder) / path).read_text(encoding="utf-8")
    first, second = text.index("hello from torch"), text.index("hello from tensorflow")
    assert "PyTorch" in text[:first]
    assert "TensorFlow" in text[first:second]
    assert re.search(r"0\.9}? \(PyTorch\) · \S*0\.9}? \(TensorFlow\)", text)


def test_an_epub_of_one_framework_is_made_by_the_command(book):
    pytest.importorskip("weasyprint")
    run("framework_tabs", "epub", "--framework", "pytorch", cwd=book)
    with zipfile.ZipFile(book / "_build" / "epub" / "Twoways-pytorch.epub") as epub:
        html = BeautifulSoup(epub.read("chapters/hello.xhtml"), "html.parser")
    text = html.get_text()
    assert "It reaches 0.9, exactly 0.89." in text
    assert "hello from torch" in text and "tensorflow" not in text.lower()


def test_the_version_of_sphinx_is_the_one_asked_for():
    wanted = os.environ.get("SPHINX_VERSION", sphinx.__version__)
    assert sphinx.__version__ == wanted


if __name__ == "__main__":
    sys.exit(build_all(*sys.argv[1:]))

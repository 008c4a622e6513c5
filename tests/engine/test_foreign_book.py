"""framework_tabs in somebody else's book: its wheel alone, and the README's example."""

import doctest
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import venv
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup

from tests.engine.fake_book import REPOSITORY

ENGINE = REPOSITORY / "framework_tabs"
README = (ENGINE / "README.md").read_text(encoding="utf-8")
OTHERS = "api_tabs", "book_theme", "d2l_import", "d2l_shim", "sphinx_turkish"
CODE = {"alt", "var"}
"""Words of HTML and JavaScript that are Turkish words, too."""
FRAMEWORKS = "mxnet", "tensorflow", "torch"
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"

MORE = """\
---
description: What the engine itself says on a page.
jupytext:
  text_representation:
    format_name: myst
---

# More

```{warning}
Mind the step.
```

```{table} Ways
:name: tab_ways

| a | b |
| - | - |
| 1 | 2 |
```

See {numref}`tab_ways`.

```{code-cell} ipython3
1
```

```{reference-runs}
```

```{citation}
```

## A question

Why?

### Answer

Because.
"""

CITATION = """\
cff-version: 1.2.0
message: Cite it.
title: Two ways
authors: [{name: Somebody}]
version: 1.0.0
date-released: 2026-11-24
license: MIT
"""


def block(kind, after=""):
    """Return a block of the README: the first of its kind after some text."""
    text = README[README.index(after) :]
    return re.search(rf"^(```+){kind}\n(.*?)^\1$", text, re.M | re.S)[2]


def session():
    """Return the commands of the README's example, each with what it says there."""
    parts = re.split(r"^\$ (.*)\n", block("console"), flags=re.M)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run(*command, cwd=None):
    """Run a command, where it should not find this repository; what it says."""
    # The book's language counts, not that of whoever builds it.
    own = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    result = subprocess.run(
        command,
        cwd=cwd,
        env={**own, "LANGUAGE": "tr"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The engine's wheel, made from its folder alone."""
    source = tmp_path_factory.mktemp("source") / "engine"
    shutil.copytree(ENGINE, source, ignore=shutil.ignore_patterns("__pycache__"))
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", source, source)
    return next(source.glob("framework_tabs-*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of a new environment with the wheel, and the packages it asks for.

    Those are seen where they are installed, without what is installed there to be
    edited: this repository's packages.
    """
    folder = tmp_path_factory.mktemp("env") / "env"
    venv.create(folder, symlinks=True)
    packages = sysconfig.get_path("purelib", "venv", {"base": str(folder)})
    with open(f"{packages}/others.pth", "w") as file:
        file.write(f"{sysconfig.get_path('purelib')}\n")
    python = folder / "bin" / "python"
    options = ["--no-deps", "--no-index", "--quiet"]
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *options]
    run(*pip, "--force-reinstall", "--ignore-installed", wheel)
    return python


@dataclass
class Book:
    """A book on disk, and what each command said."""

    root: Path
    said: dict[str, str] = field(default_factory=dict)

    def page(self, name):
        """Return a page as it was built."""
        text = (self.root / f"_build/html/chapters/{name}.html").read_text("utf-8")
        return BeautifulSoup(text, "html.parser")


@pytest.fixture(scope="module")
def book(python, tmp_path_factory):
    """The book of the README's example, with one more page, as its commands left it."""
    root = tmp_path_factory.mktemp("foreign")
    (root / "chapters").mkdir()
    (root / "_config.yml").write_text(block("yaml", "`_config.yml`:"))
    (root / "_toc.yml").write_text(
        block("yaml", "`_toc.yml`:") + "chapters:\n- file: chapters/more\n"
    )
    (root / "chapters" / "hello.md").write_text(block("markdown"))
    (root / "chapters" / "more.md").write_text(MORE)
    (root / "CITATION.cff").write_text(CITATION)
    programs = {
        "framework-tabs": [python.with_name("framework-tabs")],
        "jupyter-book": [python, "-c", JUPYTER_BOOK],
    }
    book = Book(root)
    for command, _shown in [*session(), ("framework-tabs execute --help", "")]:
        program, *options = command.split()
        book.said[command] = run(*programs[program], *options, cwd=root)
    return book


@pytest.fixture(scope="module")
def foreign():
    """Words that only the Turkish catalogues have."""
    turkish, english = set(), set()
    for path in REPOSITORY.glob("*/locale/tr/LC_MESSAGES/*.po"):
        if path.stem in OTHERS + ("framework_tabs",):
            with open(path, "rb") as file:
                entries = [each for each in read_po(file) if each.id]
            english |= words(" ".join(str(each.id) for each in entries))
            turkish |= words(" ".join(str(each.string) for each in entries))
    return turkish - english - CODE


def words(text):
    """Return the words of a text in small letters; not the names of values."""
    return set(re.findall(r"[^\W\d_]{3,}", re.sub(r"\{\w*\}", "", text).lower()))


def test_it_needs_no_other_package_of_this_repository_and_no_framework(python):
    code = f"""if True:
        import sys
        from importlib.util import find_spec
        import framework_tabs.__main__, framework_tabs.extension
        import framework_tabs.serve.preview.pages
        print(framework_tabs.__file__)
        print(*(name for name in {OTHERS} if find_spec(name)))
        print(*(name for name in {FRAMEWORKS} if name in sys.modules))
        """
    place, others, frameworks = run(python, "-c", code, cwd="/").split("\n")[:3]
    assert place.startswith(str(python.parent.parent))
    assert (others, frameworks) == ("", "")


def test_the_commands_say_what_the_readme_shows(book):
    def timeless(text):
        return re.sub(r"\d+:\d\d|\d\.\d MB", "TIME", text)

    compare = doctest.OutputChecker().check_output
    for command, shown in session():
        found = timeless(book.said[command])
        assert compare(timeless(shown), found, doctest.ELLIPSIS), found


def test_pages_notebooks_epub_and_commands_have_no_turkish_word(book, foreign):
    assert len(foreign) > 500
    texts = dict(book.said)
    del texts["jupyter-book build . -W"]
    pages = list(book.root.glob("_build/html/chapters/*.html"))
    notebooks = list(book.root.glob("notebooks/*/*.ipynb"))
    chapters = list(book.root.glob("chapters/*.md"))
    for path in [*pages, *notebooks, *chapters]:
        texts[str(path)] = path.read_text(encoding="utf-8")
    (epub,) = book.root.glob("_build/epub/*.epub")
    with zipfile.ZipFile(epub) as archive:
        for name in archive.namelist():
            if name.endswith(("html", "opf", "ncx")):
                texts[name] = archive.read(name).decode()
    assert len(pages) > 2 and len(notebooks) == 6
    found = {name: words(text) & foreign for name, text in texts.items()}
    assert {name: those for name, those in found.items() if those} == {}
    turkish = [name for name in texts if re.search(r'lang="tr|"tr_TR"', texts[name])]
    assert turkish == []


def test_its_pages_say_that_they_are_english(book):
    page = book.page("more")
    head = page.head
    assert head.find("meta", property="og:locale")["content"] == "en_US"
    assert (
        json.loads(head.find(type="application/ld+json").string)["inLanguage"] == "en"
    )
    assert page.html["lang"] == "en"


def test_a_page_says_in_english_what_the_engine_adds(book):
    text = " ".join(book.page("more").article.text.split())
    for told in (
        "(version 1.0.0)",
        "Show the answer",
        "Table 1",
        "Total time",
        "Warning",
    ):
        assert told in text
    assert "language = {english}" in text
    page = " ".join(book.page("hello").text.split())
    assert "No output in this framework." in page
    assert "Download the TensorFlow notebook (.ipynb)" in page


def test_a_notebook_uses_the_page_s_words(book):
    notebook = nbformat.read(book.root / "notebooks/pytorch/more.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells)
    for told in ("> **Warning**", "**Table 1.** Ways", "*PyTorch notebook.*"):
        assert told in text


def test_its_tabs_work_in_a_browser(book, chromium):
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(book.root / "_build/html")
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/chapters/hello.html")
        assert page.get_by_role("tablist", name="Framework").count() == 3
        page.get_by_role("tab", name="TensorFlow").first.click()
        assert page.get_by_text("hello from tensorflow").is_visible()
        assert not page.get_by_text("hello from torch").is_visible()
        assert page.get_by_role("button", name="Side by side").count() == 1
        page.close()
        server.shutdown()

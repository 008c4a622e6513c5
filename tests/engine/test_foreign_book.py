"""framework_tabs in somebody else's book: installed by pip, two lines of settings."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import tomllib
import venv

import pytest
from bs4 import BeautifulSoup

from tests.engine.fake_book import REPOSITORY

CONFIG = """\
title: Two ways to say it
sphinx:
  extra_extensions: [framework_tabs]
  config: {framework_tabs: {frameworks: [PyTorch, TensorFlow]}}
"""

CHAPTER = """\
---
jupytext:
  text_representation:
    format_name: myst
---

# Hello

```{code-cell} ipython3
:tags: [pytorch]

name = 'torch'
```

```{code-cell} ipython3
:tags: [tensorflow]

name = 'tensorflow'
```

```{code-cell} ipython3
print('hello from', name)
```

```{code-cell} ipython3
if name == 'torch':
    print('only here')
```
"""


def run(*command, cwd=None):
    """Run a command; what it says if it fails."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    result = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The project's wheel, from the files that it names and no others."""
    source = tmp_path_factory.mktemp("source")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    packages = {n.split(".")[0] for n in project["tool"]["setuptools"]["packages"]}
    for name in packages:
        shutil.copytree(REPOSITORY / name, source / name)
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(REPOSITORY / name, source)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", source, source)
    return next(source.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of a new environment with the wheel, and the book's packages."""
    folder = tmp_path_factory.mktemp("env") / "env"
    venv.create(folder, symlinks=True)
    packages = sysconfig.get_path("purelib", "venv", {"base": str(folder)})
    line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    with open(f"{packages}/others.pth", "w") as file:
        file.write(line)
    python = folder / "bin" / "python"
    options = ["--no-deps", "--no-index", "--quiet"]
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *options]
    run(*pip, "--force-reinstall", "--ignore-installed", wheel)
    return python


@pytest.fixture(scope="module")
def site(python, tmp_path_factory):
    """The site of a book that knows nothing of this one."""
    root = tmp_path_factory.mktemp("foreign")
    (root / "chapters").mkdir()
    (root / "chapters" / "hello.md").write_text(CHAPTER)
    (root / "_config.yml").write_text(CONFIG)
    (root / "_toc.yml").write_text("format: jb-book\nroot: chapters/hello\n")
    where = "import framework_tabs as f, sys; sys.exit(sys.prefix not in f.__file__)"
    run(python, "-c", where, cwd=root)
    run(python, "-c", "import framework_tabs.serve.preview.pages", cwd=root)
    run(python, "-m", "framework_tabs", "new", "second", cwd=root)
    run(python, "-m", "framework_tabs", "execute", cwd=root)
    run(python, "-m", "framework_tabs", "check", cwd=root)
    build = "from jupyter_book.cli.main import main; main()"
    run(python, "-c", build, "build", ".", "-W", "--keep-going", cwd=root)
    return root / "_build" / "html"


def test_its_page_speaks_the_books_language(site):
    page = BeautifulSoup((site / "chapters/hello.html").read_text(), "html.parser")
    assert "No output in this framework." in page.text
    assert "Download the TensorFlow notebook (.ipynb)" in page.text
    assert not {"defterini", "çerçevede"} & set(page.text.split())


def test_its_tabs_work_in_a_browser(site, chromium):
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(site)
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

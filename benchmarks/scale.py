"""How do the commands and the site's build grow with the number of chapters?

    .venv/bin/python -m benchmarks.scale [--chapters 25 50 100 200] [--d2lbook PYTHON]

Generates books of chapters in three frameworks and measures, each command in a process
of its own: split, check, execute where nothing is left to run, the build of everything,
of nothing, after a change of one chapter's text and after one of its title. Beside it,
in the same run, plain Jupyter Book builds the notebooks of one framework as its pages,
and d2lbook the same sources in its own format, where an environment with it is named.
The outputs in them are the generator's; the notebooks of a book of eight chapters are
really executed, all of them and in shares. Writes results/scale.md and .json after each
size; chapters/motor.md shows them.
"""

import argparse
import contextlib
import importlib.metadata
import io
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import yaml
from nbformat.v4 import new_output

from benchmarks import common
from framework_tabs import config, writing
from framework_tabs.source import chapter
from framework_tabs.store import files, fingerprint, record

SIZES = (25, 50, 100, 200)
EXECUTED, SHARDS = 8, 3
KEYS = tuple(common.LABELS)
PACKAGES = ("jupyter-book", "Sphinx", "myst-nb", "sphinx-book-theme")

HEADER = """\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  display_name: Python 3
  name: python3
---
"""
SECTIONS, PARAGRAPHS, COMMON = 4, 12, 5
"""What a chapter of this book has on average: 24 cells in each framework, of which 4
are its own, and 1,700 words."""
REFERENCE = "Bu bölüm, başka bir bölümün ({ref}`bolum-%d`) sayılarını sürdürür.\n"
PROSE = (
    "Her çerçevede bir hücre aynı toplamı kendi adıyla yazar; ardından ortak hücreler "
    "onu karesiyle, küpüyle ve daha büyük kuvvetleriyle karşılaştırır. Metin, gerçek "
    "bir bölümün okunuşunu andıracak kadar uzundur ve her bölümde aynı uzunluktadır; "
    "anlattığı bir şey yoktur.\n"
)
D2LBOOK = """\
[project]
name = olcek
title = Ölçek
author = yok
copyright = yok
release = 1

[build]
notebooks = *.md
eval_notebook = False
tabs = mxnet, pytorch, tensorflow
default_tab = mxnet

[html]
"""


def cells(section, number):
    """Yield owner and source of the code cells of a section; None owns common ones."""
    for key in KEYS:
        yield key, f"toplam = sum(range({number} * {section + 10}))\nprint('{key}')"
    for power in range(2, COMMON + 2):
        yield None, f"print(toplam, toplam**{power})"


def chapter_text(number):
    """Return a chapter in the book's format."""
    parts = [HEADER, f"(bolum-{number})=", f"# Bölüm {number}", ""]
    for section in range(SECTIONS):
        parts += [f"## Toplam {section}", "", REFERENCE % (number - 1 or 2)]
        parts += [PROSE] * PARAGRAPHS
        for owner, source in cells(section, number):
            tags = [f":tags: [{owner}]", ""] if owner else []
            parts += ["```{code-cell} ipython3", *tags, source, "```", ""]
    return "\n".join(parts)


def d2lbook_text(number):
    """Return the same chapter in d2lbook's format."""
    parts = [f"# Bölüm {number}", f":label:`bolum-{number}`", ""]
    for section in range(SECTIONS):
        reference = REFERENCE.replace("{ref}`", ":numref:`") % (number - 1 or 2)
        parts += [f"## Toplam {section}", "", reference, *[PROSE] * PARAGRAPHS]
        for owner, source in cells(section, number):
            tab = f"#@tab {owner or 'all'}"
            parts += ["```{.python .input}", tab, source, "```", ""]
    return "\n".join(parts)


class Book:
    """A generated book in a folder of its own; ``name`` is how a chapter's file is."""

    def __init__(self, root, count):
        self.root, self.count = root, count
        self.pages = [f"chapters/b{number:03d}" for number in range(1, count + 1)]
        (root / "chapters").mkdir(parents=True)
        (root / "index.md").write_text("# Ölçek\n\nÜretilmiş bir kitap.\n")
        toc = {"format": "jb-book", "root": "index"}
        toc["chapters"] = [{"file": page} for page in self.pages]
        (root / "_toc.yml").write_text(yaml.safe_dump(toc))

    def configure(self, **sphinx):
        """Write the configuration that both ways of building share, and ``sphinx``."""
        settings = {
            "title": "Ölçek",
            "author": "yok",
            "only_build_toc_files": True,
            "execute": {"execute_notebooks": "off"},
            "sphinx": {
                "config": {"language": "tr", **sphinx.pop("config", {})},
                **sphinx,
            },
        }
        (self.root / "_config.yml").write_text(
            yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
        )

    def engine(self, *arguments):
        """Run a command of ``framework_tabs``: seconds, and the peak of its memory."""
        command = [sys.executable, "-m", "framework_tabs", *arguments]
        return measured(command, self.root)

    def build(self):
        program = str(Path(sys.executable).with_name("jupyter-book"))
        return measured([program, "build", ".", "-W", "--keep-going"], self.root)


class Tabbed(Book):
    """The book in this project's format."""

    def __init__(self, root, count):
        super().__init__(root, count)
        for number, page in enumerate(self.pages, 1):
            (root / f"{page}.md").write_text(chapter_text(number), encoding="utf-8")
        frameworks = {key: {"label": label} for key, label in common.LABELS.items()}
        engine = {"frameworks": frameworks}
        self.configure(
            extra_extensions=["framework_tabs"], config={"framework_tabs": engine}
        )

    def pretend(self):
        """Give every notebook the outputs and the record that a run would leave."""
        settings = config.load(self.root)
        bases = {
            key: fingerprint.basis(each, settings, platform.python_version(), {})
            for key, each in settings.frameworks.items()
        }
        for each in chapter.read_all(settings):
            for key, found in bases.items():
                path = record.path_for(settings, key, each)
                chain = record.code_chain(each, key)
                sources = [cell.source for cell, _link in chain]
                framework = settings.frameworks[key]
                ours = fingerprint.for_run(found, {}, framework, settings, sources)
                notebook = record.load(path)
                put_out(notebook, chain)
                run = {
                    **ours.record(chain[-1][1]),
                    "started": "2026-11-28T00:00:00+00:00",
                }
                run |= {"seconds": 1.0, "peak_memory": 10**8, "machine": "yok"}
                notebook.metadata[record.MARK]["run"] = run
                writing.write(path, files.dumps(notebook))

    def change(self, number, old, new):
        """Change a chapter as its author would."""
        path = self.root / f"{self.pages[number - 1]}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.engine("split")


def put_out(notebook, chain):
    """Run a notebook's cells here and store what they print."""
    names = {}
    for number, cell in enumerate(record.code_cells(notebook)):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(cell.source, names)
        text = printed.getvalue()
        cell.outputs = [new_output("stream", name="stdout", text=text)]
        cell.execution_count = number + 1
        record.mark_executed(cell, chain[number][1])


class Plain(Book):
    """The notebooks of one framework of a tabbed book as pages of Jupyter Book."""

    def __init__(self, root, tabbed):
        super().__init__(root, tabbed.count)
        for page in self.pages:
            name = f"{Path(page).name}.ipynb"
            shutil.copy(tabbed.root / "notebooks" / KEYS[1] / name, root / "chapters")
        self.configure()

    def change(self, number, old, new):
        path = self.root / f"{self.pages[number - 1]}.ipynb"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


class D2lbook:
    """The same chapters as a project of d2lbook."""

    def __init__(self, root, count, python):
        self.root, self.program = root, Path(python).parent / "d2lbook"
        root.mkdir(parents=True)
        names = [f"b{number:03d}" for number in range(1, count + 1)]
        toc = "\n".join(["```toc", ":maxdepth: 1", ":numbered:", "", *names, "```"])
        (root / "index.md").write_text(f"# Ölçek\n\n{toc}\n", encoding="utf-8")
        for number, name in enumerate(names, 1):
            (root / f"{name}.md").write_text(d2lbook_text(number), encoding="utf-8")
        (root / "config.ini").write_text(D2LBOOK, encoding="utf-8")

    def build(self):
        path = f"{self.program.parent}{os.pathsep}{os.environ['PATH']}"
        tabs = [["eval", "--tab", key] for key in KEYS]
        commands = [*tabs, ["html", "--tab", "all"]]
        steps = [[str(self.program), "build", *each] for each in commands]
        found = [measured(step, self.root, PATH=path) for step in steps]
        return {
            "seconds": sum(each["seconds"] for each in found),
            "cpu": sum(each["cpu"] for each in found),
            "memory": max(each["memory"] for each in found),
        }

    def change(self, number, old, new):
        path = self.root / f"b{number:03d}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


LAUNCHER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=2)
_, status, usage = os.wait4(process.pid, 0)
seconds = round(time.perf_counter() - began, 2)
cpu = round(usage.ru_utime + usage.ru_stime, 2)
memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory}))
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


def measured(command, folder, **variables):
    """Run a command; its time and the largest resident bytes of one of its processes.

    ``cpu`` is the time that processors worked for it, which other work on the machine
    does not lengthen as it does ``seconds``.

    A small process starts it: a command's peak is never below that of its parent.
    """
    process = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(common.ROOT), **variables},
        capture_output=True,
        text=True,
    )
    if process.returncode:
        sys.exit(f"{process.stderr[-3000:]}\n{command} durdu.")
    return json.loads(process.stdout)


def sizes(count, folder, d2lbook):
    """Return what each step takes in books of ``count`` chapters."""
    found, middle = {}, count // 2
    tabbed = Tabbed(folder / "tabbed", count)
    found["split"] = tabbed.engine("split")
    tabbed.pretend()
    found["check"] = tabbed.engine("check")
    found["execute"] = tabbed.engine("execute")
    plain = Plain(folder / "plain", tabbed)
    others = {"plain": plain}
    if d2lbook:
        others["d2lbook"] = D2lbook(folder / "d2lbook", count, d2lbook)
    for name, book in {"build": tabbed, **others}.items():
        progress(count, name)
        found[name] = book.build()
        if book is tabbed:
            found["nothing"] = book.build()
        book.change(middle, "okunuşunu", "okunmasını")
        found[f"{name}-text"] = book.build()
    tabbed.change(middle, f"# Bölüm {middle}", f"# Bölüm {middle}: yeni adıyla")
    found["build-title"] = tabbed.build()
    return found


def sharing(folder):
    """Return the processor time of executing all notebooks, and each share."""
    book = Tabbed(folder / "execution", EXECUTED)
    book.engine("split")
    found = {"all": book.engine("execute", "--force")["cpu"]}
    found["shares"] = []
    for number in range(1, SHARDS + 1):
        progress(EXECUTED, f"execute {number}/{SHARDS}")
        which = ("--force", "--shard", f"{number}/{SHARDS}")
        taken = book.engine("execute", *which)
        found["shares"].append(taken["cpu"])
    return found


def progress(count, text):
    common.show_progress(f"scale, {count} bölüm: {text}")


STEPS = {
    "split": "split",
    "check": "check",
    "execute": "execute, çalıştıracak bir şey yokken",
    "build": "site, baştan",
    "nothing": "site, değişiklik yokken",
    "build-text": "site, bir bölümün metni değişince",
    "build-title": "site, bir bölümün adı değişince",
    "plain": "yalın Jupyter Book, baştan",
    "plain-text": "yalın Jupyter Book, bir metin değişince",
    "d2lbook": "d2lbook, baştan",
    "d2lbook-text": "d2lbook, bir metin değişince",
}


def rows(found):
    """Yield a line for each step: time and memory by size, and how it grows."""
    counts = list(found)
    for step, label in STEPS.items():
        each = [found[count][step] for count in counts if step in found[count]]
        if each:
            seconds = [one["cpu"] for one in each]
            yield [
                label,
                *(common.number(one, 1) for one in seconds),
                growth(counts, seconds),
                common.number(each[-1]["memory"] / 10**6),
            ]


def growth(counts, seconds):
    """Return the power of the number of chapters that the last doublings followed."""
    if len(counts) < 2:
        return "–"
    first = max(len(counts) - 3, 0)
    more, longer = counts[-1] / counts[first], seconds[-1] / seconds[first]
    return common.number(math.log(longer) / math.log(more), 2)


def note(found, shares):
    """Say what the figures mean, with the ratios within this run."""
    last = max(found)
    cpu = {step: each["cpu"] for step, each in found[last].items()}
    part = common.number(100 * cpu["build-text"] / cpu["build"], 1)
    ratio = common.number(cpu["build"] / cpu["plain"], 2)
    return (
        "İşlemcinin çalıştığı saniyeler; son iki sütun, sürenin bölüm sayısının "
        f"kaçıncı kuvvetiyle arttığı (1: doğrusal) ve {last} bölümde bellek, MB. Her "
        "bölümde, bu kitabın ortalaması gibi, çerçeve başına 24 hücre ve 1.700 sözcük "
        "vardır; yalın Jupyter Book bir çerçeveyi gösterir.\n\n"
        f"{last} bölümlük kitapta bir metin değişikliği, baştan oluşturmanın yüzde "
        f"{part} kadarını; üç çerçeveli sayfalar tek çerçeveli yalın sayfaların "
        f"{ratio} katını tutar.{gain(shares)}"
    )


def gain(shares):
    """Say what sharing saves, once it was measured."""
    if not shares:
        return ""
    whole, longest = shares["all"], max(shares["shares"])
    return (
        f" {EXECUTED} bölümün {EXECUTED * len(KEYS)} defteri tek makinede "
        f"{common.number(whole)} saniyede, {SHARDS} payın en uzunu "
        f"{common.number(longest)} saniyede çalışır: "
        f"{common.number(whole / longest, 2)} kat hızlı."
    )


def machine():
    """Return versions, machine and date as Turkish lines."""
    names = (f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return (
        f"Sürümler: {', '.join(names)}, Python {platform.python_version()}\n"
        f"Makine: {fingerprint.machine()}\n"
        f"Tarih: {datetime.now():%d.%m.%Y}"
    )


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--chapters", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--d2lbook", metavar="PYTHON")
    options = options.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in sorted(options.chapters):
            place = Path(folder, str(count))
            found[count] = sizes(count, place, options.d2lbook)
            shutil.rmtree(place)
            show(found)
        show(found, sharing(Path(folder)))


def show(found, shares=None):
    header = ["Adım", *(f"{count} bölüm" for count in found), "üs", "bellek"]
    text = common.table(header, rows(found))
    raw = {"steps": found, "execution": shares}
    common.publish("scale", text, note(found, shares), raw, machine())


if __name__ == "__main__":
    main()

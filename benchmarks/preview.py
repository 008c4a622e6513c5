"""How soon a browser shows a saved chapter: the live preview, from saving to reload.

    .venv/bin/python -m benchmarks.preview

A copy of the book is previewed and a Chromium opens a chapter. A sentence is added to
it; the time runs from before the file is written until the page shows the sentence.
Beside it, the same change built by a Sphinx that starts anew and builds what changed,
which is what ``jupyter-book build`` does, and sphinx-autobuild after every saving.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "preview"
CHAPTERS = ("alexnet", "lenet", "hesaplama", "yapim")
PARTS = (
    "_config.yml _toc.yml CITATION.cff chapters notebooks locale d2l_shim "
    "framework_tabs api_tabs sphinx_turkish architecture_explorer book_theme"
).split()
LONGEST = 60_000  # milliseconds


def copy_of_the_book(folder):
    """Copy what a build reads; the author's own files stay as they are."""
    for name in PARTS:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)


@contextlib.contextmanager
def preview(folder):
    """Run the preview of a book; its address, once the book is built."""
    command = [sys.executable, "-m", "framework_tabs", "preview", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        lines = iter(process.stdout.readline, "")
        yield next(line for line in lines if "http://" in line).split()[-1]
    finally:
        process.kill()
        process.wait()


def save(path, sentence):
    """Add a sentence to a chapter, as an editor would: the whole file anew."""
    path.write_text(f"{path.read_text('utf-8')}\n{sentence}\n", encoding="utf-8")


def until_shown(page, address, folder, chapter, rounds):
    """Return seconds from saving a chapter to seeing it, for each round."""
    page.goto(f"{address}chapters/{chapter}.html")
    found = []
    for number in range(rounds):
        sentence = f"Ölçüm cümlesi {number}."
        start = time.perf_counter()
        save(folder / "chapters" / f"{chapter}.md", sentence)
        page.get_by_text(sentence).wait_for(timeout=LONGEST)
        found.append(time.perf_counter() - start)
    return found


def until_built(folder, chapter):
    """Return the seconds that a build takes which starts anew."""
    save(folder / "chapters" / f"{chapter}.md", "Son cümle.")
    code = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", code, "build", folder]
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return time.perf_counter() - start


def measure(folder, rounds):
    """Return for each chapter the seconds of every round and those of a build."""
    found = {}
    executable = shutil.which("chromium")
    with preview(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"]
        )
        page = browser.new_page()
        for name in CHAPTERS:
            found[name] = {"shown": until_shown(page, address, folder, name, rounds)}
        browser.close()
    until_built(folder, CHAPTERS[0])  # its first build, of everything
    for name in CHAPTERS:
        found[name]["built"] = until_built(folder, name)
    return found


def machine():
    """Return what the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next(line.split(": ")[1] for line in lines if "model name" in line)
    return f"{name}, {os.cpu_count()} çekirdek; Python {platform.python_version()}"


def seconds(value):
    """Write a number as Turkish does."""
    return f"{value:.2f}".replace(".", ",")


def table(found, rounds):
    """Return the result as a page of Markdown."""
    lines = [
        "| Bölüm | önizleme, ortanca | önizleme, en uzun | yeniden başlayan Sphinx |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, figures in found.items():
        shown = figures["shown"]
        times = statistics.median(shown), max(shown), figures["built"]
        lines.append(f"| {name} | {' | '.join(f'{seconds(t)} sn' for t in times)} |")
    return "\n".join(
        [
            *lines,
            "",
            "Bölümün kaydedilmesinden tarayıcıda görünmesine dek; her bölüm "
            f"{rounds} kez değiştirildi. Son sütun, aynı değişikliği "
            "`jupyter-book build` komutunun (yalnız değişeni yaparak) yazmasıdır.",
            "",
            f"Makine: {machine()}  ",
            f"Tarih: {date.today():%d.%m.%Y}",
            "",
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "kitap"
        folder.mkdir()
        copy_of_the_book(folder)
        found = measure(folder, rounds)
    text = table(found, rounds)
    RESULT.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")
    RESULT.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

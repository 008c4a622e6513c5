"""How fast is the AlexNet page, and how fast is a plain Jupyter Book with its text?

    .venv/bin/python -m benchmarks.lighthouse [--runs 5] [NAME=FOLDER ...]

Lighthouse 12 opens the page of the built site (`make book`) as a telephone on a slow
line and as a desktop computer would; beside it, in turn, the same chapter's PyTorch
notebook in a book with Jupyter Book's theme as it comes, and the AlexNet page of any
other built site that is named. All are served alike, packed by gzip. Needs Node 18.20
or later and Chromium; run it while the machine does nothing else. Writes medians to
results/lighthouse.md and .json.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import yaml

from book_theme import serve

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(__file__).with_name("node")
RESULTS = Path(__file__).with_name("results")
CHAPTER = "chapters/alexnet.html"
DEVICES = {"telefon": (), "masaüstü": ("--preset=desktop",)}
OPTIONS = ("--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox")
TARGETS = {"telefon": 90, "masaüstü": 98}
"""The performance that the book wants to reach; the other scores must be 100."""

SCORES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "total-byte-weight",
)
PLAIN = {
    "title": "AlexNet",
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "off"},
    "sphinx": {"config": {"language": "tr"}},
}


def main() -> None:
    """Measure all pages, one run of each in turn, and write what was found."""
    options = _options()
    _install()
    runs: dict = {}
    with tempfile.TemporaryDirectory() as work:
        pages = {"kitap": ROOT / "_build" / "html" / CHAPTER}
        pages["sade Jupyter Book"] = plain_book(Path(work))
        for name, folder in options.others:
            pages[name] = Path(folder, CHAPTER)
        for number in range(options.runs):
            for name, page in pages.items():
                for device in DEVICES:
                    print(f"tur {number + 1}: {name}, {device}", file=sys.stderr)
                    runs.setdefault((name, device), []).append(measure(page, device))
    write({key: medians(figures) for key, figures in runs.items()}, options.runs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "others", nargs="*", type=lambda text: text.split("=", 1), metavar="AD=KLASÖR"
    )
    return parser.parse_args()


def _install() -> None:
    """Install Lighthouse in the version of the lock file, if it is not there yet.

    The lock file names no registry, so that any mirror will do.
    """
    if not shutil.which("npm"):
        sys.exit("Node bulunamadı. Node 20 kurup komutu yineleyin.")
    if not (TOOLS / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--silent"], cwd=TOOLS, check=True)


def plain_book(folder: Path) -> Path:
    """Make a book of one notebook without any of this project's extensions."""
    notebook = ROOT / "notebooks" / "pytorch" / "alexnet.ipynb"
    (folder / "notebooks" / "pytorch").mkdir(parents=True)
    shutil.copy(notebook, folder / "notebooks" / "pytorch")
    shutil.copytree(ROOT / "chapters" / "figures", folder / "chapters" / "figures")
    root = {"format": "jb-book", "root": "notebooks/pytorch/alexnet"}
    for name, content in (("_config.yml", PLAIN), ("_toc.yml", root)):
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "_build" / "html" / "notebooks" / "pytorch" / "alexnet.html"


def measure(page: Path, device: str) -> dict[str, float]:
    """Return the scores and figures of one run of Lighthouse."""
    site = next(each for each in page.parents if each.name == "html")
    with _served(site) as address:
        where = address + page.relative_to(site).as_posix()
        program = TOOLS / "node_modules" / ".bin" / "lighthouse"
        command = [program, where, *DEVICES[device], *OPTIONS]
        chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""
        environment = {**os.environ, "CHROME_PATH": chromium}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{done.stderr}\nLighthouse çalışmadı: {page}")
    report = json.loads(done.stdout)
    scores = {name: 100 * report["categories"][name]["score"] for name in SCORES}
    return scores | {name: report["audits"][name]["numericValue"] for name in FIGURES}


class Lenient(serve.Handler):
    """Serves sites that do not keep to the book's policy."""

    policy = ""


@contextmanager
def _served(site: Path):
    handler = serve.Handler if site.is_relative_to(ROOT) else Lenient
    with serve.server(site, handler=handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def write(found: dict, runs: int) -> None:
    """Write the medians as a table and as JSON."""
    head = "| Sayfa | aygıt | başarım | erişilebilirlik | iyi uygulamalar | arama | "
    head += "ilk çizim, sn | en büyük çizim, sn | kayma | aktarılan, kB |"
    lines = [head, "| --- | --- |" + " ---: |" * 8]
    lines += [_row(*key, figures) for key, figures in found.items()]
    text = "\n".join(lines) + f"\n\n{_circumstances(runs)}\n"
    RESULTS.joinpath("lighthouse.md").write_text(text, encoding="utf-8")
    data = [{"page": p, "device": d, **figures} for (p, d), figures in found.items()]
    report = json.dumps(data, ensure_ascii=False, indent=1)
    RESULTS.joinpath("lighthouse.json").write_text(f"{report}\n", encoding="utf-8")
    print(text)


def _row(page: str, device: str, figures: dict[str, float]) -> str:
    first, largest, _, shift, size = (figures[name] for name in FIGURES)
    scores = " | ".join(f"{figures[name]:.0f}" for name in SCORES)
    paints = f"{first / 1000:.2f} | {largest / 1000:.2f} | {shift:.3f}"
    return f"| {page} | {device} | {scores} | {paints} | {size / 1000:.0f} |".replace(
        ".", ","
    )


def _circumstances(runs: int) -> str:
    goal = ", ".join(f"{device} için {score}" for device, score in TARGETS.items())
    return (
        f"{runs} çalıştırmanın ortancaları; hedeflenen başarım {goal}. Sade Jupyter "
        "Book: aynı bölümün PyTorch defteri, eklentisiz; MathJax'sız, çünkü internet "
        "yok. "
        f"Lighthouse 12.8.2, {os.cpu_count()} çekirdek, {platform.machine()}, "
        f"{date.today():%d.%m.%Y}."
    )


if __name__ == "__main__":
    main()

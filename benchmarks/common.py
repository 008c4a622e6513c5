"""What the measurements share: processes of their own, the machine, the result files.

A contestant is d2l ("real") or the book's code ("shim") in one framework. Each has a
new process for each round, and they take turns, so that neither inherits the other's
threads and memory, or always meets the machine's busy moments.
"""

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

from d2l_shim import fashion_mnist, training
from tests.d2l import real_d2l
from tests.d2l.frameworks import FRAMEWORKS

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
SIDES = ("real", "shim")
LABELS = {"mxnet": "MXNet", "pytorch": "PyTorch", "tensorflow": "TensorFlow"}
PACKAGES = ("d2l", "mxnet", "tensorflow", "keras", "torch", "torchvision")


def parser(description, rounds):
    """Return a parser with the options of every measurement."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--rounds", type=int, default=rounds)
    options.add_argument(
        "--framework", choices=FRAMEWORKS, nargs="+", default=list(FRAMEWORKS)
    )
    options.add_argument("--job", type=json.loads, help=argparse.SUPPRESS)
    return options


def in_turn(module, jobs, rounds):
    """Return for each job the list of its figures, one a round, all jobs in turn.

    A job is what the ``measure`` of benchmarks/`module`.py takes; its figures are what
    that prints as JSON in a process of its own.
    """
    found = [[] for _ in jobs]
    for number in range(rounds):
        for job, figures in zip(jobs, found, strict=True):
            show_progress(f"{module}, tur {number + 1}/{rounds}: {job}")
            figures.append(in_own_process(module, job))
    show_progress("")
    return found


def in_own_process(module, job, **variables):
    """Return what a job measures in a process with these variables."""
    command = [sys.executable, "-m", f"benchmarks.{module}", "--job", json.dumps(job)]
    environment = threads_of_mxnet(job) | os.environ | {"D2L_SHIM_BUDGET": "full"}
    environment |= variables
    process = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if process.returncode:
        sys.exit(f"{process.stderr}\nÖlçüm yapılamadı: {job}")
    return json.loads(process.stdout.splitlines()[-1])


def threads_of_mxnet(job):
    """Return the setting that gives d2l as many threads as MXNet takes by itself.

    That is half of the processors. What makes MXNet importable here sets all of them,
    for d2l too, unless they are set before.
    """
    if job.get("side") != "real":
        return {}
    return {"MXNET_OMP_MAX_THREADS": str(max(os.cpu_count() // 2, 1))}


def answer(figures):
    """Give the process that asked what was measured for it."""
    print(json.dumps(figures))


def show_progress(text):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text[:100]}")


def only_first(train, test):
    """Let both contestants of this process see the first images alone."""
    fashion_mnist.load = real_d2l.loads_first(train, test)


def machine():
    """Return data, versions, machine and date of this run as Turkish lines."""
    versions = (f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return training.run_info(", ".join(versions), "cpu")


def table(header, rows):
    """Return a Markdown table of text: all columns but the first to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def number(value, digits=0):
    """Return `value` as Turkish prose writes it: 40.600 or 0,88."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def publish(name, markdown, note, raw, about=None):
    """Print tables, note and machine; write results/`name`.md, and `raw` to .json."""
    about = about or machine()
    markdown = f"{markdown}\n{note}\n\n" + about.replace("\n", "  \n") + "\n"
    raw = {"machine": about.splitlines(), **raw}
    raw = json.dumps(raw, indent=1, ensure_ascii=False)
    print(markdown)
    RESULTS.mkdir(exist_ok=True)
    for suffix, text in ((".md", markdown), (".json", f"{raw}\n")):
        path = RESULTS / f"{name}{suffix}"
        temporary = path.with_suffix(f"{suffix}.tmp")
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)

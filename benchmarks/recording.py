"""What does it cost a training cell that the functions it enters are recorded?

    .venv/bin/python -m benchmarks.recording [--rounds 7] [--epochs 4]

The cells of the notebook on LeNet run as they are up to the one that trains, with the
data that the book allows a CPU, once with the recorder and once without, in processes
of their own that take turns. Timed is the processor time of the cell that trains, on
one core: it feels less of what else the machine does than a clock. A pair gives a
ratio, and the median of the ratios is shown with the half of them that lies around it.
Figures are not drawn and garbage is not collected meanwhile: how often the one happens
depends on the clock, and on whom a large collection falls is chance.

On a busy machine that half is wider than the cost. So the cost is counted as well: how
often the cell enters functions of the book and raises events that the audit hook
hears, times what one of each takes here. Writes results/recording.md and .json.
"""

import gc
import importlib.metadata
import os
import statistics
import sys
import time
import timeit
from collections import Counter

import nbformat

from benchmarks import common
from d2l_shim import training
from framework_tabs import config
from framework_tabs.execute.recording import recording

TARGET = 2
"""Per cent of the time of the cell."""
PACKAGES = ("mxnet", "torch", "tensorflow", "keras")
OWN_CODE = f"{common.ROOT}/d2l_shim/"


def cells(framework, epochs):
    """Return the code of the notebook on LeNet up to the cell that trains."""
    path = common.ROOT / "notebooks" / framework / "lenet.ipynb"
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            found.append(cell.source)
            if "train_ch6(net" in cell.source:
                break
    found[-1] = found[-1].replace("num_epochs = 0.9, 40", f"num_epochs = 0.9, {epochs}")
    assert f"0.9, {epochs}" in found[-1]
    return found


def prepared(framework, epochs):
    """Run all cells but the last; return it and their names."""
    *before, last = cells(framework, epochs)
    names = {}
    for source in before:
        exec(source, names)
    return compile(last, "cell", "exec"), names


def timed(framework, epochs):
    """Return the processor seconds of the import and of the cell that trains."""
    gc.disable()
    start = time.process_time()
    exec(cells(framework, epochs)[0], {})
    imported = time.process_time() - start
    cell, names = prepared(framework, epochs)
    start = time.process_time()
    exec(cell, names)
    return {"import": imported, "cell": time.process_time() - start}


def counted(framework, epochs):
    """Return the seconds that recording the cell takes, from counts."""
    cell, names = prepared(framework, epochs)
    (handled,) = (f._handlers for f in sys.meta_path if hasattr(f, "_handlers"))
    events, entered, is_counting = Counter(), 0, True

    def hear(event, _):
        if is_counting:
            events[event in handled] += 1

    def called(frame, what, _):
        nonlocal entered
        if what == "call":  # not asked for its code, which would be an event
            entered += str(frame.f_globals.get("__file__")).startswith(OWN_CODE)

    sys.addaudithook(hear)
    sys.setprofile(called)
    exec(cell, names)
    sys.setprofile(None)
    is_counting = False
    return {
        "entered": entered,
        "events": dict(events),
        "seconds": entered * seconds("__entered__[9] = 1")
        + events[False] * seconds("sys.audit('benchmark')")
        + events[True] * seconds("sys.audit('open', '/tmp/x.py', 'r', 0)"),
    }


def seconds(statement):
    """Return what a statement takes: the least of several, which others disturb."""
    timer = timeit.Timer(statement, "import sys")
    return min(timer.repeat(20, 10_000)) / 10_000


JOBS = {"timed": timed, "counted": counted}


def measure(job, framework, epochs):
    """Return the figures of one job in this process."""
    return JOBS[job](framework, epochs)


def recorded(job):
    """Return the figures of a job whose process records."""
    settings = config.load(common.ROOT)
    with recording(settings.frameworks[job["framework"]], settings) as notes:
        variables = notes.variables({"PYTHONPATH": str(common.ROOT)})
        return common.in_own_process("recording", job, **VARIABLES, **variables)


def plain(job):
    """Return the figures of a job whose process does not."""
    return common.in_own_process("recording", job, **VARIABLES)


VARIABLES = {
    "D2L_SHIM_BUDGET": "cpu",
    # One thread: threads that wait for each other take time of their own.
    "OMP_NUM_THREADS": "1",
    "MXNET_OMP_MAX_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def pairs(options):
    """Return for each framework its pairs of figures: without the recorder, with it."""
    found = {key: [] for key in options.framework}
    for number in range(options.rounds):
        for key, so_far in found.items():
            common.show_progress(f"tur {number + 1}/{options.rounds}: {key}")
            job = {"job": "timed", "framework": key, "epochs": options.epochs}
            if number % 2:  # neither side is always the first of a pair
                late = recorded(job)
                so_far.append((plain(job), late))
            else:
                so_far.append((plain(job), recorded(job)))
    common.show_progress("")
    return found


def main():
    parser = common.parser(__doc__.splitlines()[0], rounds=7)
    parser.add_argument("--epochs", type=int, default=4)
    options = parser.parse_args()
    if options.job:
        common.answer(measure(**options.job))
        return
    os.environ.update(VARIABLES)  # what is told of this run tells the budget
    found = pairs(options)
    counts = {
        key: recorded({"job": "counted", "framework": key, "epochs": options.epochs})
        for key in found
    }
    note = (
        f"LeNet, 8.192 görüntü, {options.epochs} dönem, {options.rounds} çift "
        "çalıştırma, tek çekirdek; süreler işlemci süresidir. Orta yarı, çiftlerin "
        "oranlarının ortadaki yarısıdır. Sayılan pay, hücrede girilen fonksiyonlarla "
        "duyulan olayların sayısından ve birinin süresinden bulunur; makinenin başka "
        "işlerinden etkilenmez."
    )
    versions = (f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    about = training.run_info(", ".join(versions), "cpu")
    raw = {"pairs": found, "counts": counts, "epochs": options.epochs}
    common.publish("recording", table(found, counts), note, raw, about)


def table(found, counts):
    """Return the table of costs, a line for each framework."""
    header = [
        *["Çerçeve", "eğitim hücresi, sn", "kaydın payı", "orta yarı"],
        *["sayılan pay", "hedef", "içe aktarma, fazladan sn"],
    ]
    rows = []
    for key, both in found.items():
        shares = [100 * (b["cell"] / a["cell"] - 1) for a, b in both]
        low, middle, high = statistics.quantiles(shares, n=4, method="inclusive")
        cell = statistics.median(a["cell"] for a, _ in both)
        imported = statistics.median(b["import"] - a["import"] for a, b in both)
        rows.append([
            common.LABELS[key],
            common.number(cell, 1),
            f"%{common.number(middle, 2)}",
            f"%{common.number(low, 2)} … %{common.number(high, 2)}",
            f"%{common.number(100 * counts[key]['seconds'] / cell, 3)}",
            f"en çok %{TARGET}",
            common.number(imported, 2),
        ])  # fmt: skip
    return common.table(header, rows)


if __name__ == "__main__":
    main()

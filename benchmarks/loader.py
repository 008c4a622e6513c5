"""How fast does `load_data_fashion_mnist` make batches, beside that of the real d2l?

    .venv-d2l/bin/python -m benchmarks.loader [--images 8192] [--epochs 2] [--rounds 3]

Whole epochs of the training split, enlarged to 224 pixels and as they are; who takes
the batches does nothing with them and keeps none. Writes results/loader.md and .json.
"""

import statistics
import time
from pathlib import Path

import psutil

from benchmarks import common
from tests.d2l import frameworks

TARGETS = {
    224: {"mxnet": 8, "pytorch": 10, "tensorflow": 2},
    None: {"mxnet": 10, "pytorch": 10, "tensorflow": 10},
}


def measure(framework, side, resize, batch_size, images, epochs):
    """Return what one contestant needs: seconds, and bytes beyond its imports.

    The first epoch is not timed; its memory is taken. Before it, two images go the
    same way, so that threads and buffers of the framework itself do not count.
    """
    framework = frameworks.get(framework)
    d2l = getattr(framework, side)

    def training_batches(count):
        common.only_first(train=count, test=count)
        return d2l.load_data_fashion_mnist(batch_size, resize)[0]

    batch_times(framework, training_batches(2))
    memory = Memory()
    train_iter = training_batches(images)
    batch_times(framework, train_iter, memory.note_workers)
    extra_bytes = memory.extra()
    times = [batch_times(framework, train_iter) for _ in range(epochs)]
    return {
        "images": sum(len(y) for _, y in train_iter),
        "bytes": extra_bytes,
        "epochs": [sum(epoch) for epoch in times],
        "first batches": [epoch[0] for epoch in times],
        "other batches": [statistics.median(epoch[1:-1] or epoch) for epoch in times],
    }


def batch_times(framework, batches, note=lambda: None):
    """Return the seconds until each batch was there; `note` is called at each."""
    times, start = [], time.perf_counter()
    for X, y in batches:
        if framework.name == "mxnet":
            X.wait_to_read()  # MXNet only queues the work
        del X, y  # a batch that is held is not the loader's memory
        times.append(time.perf_counter() - start)
        note()
        start = time.perf_counter()
    return times


class Memory:
    """The bytes that this process and its workers take beyond those of now (Linux)."""

    def __init__(self):
        Path("/proc/self/clear_refs").write_text("5")  # the peak is that of now again
        self.before = psutil.Process().memory_info().rss
        self.workers = 0

    def note_workers(self):
        """Note what the workers alone hold at this moment, if it is the most so far."""
        workers = psutil.Process().children(recursive=True)
        self.workers = max(self.workers, sum(map(own_bytes, workers)))

    def extra(self):
        status = Path("/proc/self/status").read_text()
        (peak,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 - self.before + self.workers


def own_bytes(process):
    try:
        return process.memory_full_info().uss
    except psutil.NoSuchProcess:
        return 0


def main():
    parser = common.parser(__doc__.splitlines()[0], rounds=3)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--images", type=int, default=8192)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    if options.job:
        common.answer(measure(**options.job))
        return
    jobs = [
        {
            "framework": framework,
            "side": side,
            "resize": size,
            "batch_size": options.batch_size,
            "images": options.images,
            "epochs": options.epochs,
        }
        for size in TARGETS
        for framework in options.framework
        for side in common.SIDES
    ]
    rounds = common.in_turn("loader", jobs, options.rounds)
    results = [summary(job, figures) for job, figures in zip(jobs, rounds, strict=True)]
    pairs = list(zip(results[::2], results[1::2], strict=True))
    raw = {"jobs": jobs, "rounds": rounds}
    images = common.number(rounds[0][0]["images"])
    note = (
        f"Yığın boyutu {options.batch_size}; her biri {images} görüntülük "
        f"{options.rounds * options.epochs} dönemin ortancası. Ek bellek, okur önceki "
        "yığını bırakmışken bir yığın hazırlamanın en çok kapladığı yerdir."
    )
    common.publish("loader", f"{speeds(pairs)}\n{details(pairs)}", note, raw)


def summary(job, rounds):
    """Return the job with images per second and the rest, medians over all epochs."""

    def median(name):
        return statistics.median(x for figures in rounds for x in figures[name])

    size = job["resize"] or 28
    images = rounds[0]["images"]
    return job | {
        "size": size,
        "rate": images / median("epochs"),
        "latency": (median("first batches"), median("other batches")),
        "bytes": statistics.median(figures["bytes"] for figures in rounds),
        "allowed bytes": 2 * 4 * size**2 * job["batch_size"] + 2 * images * 28**2,
    }


def speeds(pairs):
    """Return the table of images per second."""
    header = [
        "Çerçeve",
        "boyut",
        "d2l, örnek/sn",
        "d2l_shim, örnek/sn",
        "oran",
        "hedef",
    ]
    rows = [
        [
            common.LABELS[real["framework"]],
            f"{real['size']} × {real['size']}",
            common.number(real["rate"]),
            common.number(shim["rate"]),
            f"{common.number(shim['rate'] / real['rate'], 1)} kat",
            f"en az {TARGETS[real['resize']][real['framework']]} kat",
        ]
        for real, shim in pairs
    ]
    return common.table(header, rows)


def details(pairs):
    """Return the table of what a batch waits for, and of the memory."""
    header = [
        *["Çerçeve", "boyut", "d2l, ilk / öbür yığın", "d2l_shim, ilk / öbür yığın"],
        *["d2l, ek bellek", "d2l_shim, ek bellek", "sınır"],
    ]
    rows = [
        [
            common.LABELS[real["framework"]],
            f"{real['size']} × {real['size']}",
            *[latency(side["latency"]) for side in (real, shim)],
            *[megabytes(side["bytes"]) for side in (real, shim)],
            megabytes(shim["allowed bytes"]),
        ]
        for real, shim in pairs
    ]
    return common.table(header, rows)


def latency(seconds):
    return " / ".join(common.number(1000 * x, 2) for x in seconds) + " ms"


def megabytes(size):
    return f"{common.number(size / 1e6)} MB"


if __name__ == "__main__":
    main()

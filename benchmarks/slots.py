"""Hundreds of notebooks on one slot, two, four …: how near each way comes to the best.

    .venv/bin/python -m benchmarks.slots --snakemake .venv-cluster/bin/python

Nothing is run: time is simulated, but what chooses the next notebook is the real code:
the engine's own packing (``execute --jobs``), its shares (``--shard``), and Snakemake's
scheduler with the plan's priorities (``cluster``). The notebooks' times are those that
the notebooks of this book recorded, drawn with replacement; a run takes somewhat more
or less than the last one did, which no scheduler knows beforehand. No way can be faster
than the longest notebook, nor than all of them divided by the slots.
chapters/figures/draw_slots.py draws the result.
"""

import argparse
import asyncio
import importlib.metadata
import json
import platform
import random
import selectors
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from benchmarks import common
from framework_tabs import config
from framework_tabs.execute import scheduler, shards
from framework_tabs.execute.plan import plan
from framework_tabs.source import chapter

NOTEBOOKS = 400
SLOTS = (1, 2, 4, 8, 16, 32)
SEED = 11
SPREAD = 0.2
"""Standard deviation of the logarithm of a run's time over the last one's."""

LABELS = {
    "jobs": "`execute --jobs`",
    "cluster": "`cluster`",
    "shard": "`execute --shard`",
}


def recorded():
    """Return the seconds that the notebooks of this book took."""
    settings = config.load(common.ROOT)
    runners = list(settings.runners.values())
    found = plan(chapter.read_all(settings), runners, settings)["notebooks"]
    return [each["seconds"] for each in found if each["seconds"]]


def drawn(count):
    """Return expected and actual seconds of ``count`` notebooks."""
    chance = random.Random(SEED)
    expected = chance.choices(recorded(), k=count)
    return expected, [each * chance.lognormvariate(0, SPREAD) for each in expected]


class Clock(selectors.DefaultSelector):
    """Lets an event loop sleep in no time: to wait is to set the clock."""

    now = 0.0

    def select(self, timeout=None):
        self.now += timeout or 0
        return super().select(0)


def packed(expected, actual, slots):
    """Return when ``execute`` with so many jobs at once has ended."""
    clock = Clock()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now
    work = {n: shards.Cost(seconds, 0) for n, seconds in enumerate(expected)}

    async def start(job, place):
        await asyncio.sleep(actual[job])

    loop.run_until_complete(scheduler.run(work, start, range(slots), 0))
    loop.close()
    return clock.now


def shared_out(expected, actual, slots):
    """Return when the last of so many machines has done its share."""
    numbers = range(1, slots + 1)
    shares = [shards.share(expected, number, slots) for number in numbers]
    return max(sum(actual[place] for place in share) for share in shares)


def clustered(expected, actual, slots, python):
    """Return when Snakemake's last job has ended."""
    asked = json.dumps({"expected": expected, "actual": actual, "slots": slots})
    command = [python, Path(__file__).with_name("greedy.py")]
    process = subprocess.run(command, input=asked, capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"{process.stderr}\n{python} ortamında Snakemake çalışmadı.")
    return json.loads(process.stdout)


def measured(count, python):
    """Return the seconds of each way, and the least there could be, by slots."""
    expected, actual = drawn(count)
    return {
        slots: {
            "bound": max(sum(actual) / slots, max(actual)),
            "jobs": packed(expected, actual, slots),
            "cluster": clustered(expected, actual, slots, python),
            "shard": shared_out(expected, actual, slots),
        }
        for slots in SLOTS
    }


def rows(found):
    """Yield a line for each number of slots: the bound, and what comes on top of it."""
    for slots, each in found.items():
        over = (each[way] / each["bound"] - 1 for way in LABELS)
        yield [
            str(slots),
            f"{common.number(each['bound'] / 60)} dk",
            *(f"%{common.number(100 * more, 1)}" for more in over),
        ]


def note(count):
    return (
        f"{count} defter, kaç defterin aynı anda çalışabildiğine göre: olabilecek en "
        "kısa süre ile her yolun bunu yüzde kaç aştığı. En kısa süre, toplam sürenin "
        "eş zamanlı iş sayısına bölümü ya da en uzun defterin süresidir. Sürelerin "
        "dağılımı bu kitabın ölçülmüş defterlerinden gelir; her çalıştırma bir "
        "öncekinden rastgele (logaritmasının standart sapması "
        f"{common.number(SPREAD, 1)}) uzun ya da kısadır. Zaman benzetimdir, sıradaki "
        "defteri seçen kod gerçektir."
    )


def about(python):
    ask = "import importlib.metadata as m; print(m.version('snakemake'))"
    version = subprocess.check_output([python, "-c", ask], text=True).strip()
    own = importlib.metadata.version("alexnet-kitabi")
    return (
        f"Sürümler: framework_tabs {own}, snakemake {version}, "
        f"Python {platform.python_version()}\n"
        f"Tarih: {datetime.now():%d.%m.%Y}"
    )


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--notebooks", type=int, default=NOTEBOOKS)
    options.add_argument("--snakemake", metavar="PYTHON", required=True)
    options = options.parse_args()
    found = measured(options.notebooks, options.snakemake)
    header = ["Aynı anda", "en kısa süre", *LABELS.values()]
    text = common.table(header, rows(found))
    raw = {"notebooks": options.notebooks, "slots": found}
    told = about(options.snakemake)
    common.publish("slots", text, note(options.notebooks), raw, told)


if __name__ == "__main__":
    main()

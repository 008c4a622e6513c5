"""Says how the GPU workflow deals the notebooks out: a line for $GITHUB_OUTPUT.

    .venv/bin/python tools/gpu_matrix.py SHARES LABEL

Each framework's notebooks that are not fresh go into at most SHARES shares, apart by
what they need. Whatever needs a card runs where LABEL is, and the label of the card's
architecture if one is named; the rest on GitHub's own machine.
"""

import json
import sys
from itertools import groupby
from pathlib import Path

from framework_tabs import config
from framework_tabs.execute.plan import plan
from framework_tabs.source import chapter

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_CARD = "ubuntu-24.04"


def matrix(notebooks, most, label):
    """Return one entry for each share: what runs it, and where."""
    waiting = [each for each in notebooks if not each["fresh"]]

    def group(each):
        return each["framework"], labels(each["needs"], label)

    for (framework, runner), members in groupby(sorted(waiting, key=group), group):
        chapters = [each["chapter"] for each in members]
        count = min(most, len(chapters))
        for number in range(1, count + 1):
            yield {
                "framework": framework,
                "lock": lock(framework),
                "runner": list(runner),
                "chapters": " ".join(chapters),
                "shard": f"{number}/{count}",
            }


def labels(needs, label):
    """Return what a machine must be called for notebooks with these needs."""
    if not needs.get("gpu"):
        return (WITHOUT_CARD,)
    return (label, *filter(None, [needs.get("architecture")]))


def lock(framework):
    """Return the name of the lock that has a framework's packages, for any machine."""
    own = f"gpu-{framework}"
    return own if (ROOT / "locks" / f"{own}.txt").exists() else "gpu-pytorch"


def main(most, label):
    """Print the entries and how many there are, as outputs of a step."""
    settings = config.load(ROOT)
    runners = list(settings.runners.values())
    found = plan(chapter.read_all(settings), runners, settings)
    entries = list(matrix(found["notebooks"], int(most), label))
    print(f"matrix={json.dumps({'include': entries})}")
    print(f"shares={len(entries)}")


if __name__ == "__main__":
    main(*sys.argv[1:])

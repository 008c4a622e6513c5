"""Runs a program as if nothing but the packages of some locks were installed.

    python -m tests.only_locked LOCK… -- CODE [ARGUMENT…]

Not a test itself. The tests' environment holds everything at once; here, what no named
lock has can not be imported, so a program shows that it does without.
"""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

LOCKS = Path(__file__).resolve().parents[1] / "locks"


class NotLocked:
    """A finder of modules, asked before all others, that refuses some."""

    def __init__(self, refused):
        self.refused = refused

    def find_spec(self, name, path=None, target=None):
        """Refuse a module as Python does where it is not installed."""
        if name.partition(".")[0] in self.refused:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def refused(locks):
    """The modules of all installed packages that none of the locks has."""
    texts = [(LOCKS / f"{name}.txt").read_text(encoding="utf-8") for name in locks]
    there = {"pip", "alexnet-kitabi"}
    there |= {
        name for text in texts for name in re.findall(r"^([\w.-]+)==", text, re.M)
    }
    return {
        module
        for module, owners in packages_distributions().items()
        if there.isdisjoint(re.sub(r"[-_.]+", "-", name).lower() for name in owners)
    }


if __name__ == "__main__":
    end = sys.argv.index("--")
    locks, code = sys.argv[1:end], sys.argv[end + 1]
    sys.meta_path.insert(0, NotLocked(refused(locks)))
    sys.argv = sys.argv[end + 1 :]
    exec(code)

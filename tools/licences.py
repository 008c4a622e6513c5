"""Writes locks/licences.csv: the licence of every package in every lock.

    make licences              or: .venv/bin/python tools/licences.py

What the packages say of themselves, as an SPDX expression where they have one. The
licences of what is not installed here (other systems, CUDA) are below, written by hand.
A package of which nothing is known ends the program, so that a person looks at it.
"""

import csv
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "locks"
TABLE = LOCKS / "licences.csv"
CLUSTER = ROOT / ".venv-cluster"

NVIDIA = "LicenseRef-NVIDIA"
"""NVIDIA's own terms, or freer ones: its packages are not told apart. They are on the
machine of whoever runs the book, and are never passed on with it."""

BY_HAND = {
    # Not installed here
    "appnope": "BSD-2-Clause",
    "d2l": "MIT-0",
    "mxnet-cu112": "Apache-2.0",
    "pandas": "BSD-3-Clause",
    "torchvision": "BSD-3-Clause",
    "triton": "MIT",
    # Only a file in them says it
    "conda-inject": "MIT",
    "snakemake-interface-common": "MIT",
    "snakemake-interface-logger-plugins": "MIT",
    "snakemake-interface-report-plugins": "MIT",
    "snakemake-interface-scheduler-plugins": "MIT",
    "snakemake-interface-storage-plugins": "MIT",
    # What they say is no expression
    "atheris": "Apache-2.0",
    "axe-playwright-python": "MIT",
    "docutils": "LicenseRef-PublicDomain AND BSD-2-Clause AND PSF-2.0",
    "namex": "Apache-2.0",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
}
SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}


class UnknownLicence(Exception):
    """Nothing says what a package's licence is; the message (Turkish) names it."""


def main():
    """Write the table."""
    rows = [(name, licence(name)) for name in sorted(locked())]
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([("package", "licence"), *rows])
    print(f"{len(rows)} paketin lisansı yazıldı: {TABLE.relative_to(ROOT)}")


def locked():
    """The names of all packages in all locks."""
    texts = (path.read_text(encoding="utf-8") for path in LOCKS.glob("*.txt"))
    return {name for text in texts for name in re.findall(r"^([\w.-]+)==", text, re.M)}


def licence(name):
    """The licence of a package."""
    if name in BY_HAND:
        return BY_HAND[name]
    if name.startswith(("nvidia-", "cuda-")):
        return NVIDIA
    said = about(name)
    if said is None:
        raise UnknownLicence(
            f"{name} burada kurulu değil; lisansını tools/licences.py dosyasına yazın"
        )
    return said["License-Expression"] or from_classifiers(said) or short(said, name)


def about(name):
    """What an installed package says of itself, here or in Snakemake's environment."""
    places = [*sys.path, *map(str, CLUSTER.glob("lib/python*/site-packages"))]
    found = metadata.Distribution.discover(name=name, path=places)
    return next((each.metadata for each in found), None)


def from_classifiers(said):
    """The licence by a package's classifiers, where one of them names it."""
    named = [
        c.split(" :: ")[-1]
        for c in said.get_all("Classifier", [])
        if c.startswith("License :: ")
    ]
    return " AND ".join(SPDX.get(x, x) for x in named if x != "OSI Approved")


def short(said, name):
    """The licence in a package's own words, where they are a name and not the text."""
    words = (said["License"] or "").strip()
    if not words or len(words) > 40:
        raise UnknownLicence(f"{name} lisansını söylemiyor; bakıp yazın")
    return SPDX.get(words, words)


if __name__ == "__main__":
    try:
        main()
    except (UnknownLicence, OSError) as error:
        sys.exit(f"Lisanslar yazılamadı: {error}.")

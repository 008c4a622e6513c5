"""Fetches the official Fashion-MNIST into a folder that D2L_SHIM_DATA can name.

    .venv/bin/python tools/data.py FOLDER

Each of the four files counts only with its SHA-256; those that are there already are
checked and stay. Continuous runs keep the folder in their cache.
"""

import sys
from pathlib import Path

from d2l_shim import downloads, fashion_mnist
from d2l_shim.errors import DataError


def fetch(folder):
    """Bring the four files into a folder, or raise DataError."""
    for name, sha256 in fashion_mnist.SHA256.items():
        addresses = [base + name for base in fashion_mnist.BASE_URLS]
        advice = "dosyayı elle bu klasöre koyun"
        downloads.fetch(addresses, name, f"sha256:{sha256}", folder, advice)


if __name__ == "__main__":
    try:
        fetch(Path(sys.argv[1]))
    except DataError as error:
        sys.exit(f"Veri hazırlanamadı: {error}")

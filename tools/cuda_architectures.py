"""Says for which NVIDIA cards a library has code, by reading the library itself.

    python tools/cuda_architectures.py …/site-packages/mxnet/libmxnet.so

Neither a card nor CUDA is needed. Code for compute capability 8.6 runs on 8.6 and
later 8.x; only PTX, which the driver compiles, runs on later generations. The layout of
these records ("fat binaries") is what compilers write and `cuobjdump` reads.
"""

import mmap
import struct
import sys
from collections import Counter

MAGIC = struct.pack("<I", 0xBA55ED50)
HEADER = struct.Struct("<4sHHQ")  # magic, version, its own size, size of what follows
ENTRY = struct.Struct("<HHIQ12xI")  # kind, version, own size, size of code, …, arch
KINDS = {1: "PTX", 2: "kod"}


def architectures(data):
    """Count the records in a library: {("kod", 86): 198, ...}."""
    found, place = Counter(), data.find(MAGIC)
    while place >= 0:
        _, _, head, size = HEADER.unpack_from(data, place)
        if head == HEADER.size:
            found.update(_records(data, place + head, place + head + size))
        place = data.find(MAGIC, place + len(MAGIC))
    return found


def _records(data, place, end):
    while place + ENTRY.size <= min(end, len(data)):
        kind, _, head, size, architecture = ENTRY.unpack_from(data, place)
        if kind not in KINDS:
            return
        yield KINDS[kind], architecture
        place += head + size


def main(path):
    """Print one line for each architecture in a file."""
    with open(path, "rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        found = architectures(data)
    if not found:
        sys.exit(f"{path}: içinde GPU kodu yok. GPU için derlenmiş bir dosya verin.")
    for (kind, architecture), count in sorted(found.items()):
        generation, minor = divmod(architecture, 10)
        print(f"{kind} {generation}.{minor}: {count} parça")


if __name__ == "__main__":
    main(*sys.argv[1:])

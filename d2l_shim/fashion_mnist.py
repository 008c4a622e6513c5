"""Fashion-MNIST as arrays: finds, downloads, checks and limits the data.

Looked for in this order: the folder that `D2L_SHIM_DATA` names; the cache; the
official files on the internet, which then stay in the cache. With
`D2L_SHIM_DATA=synthetic` drawn garments stand in for them. Whatever makes the data
less than the official set is printed, one line each.

Batches, layouts and tensors are not made here but in `batches.py` and the framework
modules.

Source of the data: https://github.com/zalandoresearch/fashion-mnist (MIT licence).
"""

import os
from functools import lru_cache
from pathlib import Path

from d2l_shim import budget, downloads, idx, synthetic
from d2l_shim.errors import DataError
from d2l_shim.image_set import ImageSet

VARIABLE = "D2L_SHIM_DATA"
SYNTHETIC = "synthetic"

# The secure source first. The plain HTTP mirror is no risk: the hash decides.
BASE_URLS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
    ),
    "train-labels-idx1-ubyte.gz": (
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
    ),
}
OFFICIAL_COUNTS = (60_000, 10_000)

text_labels = [
    "t-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
]  # fmt: skip


def get_fashion_mnist_labels(labels) -> list[str]:
    """Return the English class names of `labels`, numbers 0 to 9 of any framework."""
    return [text_labels[int(label)] for label in labels]


ALTERNATIVE = (
    f"{VARIABLE} ortam değişkeniyle dört veri dosyasının bulunduğu klasörü gösterin "
    f"ya da {VARIABLE}={SYNTHETIC} ile çizilmiş görüntüleri kullanın"
)


def load() -> tuple[ImageSet, ImageSet, str]:
    """Return all training and test images at hand, and where they come from.

    The source is "folder", "cache" (downloaded now or earlier) or "synthetic".
    Raises `DataError` with a Turkish message that names the next step.
    """
    setting = os.environ.get(VARIABLE)
    if setting == SYNTHETIC:
        return synthetic.garments("train"), synthetic.garments("test"), SYNTHETIC
    if setting:
        return *_read(_in_folder(Path(setting).expanduser().resolve())), "folder"
    return *_read(_in_cache(downloads.cache_folder("fashion-mnist"))), "cache"


def load_limited(batch_size: int) -> tuple[ImageSet, ImageSet]:
    """Return the training and test images that the budget allows, from the first on.

    Prints one line if the data are not the whole official set, and one if the budget
    leaves some of them out.
    """
    train, test, source = load()
    limits = budget.current()
    kept_train = train.first(limits.images("train", batch_size))
    kept_test = test.first(limits.images("test", batch_size))
    if source == SYNTHETIC or _is_partial(train, test):
        print(f"Veri: {_describe(train, test, source)}.")
    if len(kept_train) < len(train) or len(kept_test) < len(test):
        counts = _counts(len(kept_train), len(kept_test))
        print(f"Bütçe {limits.name}: {counts} ({OFFICIAL}).")
    return kept_train, kept_test


def describe() -> str:
    """Return one Turkish line about the data at hand and the budget in use."""
    data = _describe(*load())
    return f"Veri: {data}. Bütçe: {budget.current().describe()}."


def _describe(train: ImageSet, test: ImageSet, source: str) -> str:
    counts = _counts(len(train), len(test))
    if source == SYNTHETIC:
        return f"Fashion-MNIST yerine çizilmiş giysi görüntüleri, {counts}"
    if _is_partial(train, test):
        return f"Fashion-MNIST'in bir bölümü, {counts} ({OFFICIAL})"
    return f"Fashion-MNIST, {counts}"


def _is_partial(train: ImageSet, test: ImageSet) -> bool:
    return len(train) < OFFICIAL_COUNTS[0] or len(test) < OFFICIAL_COUNTS[1]


def _counts(train: int, test: int) -> str:
    train, test = budget.thousands(train), budget.thousands(test)
    return f"{train} eğitim ve {test} test görüntüsü"


OFFICIAL = "resmî küme: {} ve {}".format(*map(budget.thousands, OFFICIAL_COUNTS))


def _in_folder(folder: Path) -> list[Path]:
    """Return the four files of the reader's own folder, compressed or not."""
    if not folder.is_dir():
        raise DataError(
            f"{VARIABLE} ile gösterilen klasör yok: {folder}. "
            f"Değişkeni düzeltin ya da kaldırın; {VARIABLE}={SYNTHETIC} de olur."
        )
    return [_either(folder, name) for name in SHA256]


def _either(folder: Path, name: str) -> Path:
    plain = name.removesuffix(".gz")
    for path in (folder / name, folder / plain):
        if path.is_file():
            return path
    raise DataError(
        f"{VARIABLE} ile gösterilen klasörde eksik dosya var: {folder / name} "
        f"({plain} da olabilir). Dosyayı oraya koyun ya da değişkeni kaldırın."
    )


def _in_cache(folder: Path) -> list[Path]:
    """Return the four official files, downloading those not sound in the cache."""
    return [
        downloads.fetch(
            [base + name for base in BASE_URLS],
            name,
            f"sha256:{sha256}",
            folder,
            ALTERNATIVE,
        )
        for name, sha256 in SHA256.items()
    ]


def _read(paths: list[Path]) -> tuple[ImageSet, ImageSet]:
    """Return both splits; files that have not changed are parsed only once."""
    stats = [path.stat() for path in paths]
    return _parse(
        tuple(paths), tuple((stat.st_size, stat.st_mtime_ns) for stat in stats)
    )


@lru_cache(maxsize=1)
def _parse(paths: tuple[Path, ...], _: tuple) -> tuple[ImageSet, ImageSet]:
    return _read_split(*paths[:2]), _read_split(*paths[2:])


def _read_split(image_file: Path, label_file: Path) -> ImageSet:
    images = idx.read(image_file, (28, 28))
    labels = idx.read(label_file)
    if len(images) != len(labels):
        raise DataError(
            f"Görüntü ve etiket sayıları farklı: {image_file} {len(images)} görüntü, "
            f"{label_file} {len(labels)} etiket içeriyor. "
            "İki dosyayı da aynı kaynaktan yeniden alın."
        )
    if len(labels) == 0 or labels.max() > 9:
        cause = "9'dan büyük etiket var" if len(labels) else "hiç etiket yok"
        raise DataError(
            f"Etiketler Fashion-MNIST'e uymuyor: {label_file} ({cause}). "
            "Dosyayı Fashion-MNIST'in etiket dosyasıyla değiştirin."
        )
    return ImageSet(images, labels)

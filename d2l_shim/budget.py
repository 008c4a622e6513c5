"""How much of the data and of the epochs a run may use: `D2L_SHIM_BUDGET`.

A full run of the book takes hours on a CPU, so a reader (or a test) may ask for
less. This module only knows the limits and says when one of them bites; the data
and the trainers apply them.
"""

import os
from dataclasses import dataclass

VARIABLE = "D2L_SHIM_BUDGET"


@dataclass(frozen=True)
class Budget:
    """Upper limits of a run; `None` means no limit.

    `train_images` and `test_images` count images, `train_batches` and
    `test_batches` count mini-batches per pass over the split. `epochs` holds for every
    training, `enlarged_epochs` for training on images enlarged beyond their 28×28
    pixels, which costs tens of times as much.
    """

    name: str
    train_images: int | None = None
    test_images: int | None = None
    epochs: int | None = None
    enlarged_epochs: int | None = None
    train_batches: int | None = None
    test_batches: int | None = None

    def images(self, split: str, batch_size: int) -> int | None:
        """Return how many images of `split` ("train" or "test") may be used.

        A limit in batches counts as that many full batches of `batch_size`.
        """
        images = {"train": self.train_images, "test": self.test_images}[split]
        batches = {"train": self.train_batches, "test": self.test_batches}[split]
        limits = [images, None if batches is None else batches * batch_size]
        return min((limit for limit in limits if limit is not None), default=None)

    def describe(self) -> str:
        """Return the name and the limits in Turkish, such as "full (sınırsız)"."""
        limits = []
        for train, test, unit in (
            (self.train_images, self.test_images, "görüntüsü"),
            (self.train_batches, self.test_batches, "yığını"),
        ):
            if train is not None:
                train, test = thousands(train), thousands(test)
                limits.append(f"{train} eğitim ve {test} test {unit}")
        if self.enlarged_epochs is not None:
            limits.append(f"büyütülmüş görüntülerle {self.enlarged_epochs} dönem")
        if self.epochs is not None:
            limits.append(f"{self.epochs} dönem")
        told = f"en çok {', '.join(limits)}" if limits else "sınırsız"
        return f"{self.name} ({told})"


BUDGETS = {
    budget.name: budget
    for budget in (
        Budget("full"),
        Budget("cpu", train_images=8192, test_images=4096, enlarged_epochs=5),
        Budget("smoke", train_batches=8, test_batches=2, epochs=1),
    )
}


def current() -> Budget:
    """Return the budget that `D2L_SHIM_BUDGET` names now; unset means "full".

    Raises `ValueError`, in Turkish, for a name that is not a budget.
    """
    name = os.environ.get(VARIABLE) or "full"
    if name not in BUDGETS:
        raise ValueError(
            f"{VARIABLE}={name} diye bir bütçe yok. "
            "Şu üç değerden birini verin: full, cpu, smoke."
        )
    return BUDGETS[name]


def limit_epochs(num_epochs: int, enlarged: bool = False) -> int:
    """Return how many epochs the budget allows, and print a line if that is fewer.

    Parameters
    ----------
    num_epochs : int
        Epochs asked for.
    enlarged : bool
        Whether the images are larger than their original 28×28 pixels. The budget
        ``cpu`` limits only training on such images.
    """
    budget = current()
    limits = [budget.epochs, budget.enlarged_epochs if enlarged else None]
    allowed = min((limit for limit in limits if limit is not None), default=num_epochs)
    if num_epochs <= allowed:
        return num_epochs
    print(f"Bütçe {budget.name}: {num_epochs} yerine {allowed} dönem eğitilecek.")
    return allowed


def thousands(number: int) -> str:
    """Return `number` as Turkish prose writes it: 60000 becomes "60.000"."""
    return f"{number:,}".replace(",", ".")

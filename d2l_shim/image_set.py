"""A split of a data set of small grey images: the pixels with their labels."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ImageSet:
    """Images with their labels, in the order of the data set.

    `images` is uint8 of shape (n, 28, 28), 0 = background; `labels` is uint8 of shape
    (n,) with values 0 to 9. The arrays are shared by all callers: do not write to them.
    """

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int | None) -> "ImageSet":
        """Return the first `count` images (all of them for `None`), not copied."""
        return ImageSet(self.images[:count], self.labels[:count])

"""Minibatches of an image set, in an order that is the same in every framework.

The order comes from one NumPy generator, so that after ``seed(1)`` MXNet, PyTorch and
TensorFlow see the same images in the same batches. How a batch becomes a tensor is
the business of the framework modules.
"""

import random

import numpy as np

from d2l_shim import memory

_generator = np.random.default_rng()


def seed_order(n):
    """Seed Python's, NumPy's and the shim's own random generators with integer `n`."""
    global _generator
    random.seed(n)
    np.random.seed(n)
    _generator = np.random.default_rng(n)


class BatchOrder:
    """In which order the examples are seen, and how they are cut into batches.

    Parameters
    ----------
    num_examples : int
        Number of examples.
    batch_size : int
        Examples in a batch; the last batch holds the rest.
    shuffle : bool
        Draw a new order of the *examples* for each epoch. Otherwise 0, 1, 2, …
    """

    def __init__(self, num_examples, batch_size, shuffle):
        if batch_size < 1:
            raise ValueError(
                f"Yığın boyutu en az 1 olmalı, verilen: {batch_size}. "
                "Örneğin batch_size=128 deneyin."
            )
        self.num_examples = num_examples
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self):
        return -(-self.num_examples // self.batch_size)

    def epoch(self):
        """Return the indices of all examples, int64, in the order of one epoch."""
        indices = np.arange(self.num_examples)
        if self.shuffle:
            _generator.shuffle(indices)
        return indices


class Batches:
    """Minibatches ``(X, y)`` of an image set: an iterable with a length.

    Parameters
    ----------
    image_set : ImageSet
        Images, uint8, shape (n, 28, 28), and labels, uint8, shape (n,).
    batch_size, shuffle
        As for :class:`BatchOrder`.
    place : callable
        ``place(resize, image_set, device)`` puts the data on a device of the framework
        (`None`: the CPU) and returns two functions. One brings the indices of an epoch
        there, the other turns those of a batch into tensors (X, y). So a GPU that holds
        the data needs one transfer an epoch, and none a batch.
    resize : int or (int, int), optional
        Height and width in pixels of the images in X; those of the image set without
        it.
    device : optional
        Where the batches are made.
    """

    def __init__(self, image_set, batch_size, shuffle, place, resize=None, device=None):
        self.image_set = image_set
        self.order = BatchOrder(len(image_set), batch_size, shuffle)
        self.resize = resize
        self._place = place
        self._bring, self._make = place(resize, image_set, device)

    def __len__(self):
        return len(self.order)

    def __iter__(self):
        size = self.order.batch_size
        indices = self._bring(self.order.epoch())
        with memory.kept(trim=False):
            for start in range(0, len(self.image_set), size):
                yield self._make(indices[start : start + size])

    @property
    def enlarged(self):
        """Whether the images are larger than in the image set; the budget asks."""
        pixels = np.prod(np.broadcast_to(self.resize or 0, 2))
        return bool(pixels > np.prod(self.image_set.images.shape[1:]))

    def on(self, device):
        """Return the same batches, made on `device`."""
        order = self.order
        return type(self)(
            self.image_set,
            order.batch_size,
            order.shuffle,
            self._place,
            self.resize,
            device,
        )


def on(device, data_iter):
    """Return `data_iter` with its batches made on `device`, if it can do that."""
    return data_iter.on(device) if hasattr(data_iter, "on") else data_iter

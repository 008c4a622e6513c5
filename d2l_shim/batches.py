"""Minibatches of an image set, in an order that is the same in every framework.

The order comes from one NumPy generator, so that after ``seed(1)`` MXNet, PyTorch and
TensorFlow see the same images in the same batches. How a batch becomes a tensor is
the business of the framework modules.
"""

import random

import numpy as np

_generator = np.random.default_rng()


def seed_order(n):
    """Seed Python's, NumPy's and the shim's own random generators with integer `n`."""
    global _generator
    random.seed(n)
    np.random.seed(n)
    _generator = np.random.default_rng(n)


class BatchOrder:
    """The indices of the examples, batch by batch; iterating gives one epoch.

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

    def __iter__(self):
        indices = np.arange(self.num_examples)
        if self.shuffle:
            _generator.shuffle(indices)
        for start in range(0, self.num_examples, self.batch_size):
            yield indices[start : start + self.batch_size]


class Batches:
    """Minibatches ``(X, y)`` of an image set: an iterable with a length.

    Parameters
    ----------
    image_set : ImageSet
        Images, uint8, shape (n, 28, 28), and labels, uint8, shape (n,).
    batch_size, shuffle
        As for :class:`BatchOrder`.
    to_tensors : callable
        Turns (images, labels) of one batch into the framework's tensors.
    """

    def __init__(self, image_set, batch_size, shuffle, to_tensors):
        self.image_set = image_set
        self.order = BatchOrder(len(image_set), batch_size, shuffle)
        self.to_tensors = to_tensors

    def __len__(self):
        return len(self.order)

    def __iter__(self):
        images, labels = self.image_set.images, self.image_set.labels
        for indices in self.order:
            yield self.to_tensors(images[indices], labels[indices])

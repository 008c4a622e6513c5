"""Minibatches of Fashion-MNIST, and the seed that fixes their order."""

from functools import partial

import numpy as np
import tensorflow as tf

from d2l_shim import batches, fashion_mnist
from d2l_shim.resize import interpolation_matrices
from d2l_shim.tensorflow.devices import device_name


def seed(n):
    """Make what follows reproducible: seed Python, NumPy, TensorFlow and the batches.

    Parameters
    ----------
    n : int
    """
    tf.keras.utils.set_random_seed(n)
    batches.seed_order(n)


def load_data_fashion_mnist(batch_size, resize=None):
    """Return minibatches of Fashion-MNIST as ``(train_iter, test_iter)``.

    Parameters
    ----------
    batch_size : int
        Examples in a batch; the last batch holds the rest.
    resize : int or (int, int), optional
        Height and width in pixels to enlarge the images to (bilinear); 28 without it.

    Returns
    -------
    tuple of two iterables
        Each gives ``(X, y)``: X float32 in [0, 1], shape (batch, height, width, 1), and
        y int32 in 0 to 9, shape (batch,). Training examples come in a new order every
        epoch, test examples always in the order of the file.

    Raises
    ------
    d2l_shim.fashion_mnist.DataError
        There are no data, or they are damaged; the message says what to do.
    """
    make = partial(Batches, place=_place, resize=resize)
    train, test = fashion_mnist.load_limited(batch_size)
    return make(train, batch_size, shuffle=True), make(test, batch_size, shuffle=False)


class Batches(batches.Batches, tf.keras.utils.PyDataset):
    """Minibatches that Keras's ``fit`` and ``evaluate`` take too.

    The methods of ``tf.data.Dataset`` (``take``, ``map``, …) are those of
    :meth:`as_dataset`.
    """

    def __init__(self, *args, **kwargs):
        tf.keras.utils.PyDataset.__init__(self)
        batches.Batches.__init__(self, *args, **kwargs)
        self._indices = None

    def __getitem__(self, number):
        """Return batch `number` of the epoch that Keras is in."""
        if self._indices is None:
            self.on_epoch_begin()
        size = self.order.batch_size
        return self._make(self._indices[number * size : (number + 1) * size])

    def on_epoch_begin(self):
        """Draw a new order for an epoch of Keras's."""
        self._indices = self._bring(self.order.epoch())

    def as_dataset(self):
        """Return a ``tf.data.Dataset`` of these batches."""
        first = self._make(self._bring(np.arange(1)))
        signature = tuple(tf.TensorSpec((None, *t.shape[1:]), t.dtype) for t in first)
        dataset = tf.data.Dataset.from_generator(
            lambda: iter(self), output_signature=signature
        )
        return dataset.apply(tf.data.experimental.assert_cardinality(len(self)))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.as_dataset(), name)


def _place(resize, image_set, device):
    """As :class:`d2l_shim.batches.Batches` asks for: the data on a ``tf.device``."""
    matrices = interpolation_matrices(image_set.images.shape[1:], resize)
    if device is None or "CPU" in device_name(device).upper():
        return _in_numpy(resize, image_set, matrices)
    with device:
        return _in_tensorflow(resize, image_set, matrices)


def _in_numpy(resize, image_set, matrices):
    """Batches that NumPy gathers, sooner than TensorFlow has started to on a CPU."""
    rows, columns = map(tf.constant, matrices)

    @tf.function(reduce_retracing=True)
    def enlarge(X):
        return (rows @ (X[..., 0] @ columns))[..., tf.newaxis]

    def make(indices):
        X = np.divide(image_set.images[indices], np.float32(255), dtype=np.float32)
        X = tf.constant(X[..., np.newaxis])
        y = tf.constant(image_set.labels[indices].astype("int32"))
        return X if resize is None else enlarge(X), y

    return lambda indices: indices, make


def _in_tensorflow(resize, image_set, matrices):
    """Batches made where the data lie: on the device that is current now."""
    height, width = image_set.images.shape[1:]
    # Four pixels in a word: TensorFlow does not gather single bytes on every GPU.
    words = tf.constant(image_set.images.reshape(len(image_set), -1).view("int32"))
    labels = tf.constant(image_set.labels.astype("int32"))
    rows, columns = map(tf.constant, matrices)

    @tf.function(reduce_retracing=True)
    def make(indices):
        X = tf.bitcast(tf.gather(words, indices), tf.uint8)
        X = tf.cast(tf.reshape(X, (-1, height, width)), tf.float32) / 255
        if resize is not None:
            X = rows @ (X @ columns)
        return X[..., tf.newaxis], tf.gather(labels, indices)

    return tf.constant, make

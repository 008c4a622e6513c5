"""Minibatches of Fashion-MNIST, and the seed that fixes their order."""

import tensorflow as tf

from d2l_shim import batches, fashion_mnist
from d2l_shim.resize import interpolation_matrix


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
    tuple of two tf.data.Dataset
        Each gives ``(X, y)``: X float32 in [0, 1], shape (batch, height, width, 1), and
        y int32 in 0 to 9, shape (batch,). Training examples come in a new order every
        epoch, test examples always in the order of the file.

    Raises
    ------
    d2l_shim.fashion_mnist.DataError
        There are no data, or they are damaged; the message says what to do.
    """
    train, test = fashion_mnist.load_limited(batch_size)
    return (
        _dataset(train, batch_size, shuffle=True, resize=resize),
        _dataset(test, batch_size, shuffle=False, resize=resize),
    )


def _dataset(image_set, batch_size, shuffle, resize):
    order = batches.BatchOrder(len(image_set), batch_size, shuffle)
    images, labels = tf.constant(image_set.images), tf.constant(image_set.labels)
    height, width = (resize, resize) if isinstance(resize, int) else resize or (28, 28)
    rows = tf.constant(interpolation_matrix(28, height))
    columns = tf.constant(interpolation_matrix(28, width).T)

    def to_tensors(indices):
        X = tf.cast(tf.gather(images, indices), tf.float32) / 255
        X = rows @ (X @ columns)
        return X[..., tf.newaxis], tf.cast(tf.gather(labels, indices), tf.int32)

    indices = tf.data.Dataset.from_generator(
        lambda: order, output_signature=tf.TensorSpec((None,), tf.int64)
    )
    indices = indices.apply(tf.data.experimental.assert_cardinality(len(order)))
    return indices.map(to_tensors).prefetch(1)

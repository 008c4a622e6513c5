"""The loader and the trainer for TensorFlow.

A chapter says ``from d2l_shim import tensorflow as d2l``.

Images are NHWC: (examples, height, width, channels). Beside this module stand
``d2l_shim.torch`` and ``d2l_shim.mxnet`` with the same names in the same order.
"""

import os

from d2l_shim.quiet import quiet_stderr

# TensorFlow's start-up remarks (no GPU found, CPU features) are not for readers. Some
# come before it reads this variable, some when it first looks for a GPU.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
with quiet_stderr():
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")

from d2l_shim import batches, fashion_mnist, training  # noqa: E402
from d2l_shim.fashion_mnist import get_fashion_mnist_labels  # noqa: E402
from d2l_shim.plotting import (  # noqa: E402
    Animator,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.resize import interpolation_matrix  # noqa: E402
from d2l_shim.training import Accumulator, Timer  # noqa: E402

__all__ = [
    "Accumulator",
    "Animator",
    "Timer",
    "evaluate_accuracy_gpu",
    "get_fashion_mnist_labels",
    "load_data_fashion_mnist",
    "run_info",
    "seed",
    "set_axes",
    "set_figsize",
    "show_images",
    "train_ch6",
    "try_all_gpus",
    "try_gpu",
    "use_svg_display",
]


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


def try_gpu(i=0):
    """Return GPU number `i` as a ``tf.device`` if there is one, else the CPU."""
    if len(tf.config.list_physical_devices("GPU")) > i:
        return tf.device(f"/GPU:{i}")
    return tf.device("/CPU:0")


def try_all_gpus():
    """Return all GPUs as a list of ``tf.device`` contexts; without a GPU, ``[cpu]``."""
    count = len(tf.config.list_physical_devices("GPU"))
    return [tf.device(f"/GPU:{i}") for i in range(count)] or [tf.device("/CPU:0")]


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : tf.keras.Model
        Maps X to one score a class, shape (batch, classes).
    data_iter : iterable of (X, y)
    device : tf.device context, optional
        Where to compute; ``try_gpu()`` without it.
    """
    return _evaluate(net, data_iter, device or try_gpu())[1]


def _evaluate(net, data_iter, device):
    """Return mean cross-entropy and accuracy over `data_iter`, with dropout off."""
    loss = tf.keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="sum"
    )

    @tf.function(reduce_retracing=True)
    def sums(X, y):
        y_hat = net(X, training=False)
        return loss(y, y_hat), _num_correct(y_hat, y)

    metric = Accumulator(3)
    with device:
        for X, y in data_iter:
            metric.add(*sums(X, y), len(y))
    return training.means(metric)


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device=None):
    """Train `net` by minibatch SGD on the softmax cross-entropy (D2L, section 6.6).

    Weights of convolutional and fully connected layers start anew from Xavier's uniform
    distribution (Glorot and Bengio, 2010). Curves and a progress bar grow meanwhile.

    Parameters
    ----------
    net : callable or tf.keras.Model
        A function without arguments that builds the network, or a network. It maps X to
        one score a class, without softmax.
    train_iter, test_iter : sized iterable of (X, y)
        As from :func:`load_data_fashion_mnist`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    device : tf.device context, optional
        Where to train; ``try_gpu()`` without it.

    Returns
    -------
    d2l_shim.training.History

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    device = device or try_gpu()
    with device:
        net = net if isinstance(net, tf.keras.Model) else net()
    run = training.TrainingRun(net, train_iter, num_epochs, _device_name(device))
    with device:
        for X, _ in test_iter:
            net(X[:1])  # Keras makes the parameters when it first sees an input
            break
        _init_xavier(net)
    optimizer = tf.keras.optimizers.SGD(learning_rate=lr)
    optimizer.build(net.trainable_variables)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(reduce_retracing=True)
    def step(X, y):
        with tf.GradientTape() as tape:
            y_hat = net(X, training=True)
            batch_loss = loss(y, y_hat)
        gradients = tape.gradient(batch_loss, net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, net.trainable_variables, strict=True))
        return batch_loss, _num_correct(y_hat, y)

    with run, device:
        run.begin(*_evaluate(net, test_iter, device))
        for _ in run.epochs():
            for X, y in run.batches(train_iter):
                batch_loss, num_correct = step(X, y)
                run.add(batch_loss * len(y), num_correct, len(y))
            run.end_epoch(*_evaluate(net, test_iter, device))
    return run.history


def run_info(device=None):
    """Return data, versions, machine and date of this run as Turkish text."""
    name = f"TensorFlow {tf.__version__}, Keras {tf.keras.__version__}"
    return training.run_info(name, _device_name(device or try_gpu()))


def _init_xavier(net):
    glorot = tf.keras.initializers.GlorotUniform()
    layers = (tf.keras.layers.Dense, tf.keras.layers.Conv2D)
    for layer in net._flatten_layers():
        if isinstance(layer, layers):
            layer.kernel.assign(glorot(layer.kernel.shape))


def _device_name(device):
    return device._device_name.removeprefix("/device:").lower()


def _num_correct(y_hat, y):
    predictions = tf.argmax(y_hat, axis=1, output_type=tf.int32)
    return tf.reduce_sum(tf.cast(predictions == tf.cast(y, tf.int32), tf.float32))

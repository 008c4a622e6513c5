"""Training and evaluating a network with TensorFlow (D2L, section 6.6)."""

import tensorflow as tf

from d2l_shim import training
from d2l_shim.batches import on
from d2l_shim.tensorflow.devices import device_name, try_gpu
from d2l_shim.training import Sums


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
    # Not compiled: that would not pay for one pass, and the reader may change `net`.
    return _evaluate(_sums(net), data_iter, device or try_gpu())[1]


def _sums(net):
    """Return a function that gives summed loss and correct predictions of a batch."""
    loss = tf.keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="sum"
    )

    def sums(X, y):
        y_hat = net(X, training=False)
        return loss(y, y_hat), _num_correct(y_hat, y)

    return sums


def _evaluate(sums, data_iter, device):
    """Return mean cross-entropy and accuracy over `data_iter`, with dropout off."""
    metric = Sums(3)
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
    run = training.TrainingRun(net, train_iter, num_epochs, device_name(device))
    with device:
        for X, _ in test_iter:
            net(X[:1])  # Keras makes the parameters when it first sees an input
            break
        _init_xavier(net)
    train_iter, test_iter = on(device, train_iter), on(device, test_iter)
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

    sums = tf.function(_sums(net), reduce_retracing=True)
    with run, device:
        run.begin(*_evaluate(sums, test_iter, device))
        for _ in run.epochs():
            for X, y in run.batches(train_iter):
                batch_loss, num_correct = step(X, y)
                run.add(batch_loss * len(y), num_correct, len(y))
            run.end_epoch(*_evaluate(sums, test_iter, device))
    return run.history


def run_info(device=None):
    """Return data, versions, machine and date of this run as Turkish text."""
    name = f"TensorFlow {tf.__version__}, Keras {tf.keras.__version__}"
    return training.run_info(name, device_name(device or try_gpu()))


def _init_xavier(net):
    layers = (tf.keras.layers.Dense, tf.keras.layers.Conv2D)
    for layer in net._flatten_layers():
        if isinstance(layer, layers):
            # One for each layer: asked again, it would draw the same numbers.
            glorot = tf.keras.initializers.GlorotUniform()
            layer.kernel.assign(glorot(layer.kernel.shape))


def _num_correct(y_hat, y):
    predictions = tf.argmax(y_hat, axis=1, output_type=tf.int32)
    return tf.reduce_sum(tf.cast(predictions == tf.cast(y, tf.int32), tf.float32))

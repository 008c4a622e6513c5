"""Softmax regression and multilayer perceptrons: training them (D2L, section 3.6)."""

import tensorflow as tf

from d2l_shim import classification, plotting
from d2l_shim.classification import predict_ch3  # noqa: F401  the same everywhere
from d2l_shim.tensorflow.devices import device_name, try_gpu
from d2l_shim.tensorflow.regression import call_loss, sgd
from d2l_shim.training import Sums, Timer, means


def accuracy(y_hat, y):
    """Return how many predictions are right: a number, not a fraction.

    Parameters
    ----------
    y_hat : tf.Tensor
        One score a class, shape (batch, classes), or the predicted classes themselves,
        shape (batch,).
    y : tf.Tensor
        The true classes, shape (batch,).

    Returns
    -------
    float
    """
    return float(num_correct(y_hat, y))


def num_correct(y_hat, y):
    """Return the number of correct predictions as a tensor, where `y_hat` is."""
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = tf.argmax(y_hat, axis=1)
    return tf.math.count_nonzero(tf.cast(y_hat, y.dtype) == y)


def evaluate_accuracy(net, data_iter):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : callable or tf.keras.Model
        Maps X to one score a class, shape (batch, classes). A model of Keras is used
        as in inference, without dropout.
    data_iter : iterable of (X, y)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The iterable gives no batch.
    """
    metric = Sums(2)
    for X, y in data_iter:
        metric.add(float(num_correct(call_net(net, X, False), y)), int(tf.size(y)))
    return means(metric)[0]


def call_net(net, X, training):
    """Return the scores; only Keras is told whether this is training."""
    if isinstance(net, tf.keras.layers.Layer):
        return net(X, training=training)
    return net(X)


def train_epoch_ch3(net, train_iter, loss, updater):
    """Train `net` for one epoch; return its mean loss and its accuracy meanwhile.

    Parameters
    ----------
    net : callable or tf.keras.Model
        Maps X to one score a class, shape (batch, classes). Unlike D2L's, this trains a
        model of Keras with its dropout on.
    train_iter : iterable of (X, y)
    loss : callable or tf.keras.losses.Loss
        ``loss(y_hat, y)`` gives one number an example, or their mean. A loss of Keras
        gets ``(y, y_hat)``.
    updater : tf.keras.optimizers.Optimizer or callable
        An optimizer steps along the gradient of what `loss` gives, summed. A function
        with the attribute ``params``, such as an :class:`Updater`, gets the batch size
        and the gradients.

    Returns
    -------
    tuple of two float
        Mean loss an example, and a fraction in [0, 1].

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    return classification.train_epoch(train_iter, _step(net, loss, updater))


def train_ch3(net, train_iter, test_iter, loss, num_epochs, updater):
    """Train `net` and show curves, a progress bar and a final report.

    Unlike D2L's, this does not fail if the network has learnt too little.

    Parameters
    ----------
    net, train_iter, loss, updater
        As for :func:`train_epoch_ch3`; `train_iter` has a length.
    test_iter : iterable of (X, y)
        Evaluated after each epoch.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    classification.train(
        net,
        train_iter,
        num_epochs,
        device_name(try_gpu()),
        step=_step(net, loss, updater),
        evaluate=lambda: evaluate_accuracy(net, test_iter),
    )


def _step(net, loss, updater):
    """Return a function that trains on one batch and returns sums over its examples."""

    def step(X, y):
        with tf.GradientTape() as tape:
            y_hat = call_net(net, X, True)
            losses = call_loss(loss, y_hat, y)
        if isinstance(updater, tf.keras.optimizers.Optimizer):
            params = net.trainable_variables
            gradients = tape.gradient(losses, params)
            updater.apply_gradients(zip(gradients, params, strict=True))
        else:
            updater(len(X), tape.gradient(losses, updater.params))
        count = int(tf.size(y))
        return tf.reduce_mean(losses) * count, float(num_correct(y_hat, y)), count

    return step


class Updater:
    """Minibatch gradient descent for :func:`train_ch3` (D2L, section 3.6).

    Parameters
    ----------
    params : list of tf.Variable
        What is to be trained.
    lr : float
        Learning rate.

    Notes
    -----
    ``updater(batch_size, grads)`` takes one step; the gradients, one a variable, are
    those of the summed loss.
    """

    def __init__(self, params, lr):
        self.params = params
        self.lr = lr

    def __call__(self, batch_size, grads):
        sgd(self.params, grads, self.lr, batch_size)


class TrainCallback(tf.keras.callbacks.Callback):
    """Curves and a final report for ``net.fit`` of Keras (D2L, section 6.6).

    For code that compiles and fits a network itself; :func:`train_ch6` does not need
    it. The speed in the report counts each example once, and loading it.

    Parameters
    ----------
    net : tf.keras.Model
        Compiled with ``metrics=["accuracy"]``.
    train_iter, test_iter : iterable of (X, y)
        What the network is fitted to, and what it is evaluated on after each epoch.
    num_epochs : int
        As for ``net.fit``.
    device_name : str
        For the report.
    """

    def __init__(self, net, train_iter, test_iter, num_epochs, device_name):
        super().__init__()
        self.net, self.test_iter = net, test_iter
        self.train_iter, self.num_epochs = train_iter, num_epochs
        self.device_name = device_name
        self.timer = Timer()
        self.animator = plotting.Animator(
            xlabel="dönem",
            xlim=[1, num_epochs],
            legend=["eğitim kaybı", "eğitim doğruluğu", "test doğruluğu"],
        )

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self.timer.start()

    def on_epoch_end(self, epoch, logs=None):
        """Stop the clock, evaluate, add a point to the curves; at the end, report."""
        self.timer.stop()
        results = self.net.evaluate(self.test_iter, verbose=0, return_dict=True)
        figures = logs["loss"], logs["accuracy"], results["accuracy"]
        self.animator.add(epoch + 1, figures)
        if epoch == self.num_epochs - 1:
            self._report(*figures)

    def _report(self, loss, train_accuracy, test_accuracy):
        examples = sum(len(y) for _, y in self.train_iter)
        print(
            f"kayıp {loss:.3f}, eğitim doğruluğu {train_accuracy:.3f}, "
            f"test doğruluğu {test_accuracy:.3f}\n"
            f"{examples / self.timer.avg():.1f} örnek/sn, aygıt: {self.device_name}"
        )

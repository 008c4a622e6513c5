"""The loader and the trainer for MXNet: ``from d2l_shim import mxnet as d2l``.

Images are NCHW: (examples, channels, height, width). Beside this module stand
``d2l_shim.torch`` and ``d2l_shim.tensorflow`` with the same names in the same order.

Import this module before ``mxnet`` itself: it makes MXNet 1.9.1 importable beside a
current NumPy (``d2l_shim.mxnet_compat``) and turns on MXNet's NumPy interface.
"""

from d2l_shim import mxnet_compat

mx = mxnet_compat.import_mxnet()

from mxnet import autograd, gluon, init, np, npx  # noqa: E402

from d2l_shim import batches, fashion_mnist, training  # noqa: E402
from d2l_shim.fashion_mnist import get_fashion_mnist_labels  # noqa: E402
from d2l_shim.plotting import (  # noqa: E402
    Animator,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.resize import resize as resize_images  # noqa: E402
from d2l_shim.training import Accumulator, Timer  # noqa: E402

npx.set_np()

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
    """Make what follows reproducible: seed Python, NumPy, MXNet and the batches.

    Parameters
    ----------
    n : int
    """
    batches.seed_order(n)
    mx.random.seed(n)


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
        Each gives ``(X, y)``: X float32 in [0, 1], shape (batch, 1, height, width), and
        y int32 in 0 to 9, shape (batch,). Training examples come in a new order every
        epoch, test examples always in the order of the file.

    Raises
    ------
    d2l_shim.fashion_mnist.DataError
        There are no data, or they are damaged; the message says what to do.
    """

    def to_tensors(images, labels):
        X = np.array(resize_images(images, resize)[:, None])
        return X, np.array(labels, dtype="int32")

    train, test = fashion_mnist.load_limited(batch_size)
    return (
        batches.Batches(train, batch_size, shuffle=True, to_tensors=to_tensors),
        batches.Batches(test, batch_size, shuffle=False, to_tensors=to_tensors),
    )


def try_gpu(i=0):
    """Return GPU number `i` as an ``mxnet.Context`` if there is one, else the CPU."""
    return npx.gpu(i) if npx.num_gpus() > i else npx.cpu()


def try_all_gpus():
    """Return all GPUs as a list of ``mxnet.Context``; without a GPU, ``[cpu]``."""
    return [npx.gpu(i) for i in range(npx.num_gpus())] or [npx.cpu()]


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class, shape (batch, classes).
    data_iter : iterable of (X, y)
    device : mxnet.Context, optional
        Where to compute; where the parameters of `net` are, without it.
    """
    device = device or next(iter(net.collect_params().values())).list_ctx()[0]
    return _evaluate(net, data_iter, device)[1]


def _evaluate(net, data_iter, device):
    """Return mean cross-entropy and accuracy over `data_iter`, with dropout off."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    metric = Accumulator(3)
    for X, y in data_iter:
        X, y = X.as_in_ctx(device), y.as_in_ctx(device)
        y_hat = net(X)
        # float() waits for the batch: MXNet would otherwise queue all in memory.
        batch_loss = float(loss(y_hat, y).sum())
        metric.add(batch_loss, float(_num_correct(y_hat, y)), len(y))
    return training.means(metric)


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device=None):
    """Train `net` by minibatch SGD on the softmax cross-entropy (D2L, section 6.6).

    Weights of convolutional and fully connected layers start anew from Xavier's uniform
    distribution (Glorot and Bengio, 2010). Curves and a progress bar grow meanwhile.

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class, without softmax.
    train_iter, test_iter : sized iterable of (X, y)
        As from :func:`load_data_fashion_mnist`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    device : mxnet.Context, optional
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
    run = training.TrainingRun(net, train_iter, num_epochs, device)
    net.initialize(init.Xavier(), ctx=device, force_reinit=True)
    optimizer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    with run:
        run.begin(*_evaluate(net, test_iter, device))
        for _ in run.epochs():
            previous_loss = None
            for X, y in run.batches(train_iter):
                X, y = X.as_in_ctx(device), y.as_in_ctx(device)
                with autograd.record():
                    y_hat = net(X)
                    batch_loss = loss(y_hat, y)
                batch_loss.backward()
                optimizer.step(len(y))
                run.add(batch_loss.sum(), _num_correct(y_hat, y), len(y))
                # MXNet only queues the work: stay one batch ahead, not a whole epoch.
                if previous_loss is not None:
                    previous_loss.wait_to_read()
                previous_loss = batch_loss
            run.end_epoch(*_evaluate(net, test_iter, device))
    return run.history


def run_info(device=None):
    """Return data, versions, machine and date of this run as Turkish text."""
    return training.run_info(f"MXNet {mx.__version__}", device or try_gpu())


def _num_correct(y_hat, y):
    return (y_hat.argmax(axis=1).astype(y.dtype) == y).sum()

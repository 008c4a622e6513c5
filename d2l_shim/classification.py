"""The framework-neutral half of training a classifier epoch by epoch.

``train_ch3`` and ``train_ch13`` differ in how they compute one batch, which is the
business of the framework modules; what goes on around the batches is the same and
stands here. ``train_ch6`` has a trainer of its own.
"""

from d2l_shim import training
from d2l_shim.fashion_mnist import get_fashion_mnist_labels
from d2l_shim.plotting import show_images, to_numpy
from d2l_shim.training import Sums, TrainingRun


def train_epoch(train_iter, step):
    """Return mean loss and accuracy of one epoch.

    Parameters
    ----------
    train_iter : iterable of (X, y)
    step : callable
        Trains on one batch (X, y); returns the summed loss, the number of correct
        predictions and the number of examples.
    """
    metric = Sums(3)
    for X, y in train_iter:
        metric.add(*step(X, y))
    return training.means(metric)


def train(net, train_iter, num_epochs, device, step, evaluate):
    """Train for some epochs, with curves, progress bar, budget and final report.

    Parameters
    ----------
    net, train_iter, num_epochs, device
        As for :class:`d2l_shim.training.TrainingRun`.
    step : callable
        As for :func:`train_epoch`.
    evaluate : callable
        Without arguments; returns the accuracy on the test data.
    """
    run = TrainingRun(net, train_iter, num_epochs, device)
    with run:
        for _ in run.epochs():
            for X, y in run.batches(train_iter):
                run.add(*step(X, y))
            no_test_loss = float("nan")  # the loss may be of any form; D2L shows none
            run.end_epoch(no_test_loss, evaluate())


def predict_ch3(net, test_iter, n=6):
    """Show some test images, true class over predicted class (D2L, section 3.6).

    Parameters
    ----------
    net : callable
        Maps X to one score a class, shape (batch, classes).
    test_iter : iterable of (X, y)
        Fashion-MNIST, as from ``load_data_fashion_mnist``; its first batch is used.
    n : int
        How many images; at most as many as there are in a batch.
    """
    X, y = next(iter(test_iter))
    predictions = to_numpy(net(X)).argmax(axis=1)
    labels = zip(
        get_fashion_mnist_labels(y), get_fashion_mnist_labels(predictions), strict=True
    )
    titles = [f"{true}\n{predicted}" for true, predicted in labels][:n]
    show_images(X[: len(titles)], 1, len(titles), titles)

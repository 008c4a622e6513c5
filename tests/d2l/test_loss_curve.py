"""From the same weights, on the same batches, both learn the same, step by step."""

import numpy as np

from d2l_shim import fashion_mnist
from tests.d2l.frameworks import small_cnn_weights

EXAMPLES, BATCH_SIZE, EPOCHS, LEARNING_RATE = 300, 64, 4, 0.02
SIZES = [64, 64, 64, 64, 44]


def step_losses(run):
    """Return the loss of each step from the means since its epoch began."""
    means = np.array([loss for loss, _ in run.curve]).reshape(EPOCHS, len(SIZES))
    sums = means * np.cumsum(SIZES)
    return (np.diff(sums, axis=1, prepend=0) / SIZES).ravel()


def train_both(framework):
    train, test, _ = fashion_mnist.load()
    pixels = train.images[:EXAMPLES].astype(np.float32) / 255
    batches = framework.batches(pixels, train.labels[:EXAMPLES], BATCH_SIZE)
    pixels = test.images[:EXAMPLES].astype(np.float32) / 255
    test_batches = framework.batches(pixels, test.labels[:EXAMPLES], BATCH_SIZE)
    data = (batches, test_batches, EPOCHS, LEARNING_RATE, small_cnn_weights(seed=0))
    real = framework.train_real(framework.small_cnn(), *data)
    return real, framework.train_shim(framework.small_cnn(), *data)


def test_twenty_steps_have_the_same_losses_and_accuracies(framework):
    real, shim = train_both(framework)
    losses = step_losses(real)
    assert len(losses) == 20
    assert losses[-5:].mean() < 0.8 * losses[:5].mean(), "too easy to agree on"
    np.testing.assert_allclose(step_losses(shim), losses, rtol=1e-5)
    accuracies = [[accuracy for _, accuracy in run.curve] for run in (real, shim)]
    np.testing.assert_allclose(*accuracies, atol=1e-6)
    np.testing.assert_allclose(shim.test_accuracy, real.test_accuracy, atol=1e-6)

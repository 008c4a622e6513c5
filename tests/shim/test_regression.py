"""Linear regression from D2L's third chapter: data, loss and gradient descent."""

import numpy as np
import pytest

from tests.shim.frameworks import NAMES, Framework


@pytest.fixture(params=NAMES)
def framework(request):
    return Framework(request.param)


def pairs(framework, batches):
    """Return the batches as pairs of NumPy arrays."""
    return [tuple(map(framework.to_numpy, batch)) for batch in batches]


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_synthetic_data_lie_on_a_line_but_for_a_little_noise(framework, shape):
    w = np.array([2, -3.4], dtype=np.float32)
    data = framework.d2l.synthetic_data(framework.tensor(w.reshape(shape)), 4.2, 1000)
    X, y = map(framework.to_numpy, data)
    assert (X.shape, y.shape) == ((1000, 2), (1000, 1))
    assert X.std() == pytest.approx(1, abs=0.1)
    noise = y[:, 0] - (X @ w + 4.2)
    assert noise.std() == pytest.approx(0.01, abs=0.002)


def test_load_array_keeps_the_order_of_test_data(framework):
    X, y = framework.tensor(np.arange(20.0).reshape(10, 2)), framework.tensor(range(10))
    batches = pairs(framework, framework.d2l.load_array((X, y), 4, is_train=False))
    assert [len(y) for _, y in batches] == [4, 4, 2]
    assert [*np.concatenate([y for _, y in batches])] == [*range(10)]
    assert all((X[:, 0] == 2 * y).all() for X, y in batches)


def test_load_array_mixes_all_training_data_anew_each_time(framework):
    framework.d2l.seed(0)
    X = framework.tensor(range(3000))
    train_iter = framework.d2l.load_array((X, X), 1000)
    batches = pairs(framework, train_iter) + pairs(framework, train_iter)
    first, second = np.concatenate([y for _, y in batches]).reshape(2, 3000)
    assert sorted(first) == sorted(second) == [*range(3000)]
    assert (first != second).any()
    # The first batch comes from everywhere, not from the first thousand or two.
    assert np.mean(first[:1000] >= 2000) == pytest.approx(1 / 3, abs=0.1)


def test_linreg_and_squared_loss_are_what_they_are_called(framework):
    X, w = np.arange(6.0).reshape(3, 2), np.array([[1.0], [2.0]])
    y = np.array([1.0, 2.0, 3.0])
    predicted = framework.d2l.linreg(*map(framework.tensor, (X, w, [0.5])))
    loss = framework.d2l.squared_loss(predicted, framework.tensor(y))
    expected = X @ w + 0.5
    np.testing.assert_allclose(framework.to_numpy(predicted), expected)
    expected = (expected - y[:, None]) ** 2 / 2
    np.testing.assert_allclose(framework.to_numpy(loss), expected, rtol=1e-6)


def test_a_step_of_sgd_is_the_one_by_hand(framework):
    w = framework.parameter([1.0, 2.0])
    step = STEPS[framework.name]
    step(framework.d2l, w)  # the loss is the sum of 3w², so the gradient is 6w
    np.testing.assert_allclose(framework.to_numpy(w), [0.7, 1.4], rtol=1e-6)
    step(framework.d2l, w)  # gradients of the step before do not linger
    np.testing.assert_allclose(framework.to_numpy(w), [0.49, 0.98], rtol=1e-6)


def torch_step(d2l, w):
    (3 * w**2).sum().backward()
    d2l.sgd([w], 0.1, 2)


def mxnet_step(d2l, w):
    from mxnet import autograd

    with autograd.record():
        loss = 3 * w**2
    loss.backward()
    d2l.sgd([w], 0.1, 2)


def tensorflow_step(d2l, w):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = 3 * w**2
    d2l.sgd([w], [tape.gradient(loss, w)], 0.1, 2)


STEPS = {"torch": torch_step, "mxnet": mxnet_step, "tensorflow": tensorflow_step}


@pytest.mark.parametrize("reduce", [False, True])
def test_evaluate_loss_counts_every_example_once(framework, reduce):
    """A small last batch weighs no more than it holds, even if the loss is a mean."""
    d2l = framework.d2l

    def loss(y_hat, y):
        losses = d2l.squared_loss(y_hat, y)
        return d2l.reduce_sum(losses) / d2l.size(losses) if reduce else losses

    X = framework.tensor([[1.0], [1.0], [1.0], [9.0]])
    data = d2l.load_array((X, framework.tensor([0.0] * 4)), 3, is_train=False)
    assert d2l.evaluate_loss(lambda X: X, data, loss) == pytest.approx(84 / 4 / 2)


def test_evaluate_loss_of_nothing_is_a_clear_error(framework):
    with pytest.raises(ValueError, match="Değerlendirilecek veri yok"):
        framework.d2l.evaluate_loss(None, [], None)


def test_a_loss_of_keras_gets_the_true_values_first():
    import tensorflow as tf

    framework = Framework("tensorflow")
    loss = tf.keras.losses.MeanAbsolutePercentageError()  # not the same either way
    data = [(framework.tensor([[1.0]]), framework.tensor([[2.0]]))]
    assert framework.d2l.evaluate_loss(lambda X: X, data, loss) == pytest.approx(50)

"""Training on several devices is training on one, with the batch split among them."""

import numpy as np
import pytest

from tests.shim.frameworks import NAMES, Framework
from tests.shim.test_classification import LEARNING_RATE, Interrupted, batches, by_hand


@pytest.fixture(params=NAMES)
def framework(request, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    return Framework(request.param)


def linear(framework):
    net = framework.linear()
    framework.initialize(net)
    return net


def mean_loss(framework):
    """The loss that makes a step the one by hand, whose gradient is of the mean.

    Gluon's trainer divides by the batch size itself.
    """
    return framework.cross_entropy(reduce=framework.name != "mxnet")


def train(framework, net, train_iter, num_epochs=1, devices=None):
    return framework.d2l.train_ch13(
        net,
        train_iter,
        batches(framework, 8),
        mean_loss(framework),
        framework.optimizer(net, LEARNING_RATE),
        num_epochs,
        devices or framework.cpus(2),
    )


def weights(framework, net):
    if framework.name == "mxnet":  # the parameters are on two devices
        weight, bias = net[0].weight.list_data()[0], net[0].bias.list_data()[0]
        return weight.asnumpy().T, bias.asnumpy()
    return framework.weights(net)


@pytest.mark.parametrize("count, sizes", [(6, [3, 3]), (5, [3, 2]), (1, [1])])
def test_a_batch_is_split_evenly_and_in_order(framework, count, sizes):
    X, y = batches(framework, count)[0]
    X_parts, y_parts = framework.d2l.split_batch(X, y, framework.cpus(2))
    assert sorted(map(len, X_parts)) == sorted(map(len, y_parts)) == sorted(sizes)
    for parts, whole in ((X_parts, X), (y_parts, y)):
        joined = np.concatenate([framework.to_numpy(part) for part in parts])
        np.testing.assert_array_equal(joined, framework.to_numpy(whole))


def test_a_split_of_unequal_lengths_is_a_clear_error(framework):
    (X, _), (_, y) = batches(framework, 12)
    with pytest.raises(ValueError, match="X'te 8, y'de 4 örnek var"):
        framework.d2l.split_batch(X, y, framework.cpus(2))


@pytest.mark.parametrize("size", [8, 5, 1])
def test_a_step_on_two_devices_is_the_one_by_hand(framework, size):
    net, (X, y) = linear(framework), batches(framework, size)[0]
    expected, loss, accuracy = by_hand(weights(framework, net), size)
    loss_sum, num_correct = framework.d2l.train_batch_ch13(
        net,
        X,
        y,
        mean_loss(framework),
        framework.optimizer(net, LEARNING_RATE),
        framework.cpus(2),
    )
    assert float(loss_sum) == pytest.approx(loss * size, abs=1e-4)
    assert float(num_correct) == pytest.approx(accuracy * size)
    for ours, by_numpy in zip(weights(framework, net), expected, strict=True):
        np.testing.assert_allclose(ours, by_numpy, atol=1e-5)


@pytest.mark.parametrize("num_batches", [1, 2, 3, 4, 5, 6])
def test_train_ch13_takes_any_number_of_batches(framework, num_batches, capsys):
    """D2L's divides by zero if there are fewer than five."""
    net = linear(framework)
    expected, loss, accuracy = by_hand(weights(framework, net), 8 * num_batches)
    assert train(framework, net, batches(framework, 8 * num_batches)) is None
    said = capsys.readouterr().out
    assert f"kayıp {loss:.3f}" in said
    assert f"eğitim doğruluğu {accuracy:.3f}" in said
    np.testing.assert_allclose(weights(framework, net)[0], expected[0], atol=1e-5)


def test_the_reported_test_accuracy_is_that_of_the_trained_network(framework, capsys):
    net = linear(framework)
    expected, _, _ = by_hand(weights(framework, net), 24)
    train(framework, net, batches(framework, 24))
    _, _, accuracy = by_hand(expected, 8)
    assert f"test doğruluğu {accuracy:.3f}" in capsys.readouterr().out


def test_devices_are_looked_for_when_train_ch13_is_called(framework, capsys):
    net = linear(framework)
    if framework.name == "mxnet":
        net.collect_params().reset_ctx(framework.d2l.try_all_gpus())
    data, loss = batches(framework, 8), mean_loss(framework)
    optimizer = framework.optimizer(net, LEARNING_RATE)
    framework.d2l.train_ch13(net, data, data, loss, optimizer, 1)
    assert "aygıt: " in capsys.readouterr().out


def test_train_ch13_stays_within_the_budget(framework, monkeypatch, capsys):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    train(framework, linear(framework), batches(framework, 8), num_epochs=10)
    assert "Bütçe smoke: 10 yerine 1 dönem" in capsys.readouterr().out


def test_an_interrupted_train_ch13_says_so(framework, capsys):
    net = linear(framework)
    train(framework, net, Interrupted(batches(framework, 8)), num_epochs=3)
    assert "3 dönemden 1 tanesi bitince durduruldu" in capsys.readouterr().out


def test_a_loss_without_reduction_gives_the_gradient_of_the_sum():
    """As in D2L's section on image augmentation, which leaves the scale to Adam."""
    framework = Framework("torch")
    net, (X, y) = framework.linear(), batches(framework, 8)[0]
    before = framework.weights(net)
    expected, loss, _ = by_hand(before, 8)
    optimizer = framework.optimizer(net, LEARNING_RATE / 8)
    loss_sum, _ = framework.d2l.train_batch_ch13(
        net, X, y, framework.cross_entropy(), optimizer, framework.cpus(1)
    )
    assert float(loss_sum) == pytest.approx(8 * loss, abs=1e-4)
    np.testing.assert_allclose(framework.weights(net)[0], expected[0], atol=1e-5)


def test_labels_for_each_pixel_count_as_fractions_of_an_image(monkeypatch, capsys):
    import torch

    framework = Framework("torch")
    net = torch.nn.Conv2d(1, 2, 1)
    torch.nn.init.zeros_(net.weight)
    net.bias.data = torch.tensor([1.0, 0.0])  # class 0 everywhere
    X, y = torch.zeros(2, 1, 2, 2), torch.tensor([[[0, 0], [0, 1]]] * 2)
    monkeypatch.setattr(
        "d2l_shim.torch.multi_gpu.evaluate_accuracy_gpu", lambda *args: 0.0
    )
    framework.d2l.train_ch13(
        net,
        [(X, y)],
        [(X, y)],
        framework.cross_entropy(),
        framework.optimizer(net, 0.0),
        1,
        framework.cpus(1),
    )
    assert "eğitim doğruluğu 0.750" in capsys.readouterr().out


def test_mxnet_evaluates_on_all_devices_and_counts_examples():
    framework = Framework("mxnet")
    net = linear(framework)
    data = batches(framework, 13)
    _, _, expected = by_hand(weights(framework, net), 13, size=13)
    accuracy = framework.d2l.evaluate_accuracy_gpus(net, data)
    assert accuracy == pytest.approx(expected)

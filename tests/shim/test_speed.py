"""What the trainers do for speed leaves the network and its results as they were."""

import numpy as np
import pytest

from tests.shim.frameworks import NAMES, Framework
from tests.shim.test_training import batches, train


@pytest.fixture(params=NAMES)
def framework(request, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    return Framework(request.param)


def small_network():
    """Return a PyTorch network with an activation of every kind of neighbour."""
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(4), nn.ReLU(),
        nn.Flatten(), nn.ReLU(), nn.Linear(64, 10), nn.ReLU(inplace=True),
    )  # fmt: skip


def test_an_activation_overwrites_only_what_nothing_else_wants():
    Framework("torch")
    from d2l_shim.torch import trainer

    net = small_network()
    with trainer._fast(net):
        overwriting = [i for i in (1, 3, 5, 7) if net[i].inplace]
        assert overwriting == [1, 3, 7]
    assert [i for i in (1, 3, 5, 7) if net[i].inplace] == [7]


def test_overwriting_changes_no_gradient():
    Framework("torch")
    import torch

    from d2l_shim.torch import trainer

    torch.manual_seed(0)
    net, X = small_network(), torch.randn(8, 1, 4, 4)
    gradients = []
    for context in (trainer._fast(net), trainer._fast(torch.nn.Sequential())):
        net.zero_grad()
        with context:
            net(X).square().sum().backward()
        gradients.append([p.grad.numpy().copy() for p in net.parameters()])
    for ours, plain in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-4, atol=1e-5)


def test_after_training_pytorch_s_weights_can_be_viewed_as_before():
    framework = Framework("torch")
    from torch import nn

    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 10))
    train(framework, batches(framework, 16), net=net)
    assert net[0].weight.view(-1).shape == (36,)
    assert net[1].inplace is False


def test_after_training_mxnet_s_layers_run_one_by_one_again():
    framework = Framework("mxnet")
    net = framework.linear()
    train(framework, batches(framework, 16), net=net)
    assert not any(layer._active for layer in net)


def test_a_network_that_was_compiled_before_stays_compiled():
    framework = Framework("mxnet")
    from mxnet.gluon import nn

    net = nn.HybridSequential()
    net.add(nn.Dense(10))
    net.hybridize()
    train(framework, batches(framework, 16), net=net)
    assert net._active


def test_mxnet_also_trains_what_cannot_be_compiled():
    framework = Framework("mxnet")
    from mxnet.gluon import nn

    class Plain(nn.Block):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(10)

        def forward(self, X):
            return self.dense(X) if X.sum() > 0 else self.dense(-X)

    net = nn.Sequential()
    net.add(Plain())
    assert train(framework, batches(framework, 20), net=net).examples == 20


def test_a_network_may_be_trained_again_on_batches_of_another_size(framework):
    net = framework.linear()
    train(framework, batches(framework, 20, batch_size=8), net=net)
    history = train(framework, batches(framework, 20, batch_size=6), net=net)
    assert history.examples == 20


def test_batches_that_can_be_made_on_the_device_are(framework):
    """As those of `load_data_fashion_mnist`, which then need no copy."""

    class Movable(list):
        def on(self, device):
            asked.append(device)
            return list(self)

    asked = []
    device = framework.d2l.try_gpu()
    movable = Movable(batches(framework, 16))
    net = framework.linear()
    framework.d2l.train_ch6(net, movable, movable, 1, 0.1, device)
    assert len(asked) == 2 and all(d is device for d in asked)


def test_evaluating_often_shows_the_reader_no_remarks_of_tensorflow(capfd, caplog):
    """As it makes, in English, of functions that are compiled again and again."""
    framework = Framework("tensorflow")
    test_iter = batches(framework, 8)
    for _ in range(7):
        framework.d2l.evaluate_accuracy_gpu(framework.linear(), test_iter)
    assert "retracing" not in capfd.readouterr().err + caplog.text


def test_a_function_can_be_evaluated_too():
    """As in D2L's section on several GPUs, where parameters are a plain list."""
    framework = Framework("torch")
    net = framework.linear().eval()
    device, test_iter = framework.d2l.try_gpu(), batches(framework, 8)
    as_module = framework.d2l.evaluate_accuracy_gpu(net, test_iter)
    as_function = framework.d2l.evaluate_accuracy_gpu(
        lambda X: net(X), test_iter, device
    )
    assert as_module == as_function


def test_a_sum_holds_no_graph(framework):
    """Or the sums of a reader's own loop would keep every batch in memory."""
    if framework.name == "torch":
        import torch

        number = torch.ones((), requires_grad=True) * 2
    else:
        X, _ = framework.batch(np.full((1, 4, 4), 0.125, np.float32), [0])
        number = X.sum() if framework.name == "mxnet" else sum(X.numpy().ravel())
    sums = framework.d2l.Accumulator(2)
    sums.add(number, 1)
    sums.add(number, 1)
    assert sums.data == [4.0, 2.0] and all(type(a) is float for a in sums.data)


def test_training_a_nested_network_in_mxnet_gives_no_advice(recwarn):
    framework = Framework("mxnet")
    from mxnet.gluon import nn

    inner, net = nn.Sequential(), nn.Sequential()
    inner.add(nn.Dense(10))
    net.add(inner)
    train(framework, batches(framework, 16), net=net)
    assert not [warning for warning in recwarn if "Hybrid" in str(warning.message)]

"""`train_ch6` is plain minibatch SGD, and its history tells what happened."""

import math
import re
from types import SimpleNamespace

import nbclient
import nbformat
import numpy as np
import pytest

from d2l_shim import plotting, training
from tests.shim.frameworks import NAMES, Framework

LEARNING_RATE = 0.5


@pytest.fixture(params=NAMES)
def framework(request, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    return Framework(request.param)


def bright_rows(count, seed=0):
    """A tiny problem: which of the four rows of a noisy 4×4 image is bright."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.uint8) % 4
    images = rng.random((count, 4, 4), dtype=np.float32) / 4
    images[np.arange(count), labels] += 0.75
    return images, labels


def batches(framework, count, batch_size=8):
    """Return the tiny problem as a list of minibatches, the last one possibly small."""
    images, labels = bright_rows(count)
    starts = range(0, count, batch_size)
    chunks = ((images[i : i + batch_size], labels[i : i + batch_size]) for i in starts)
    return [framework.batch(*chunk) for chunk in chunks]


def train(framework, train_iter, num_epochs=1, net=None, test_iter=None):
    net = net or framework.linear()
    test_iter = test_iter or batches(framework, 8)
    train_ch6 = framework.d2l.train_ch6
    return train_ch6(net, train_iter, test_iter, num_epochs, LEARNING_RATE)


class Watched:
    """Batches that note the network's weights each time one is asked for."""

    def __init__(self, framework, net, batches):
        self.framework, self.net, self.batches = framework, net, batches
        self.weights = []

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        for batch in self.batches:
            self.weights.append(self.framework.weights(self.net))
            yield batch


def softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def forward(weights, images, labels):
    """Return class probabilities, mean cross-entropy and accuracy, by hand."""
    weight, bias = weights
    p = softmax(images.reshape(len(images), -1) @ weight + bias)
    loss = -np.log(p[np.arange(len(labels)), labels]).mean()
    return p, loss, (p.argmax(axis=1) == labels).mean()


def step(weights, images, labels):
    """Return the weights after one step of gradient descent, written by hand."""
    weight, bias = weights
    error = forward(weights, images, labels)[0]
    error[np.arange(len(labels)), labels] -= 1
    gradient = images.reshape(len(images), -1).T @ error / len(labels)
    bias_step = LEARNING_RATE * error.mean(axis=0)
    return weight - LEARNING_RATE * gradient, bias - bias_step


def test_each_step_is_that_of_a_hand_written_loop(framework):
    net = framework.linear()
    watched = Watched(framework, net, batches(framework, 28))
    train(framework, watched, num_epochs=2, net=net)
    images, labels = bright_rows(28)
    before = [*watched.weights, framework.weights(net)]
    for i, (old, new) in enumerate(zip(before, before[1:], strict=False)):
        part = slice(8 * (i % 4), 8 * (i % 4) + 8)
        expected = step(old, images[part], labels[part])
        for ours, theirs in zip(expected, new, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert len(before) == 9


def test_the_history_is_what_a_hand_written_loop_counts(framework):
    net = framework.linear()
    watched = Watched(framework, net, batches(framework, 20))
    history = train(framework, watched, net=net)
    images, labels = bright_rows(20)
    sums = np.zeros(2)
    for i, weights in enumerate(watched.weights):
        part = slice(8 * i, 8 * i + 8)
        _, loss, accuracy = forward(weights, images[part], labels[part])
        sums += np.array([loss, accuracy]) * len(labels[part])
    measured = [history.train_loss[0], history.train_accuracy[0]]
    np.testing.assert_allclose(measured, sums / 20, atol=1e-5)
    assert history.examples == 20


def test_test_figures_are_taken_before_training_and_after_each_epoch(framework):
    net = framework.linear()
    watched = Watched(framework, net, batches(framework, 16))
    history = train(framework, watched, num_epochs=2, net=net)
    untrained = [history.untrained_loss, history.untrained_accuracy]
    first = [history.test_loss[0], history.test_accuracy[0]]
    last = [history.test_loss[1], history.test_accuracy[1]]
    weights = [watched.weights[0], watched.weights[2], framework.weights(net)]
    for figures, state in zip([untrained, first, last], weights, strict=True):
        by_hand = forward(state, *bright_rows(8))[1:]
        np.testing.assert_allclose(figures, by_hand, atol=1e-5)


def test_it_learns_a_tiny_problem(framework):
    framework.d2l.seed(1)
    history = train(framework, batches(framework, 64), num_epochs=20)
    assert history.test_accuracy[-1] == 1
    assert history.train_loss[-1] < history.train_loss[0] / 2


def test_weights_start_from_xavier_s_distribution(framework):
    net = framework.linear()
    watched = Watched(framework, net, batches(framework, 8))
    train(framework, watched, net=net)
    bound = math.sqrt(6 / (16 + 10))
    largest = np.abs(watched.weights[0][0]).max()
    assert 0.9 * bound < largest <= bound * 1.0001


def test_layers_of_one_shape_start_from_different_weights(framework):
    net = two_equal_layers(framework.name)
    watched = Watched(framework, net, batches(framework, 8))
    watched.framework = Layers(framework.name)
    train(framework, watched, net=net)
    first, second = watched.weights[0]
    assert first.shape == second.shape and not np.allclose(first, second)


def two_equal_layers(name):
    """Return a network whose last two layers have weights of one shape."""
    if name == "torch":
        from torch import nn

        return nn.Sequential(nn.Flatten(), nn.Linear(16, 16), nn.Linear(16, 16))
    if name == "mxnet":
        from mxnet.gluon import nn

        net = nn.Sequential()
        net.add(nn.Dense(16, in_units=16), nn.Dense(16, in_units=16))
        return net
    import tensorflow as tf

    layers = [tf.keras.layers.Dense(16) for _ in range(2)]
    return tf.keras.Sequential(
        [tf.keras.Input((4, 4, 1)), tf.keras.layers.Flatten(), *layers]
    )


class Layers:
    """Gives the weights of a network's last two layers in place of the framework."""

    def __init__(self, name):
        self.name = name

    def weights(self, net):
        layers = net.layers if self.name == "tensorflow" else list(net)
        read = {
            "torch": lambda layer: layer.weight.detach().numpy(),
            "mxnet": lambda layer: layer.weight.data().asnumpy(),
            "tensorflow": lambda layer: layer.kernel.numpy(),
        }[self.name]
        return [read(layer).copy() for layer in layers[-2:]]


def test_layers_that_wait_for_the_shape_of_their_input_are_trained_too():
    """As D2L 1.0 builds them: ``nn.LazyLinear``."""
    framework = Framework("torch")
    from torch import nn

    net = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    history = train(framework, batches(framework, 16), net=net)
    assert history.examples == 16 and net[1].weight.shape == (10, 16)


def test_training_again_starts_from_new_weights(framework):
    net = framework.linear()
    losses = [train(framework, batches(framework, 32), net=net) for _ in range(2)]
    assert losses[1].untrained_loss > losses[0].test_loss[0]


def test_the_same_seed_gives_the_same_history(framework):
    histories = []
    for seed in (1, 1, 2):
        framework.d2l.seed(seed)
        histories.append(train(framework, batches(framework, 16), num_epochs=2))
    first, again, other = (history.train_loss for history in histories)
    assert first == again != other


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_any_number_of_batches_will_do(framework, count):
    history = train(framework, batches(framework, count, batch_size=1))
    assert history.examples == count
    assert history.curve[-1][0] == 1


def test_the_curve_has_five_points_an_epoch(framework):
    history = train(framework, batches(framework, 80), num_epochs=2)
    points = [epoch for epoch, _, _ in history.curve]
    np.testing.assert_allclose(points, np.arange(1, 11) / 5)


def test_the_clock_stands_still_while_the_curve_is_drawn(framework, monkeypatch):
    now = 0

    def draw(animator):
        nonlocal now
        now += 1

    monkeypatch.setattr(plotting.Animator, "_draw", draw)
    monkeypatch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: now))
    history = train(framework, batches(framework, 40))
    assert now >= 5 and history.seconds == 0


def test_in_a_captured_cell_the_report_is_text_and_no_figure_is_drawn(
    root, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", str(root))
    code = (
        "from IPython.utils.capture import capture_output\n"
        "from tests.shim import test_training as t\n"
        "framework = t.Framework('torch')\n"
        "with capture_output() as captured:\n"
        "    history = t.train(framework, t.batches(framework, 16))\n"
        "assert captured.stdout == history.report() + '\\n'\n"
        "assert not captured.outputs"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    assert not notebook.cells[0].outputs


def test_no_batch_is_a_clear_error(framework):
    with pytest.raises(ValueError, match="train_iter hiç yığın vermiyor"):
        train(framework, [])


def test_no_test_batch_is_a_clear_error(framework):
    net = framework.linear()
    history = train(framework, batches(framework, 8), net=net)
    with pytest.raises(ValueError, match="Değerlendirilecek veri yok"):
        framework.d2l.evaluate_accuracy_gpu(history.net, [])


def test_batches_of_unknown_number_are_a_clear_error(framework):
    with pytest.raises(TypeError, match="yığın sayısı bilinmiyor"):
        train(framework, (batch for batch in batches(framework, 8)))


class Interrupted:
    """Two batches an epoch; the reader presses Ctrl-C in the middle of the second."""

    def __init__(self, batches):
        self.batches, self.epochs = batches, 0

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        self.epochs += 1
        yield self.batches[0]
        if self.epochs == 2:
            raise KeyboardInterrupt
        yield self.batches[1]


def test_an_interrupted_run_keeps_its_history_and_says_so(framework, capsys):
    history = train(framework, Interrupted(batches(framework, 16)), num_epochs=3)
    assert history.interrupted
    assert len(history.train_loss) == len(history.test_accuracy) == 1
    assert "3 dönemden 1 tanesi bitince durduruldu" in capsys.readouterr().out


def test_another_error_is_not_hidden(framework):
    with pytest.raises(Exception, match="bozuk"):
        train(framework, Broken())


class Broken:
    def __len__(self):
        return 1

    def __iter__(self):
        raise RuntimeError("bozuk veri")


def test_the_budget_limits_the_epochs_and_says_so(framework, monkeypatch, capsys):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    history = train(framework, batches(framework, 8), num_epochs=3)
    assert len(history.train_loss) == 1
    assert "Bütçe smoke: 3 yerine 1 dönem" in capsys.readouterr().out


def test_a_long_full_run_on_a_cpu_announces_its_length(framework, monkeypatch, capsys):
    monkeypatch.setattr(training, "LONG_RUN_MINUTES", 0)
    train(framework, batches(framework, 32))
    said = capsys.readouterr().out
    assert re.search(r"yaklaşık \d+ dakika sürecek.*D2L_SHIM_BUDGET=cpu", said)


def test_a_short_full_run_says_nothing_of_its_length(framework, capsys):
    train(framework, batches(framework, 32))
    assert "sürecek" not in capsys.readouterr().out


def test_the_report_names_loss_accuracies_speed_and_device(framework, capsys):
    history = train(framework, batches(framework, 32))
    said = capsys.readouterr().out
    assert f"kayıp {history.train_loss[-1]:.3f}" in said
    assert f"eğitim doğruluğu {history.train_accuracy[-1]:.3f}" in said
    assert f"test doğruluğu {history.test_accuracy[-1]:.3f}" in said
    speed = f"{history.examples_per_second:.1f} örnek/sn"
    assert f"{speed}, aygıt: {history.device}" in said


def test_accuracy_counts_examples_not_batches(framework):
    framework.d2l.seed(1)
    net = framework.linear()
    history = train(framework, batches(framework, 16), net=net)
    data = batches(framework, 20)  # the last batch is half as large
    accuracy = framework.d2l.evaluate_accuracy_gpu(history.net, data)
    _, _, by_hand = forward(framework.weights(net), *bright_rows(20))
    assert accuracy == pytest.approx(by_hand)


def test_there_is_always_a_device(framework):
    d2l = framework.d2l
    assert len(d2l.try_all_gpus()) >= 1
    no_such_gpu = d2l.try_gpu(99)
    history = d2l.train_ch6(
        framework.linear(),
        batches(framework, 8),
        batches(framework, 8),
        1,
        LEARNING_RATE,
        no_such_gpu,
    )
    assert "cpu" in history.device


def test_tensorflow_takes_a_function_that_builds_the_network():
    framework = Framework("tensorflow")
    history = train(framework, batches(framework, 8), net=framework.linear)
    assert len(history.net.layers) == 2


def test_dropout_is_on_in_training_and_off_in_evaluation(framework):
    net = DROPOUT_NETWORKS[framework.name]()
    data = batches(framework, 8)
    framework.d2l.train_ch6(net, data, data, 1, 0.0)
    accuracies = {framework.d2l.evaluate_accuracy_gpu(net, data) for _ in range(5)}
    assert len(accuracies) == 1
    losses = [
        framework.d2l.train_ch6(net, data, data, 1, 0.0).train_loss[0] for _ in range(2)
    ]
    assert losses[0] != losses[1]


def torch_dropout():
    from torch import nn

    return nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(16, 10))


def mxnet_dropout():
    from mxnet.gluon import nn

    net = nn.Sequential()
    net.add(nn.Flatten(), nn.Dropout(0.5), nn.Dense(10))
    return net


def tensorflow_dropout():
    import tensorflow as tf

    layers = tf.keras.layers
    return tf.keras.Sequential(
        [layers.Flatten(), layers.Dropout(0.5), layers.Dense(10)]
    )


DROPOUT_NETWORKS = {
    "torch": torch_dropout,
    "mxnet": mxnet_dropout,
    "tensorflow": tensorflow_dropout,
}


def test_in_a_notebook_the_bar_gives_way_to_the_report(framework, root, monkeypatch):
    """The finished cell holds the report, one figure and no error stream."""
    monkeypatch.setenv("PYTHONPATH", str(root))
    code = (
        "from tests.shim import test_training as t\n"
        f"f = t.Framework('{framework.name}')\n"
        "history = t.train(f, t.batches(f, 32), num_epochs=2)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    texts = [output.data.get("text/plain", "") for output in outputs]
    assert [output.output_type for output in outputs] == ["display_data"] * 2
    assert sorted("image/svg+xml" in output.data for output in outputs) == [False, True]
    assert any(text.startswith("kayıp ") and "aygıt:" in text for text in texts)

"""Training a classifier as D2L's third chapter does, step for step."""

import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib import pyplot as plt

from tests.shim.frameworks import NAMES, Framework
from tests.shim.test_training import bright_rows, forward

LEARNING_RATE = 0.5


@pytest.fixture(params=NAMES)
def framework(request, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    return Framework(request.param)


def batches(framework, count, size=8):
    """Return the tiny problem as a list of minibatches, the last one possibly small."""
    images, labels = bright_rows(count)
    chunks = (slice(i, i + size) for i in range(0, count, size))
    return [framework.batch(images[chunk], labels[chunk]) for chunk in chunks]


class Scratch:
    """Softmax regression from scratch, as section 3.6 has it, but on scores."""

    def __init__(self, framework):
        rng = np.random.default_rng(0)
        self.framework = framework
        self.W = framework.parameter(rng.normal(0, 0.1, (16, 10)))
        self.b = framework.parameter(np.zeros(10))

    def __call__(self, X):
        d2l = self.framework.d2l
        return d2l.matmul(d2l.reshape(X, (-1, 16)), self.W) + self.b

    def weights(self):
        return [np.array(self.framework.to_numpy(p)) for p in (self.W, self.b)]

    def updater(self):
        d2l, params = self.framework.d2l, [self.W, self.b]
        if self.framework.name == "tensorflow":
            return d2l.Updater(params, LEARNING_RATE)
        return lambda batch_size: d2l.sgd(params, LEARNING_RATE, batch_size)


def by_hand(weights, count, size=8):
    """Return weights, mean loss and accuracy of one epoch written in NumPy."""
    weight, bias = (array.astype(np.float64) for array in weights)
    images, labels = bright_rows(count)
    sums = np.zeros(2)
    for i in range(0, count, size):
        X, y = images[i : i + size], labels[i : i + size]
        error, loss, accuracy = forward((weight, bias), X, y)
        sums += np.array([loss, accuracy]) * len(y)
        error[np.arange(len(y)), y] -= 1
        weight = weight - LEARNING_RATE / len(y) * X.reshape(len(y), -1).T @ error
        bias = bias - LEARNING_RATE * error.mean(axis=0)
    return (weight, bias), *(sums / count)


def test_accuracy_counts_the_largest_scores(framework):
    scores = framework.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5], [0.9, 0.1, 0.0]])
    labels = framework.tensor([0, 2, 0], "int32")
    assert framework.d2l.accuracy(scores, labels) == 2


def test_accuracy_takes_classes_as_well_as_scores(framework):
    predicted = framework.tensor([1.0, 2.0, 2.0])
    assert framework.d2l.accuracy(predicted, framework.tensor([1, 1, 2], "int32")) == 2


def test_accuracy_counts_beyond_what_a_byte_holds(framework):
    d2l = framework.d2l
    labels = d2l.tensor(np.zeros(300, dtype=np.uint8), dtype=UINT8[framework.name]())
    assert d2l.accuracy(labels, labels) == 300


def torch_uint8():
    import torch

    return torch.uint8


UINT8 = {
    "torch": torch_uint8,
    "mxnet": lambda: "uint8",
    "tensorflow": lambda: "uint8",
}


def test_evaluate_accuracy_counts_examples_not_batches(framework):
    net = Scratch(framework)
    data = batches(framework, 12)  # the last batch is half as large
    _, _, expected = forward(net.weights(), *bright_rows(12))
    assert framework.d2l.evaluate_accuracy(net, data) == pytest.approx(expected)


def test_evaluate_accuracy_of_nothing_is_a_clear_error(framework):
    with pytest.raises(ValueError, match="Değerlendirilecek veri yok"):
        framework.d2l.evaluate_accuracy(None, [])


def test_an_epoch_from_scratch_is_the_one_by_hand(framework):
    net = Scratch(framework)
    weights, loss, accuracy = by_hand(net.weights(), 20)
    results = framework.d2l.train_epoch_ch3(
        net, batches(framework, 20), framework_loss(framework), net.updater()
    )
    assert results == pytest.approx((loss, accuracy), abs=1e-5)
    for ours, expected in zip(net.weights(), weights, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-5)


def framework_loss(framework):
    """A loss of one number an example, as a function ``loss(y_hat, y)``."""
    loss = framework.cross_entropy()
    if framework.name == "tensorflow":
        return lambda y_hat, y: loss(y, y_hat)
    return loss


def test_an_epoch_with_the_framework_s_optimizer_is_the_one_by_hand(framework):
    net = framework.linear()
    if framework.name == "mxnet":
        net.initialize()
    weights, loss, accuracy = by_hand(framework.weights(net), 20)
    results = framework.d2l.train_epoch_ch3(
        net,
        batches(framework, 20),
        CONCISE_LOSS[framework.name](framework),
        framework.optimizer(net, LEARNING_RATE),
    )
    assert results == pytest.approx((loss, accuracy), abs=1e-5)
    for ours, expected in zip(framework.weights(net), weights, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-5)


# The losses of section 3.7: Keras averages, the others give one number an example.
CONCISE_LOSS = {
    "torch": Framework.cross_entropy,
    "mxnet": Framework.cross_entropy,
    "tensorflow": lambda framework: framework.cross_entropy(reduce=True),
}


def test_the_reported_loss_is_a_mean_whether_or_not_the_loss_is_one():
    """D2L's PyTorch divides a mean by the batch size a second time."""
    framework = Framework("torch")
    losses = []
    for reduce in (False, True):
        net = framework.linear()
        with_zeros(net)
        loss = framework.cross_entropy(reduce)
        updater = framework.optimizer(net, LEARNING_RATE)
        data = batches(framework, 20)
        losses.append(framework.d2l.train_epoch_ch3(net, data, loss, updater)[0])
    assert losses[0] == pytest.approx(losses[1])
    assert losses[0] > 1


def with_zeros(net):
    for parameter in net.parameters():
        parameter.data.zero_()


def train(framework, net=None, train_iter=None, num_epochs=1):
    net = net or Scratch(framework)
    return framework.d2l.train_ch3(
        net,
        batches(framework, 16) if train_iter is None else train_iter,
        batches(framework, 8),
        framework_loss(framework),
        num_epochs,
        net.updater(),
    )


def test_train_ch3_learns_and_reports_what_it_has_reached(framework, capsys):
    net = Scratch(framework)
    assert train(framework, net, batches(framework, 64), num_epochs=20) is None
    assert framework.d2l.evaluate_accuracy(net, batches(framework, 8)) == 1
    said = capsys.readouterr().out
    assert "test doğruluğu 1.000" in said
    assert "eğitim doğruluğu 1.000" in said


def test_train_ch3_accepts_that_little_has_been_learnt(framework, capsys):
    train(framework)
    assert "kayıp 2." in capsys.readouterr().out


def test_train_ch3_stays_within_the_budget_and_says_so(framework, monkeypatch, capsys):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    train(framework, num_epochs=10)
    assert "Bütçe smoke: 10 yerine 1 dönem" in capsys.readouterr().out


class Interrupted(list):
    """Batches; the reader presses Ctrl-C in the second epoch."""

    epochs = 0

    def __iter__(self):
        self.epochs += 1
        if self.epochs == 2:
            raise KeyboardInterrupt
        return super().__iter__()


def test_an_interrupted_train_ch3_says_so_and_keeps_the_weights(framework, capsys):
    net = Scratch(framework)
    weights, _, _ = by_hand(net.weights(), 16)
    train(framework, net, Interrupted(batches(framework, 16)), num_epochs=3)
    assert "3 dönemden 1 tanesi bitince durduruldu" in capsys.readouterr().out
    np.testing.assert_allclose(net.weights()[0], weights[0], atol=1e-5)


def test_train_ch3_without_data_is_a_clear_error(framework):
    with pytest.raises(ValueError, match="hiç yığın vermiyor"):
        train(framework, train_iter=[])


def test_predict_ch3_shows_true_above_predicted_class(framework):
    images, labels = bright_rows(8)
    batch = framework.batch(np.tile(images, (1, 7, 7)), labels)

    def net(X):  # takes everything for class 9, an ankle boot
        return framework.tensor(np.eye(10)[[9] * len(X)])

    assert framework.d2l.predict_ch3(net, [batch], n=3) is None
    titles = [axes.get_title() for axes in plt.gcf().axes]
    plt.close()
    true = ["t-shirt", "trouser", "pullover"]
    assert titles == [f"{label}\nankle boot" for label in true]


def test_dropout_is_on_in_training_and_off_in_evaluation(framework):
    """In TensorFlow, too, where D2L's train_epoch_ch3 leaves it off."""
    net = DROPOUT[framework.name]()
    data = batches(framework, 32, size=32)
    d2l, optimizer = framework.d2l, framework.optimizer(net, 0.0)
    loss = framework.cross_entropy(reduce=framework.name == "tensorflow")
    accuracies, train_losses = set(), set()
    for _ in range(3):
        accuracies.add(d2l.evaluate_accuracy(net, data))
        train_losses.add(d2l.train_epoch_ch3(net, data, loss, optimizer)[0])
    assert len(accuracies) == 1
    assert len(train_losses) == 3


def torch_dropout():
    from torch import nn

    return nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(16, 10))


def mxnet_dropout():
    from mxnet.gluon import nn

    net = nn.Sequential()
    net.add(nn.Flatten(), nn.Dropout(0.5), nn.Dense(10))
    net.initialize()
    return net


def tensorflow_dropout():
    import tensorflow as tf

    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.flatten = tf.keras.layers.Flatten()
            self.dense = tf.keras.layers.Dense(10)

        def call(self, X, training=None):
            X = self.flatten(X)
            return self.dense(tf.nn.dropout(X, 0.5) if training else X)

    return Net()


DROPOUT = {
    "torch": torch_dropout,
    "mxnet": mxnet_dropout,
    "tensorflow": tensorflow_dropout,
}


def test_the_train_callback_draws_and_reports_what_keras_fits(capsys):
    framework = Framework("tensorflow")
    import tensorflow as tf

    net, (X, y) = framework.linear(), batches(framework, 20, size=20)[0]
    data = tf.data.Dataset.from_tensor_slices((X, y)).batch(8)
    net.compile("sgd", framework.cross_entropy(reduce=True), metrics=["accuracy"])
    callback = framework.d2l.TrainCallback(net, data, data, 2, "/CPU:0")
    callback.timer.avg = lambda: 2.0  # seconds an epoch
    net.fit(data, epochs=2, verbose=0, callbacks=[callback])
    losses, _, test_accuracies = callback.animator.Y
    said = capsys.readouterr().out
    assert f"kayıp {losses[-1]:.3f}" in said
    assert f"test doğruluğu {test_accuracies[-1]:.3f}" in said
    assert "\n10.0 örnek/sn, aygıt: /CPU:0" in said  # 20 examples, not 3 batches of 8


def test_in_a_notebook_train_ch3_shows_one_figure_and_the_report(root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("D2L_SHIM_BUDGET", "full")
    code = (
        "from tests.shim import test_classification as t\n"
        "t.train(t.Framework('torch'), num_epochs=2)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    assert [output.output_type for output in outputs] == ["display_data"] * 2
    assert sorted("image/svg+xml" in output.data for output in outputs) == [False, True]

"""Layers as D2L wrote them for Keras 2 work with Keras 3."""

import numpy as np
import pytest

from tests.shim.frameworks import Framework


@pytest.fixture
def tf():
    """TensorFlow, after its shim has been imported."""
    Framework("tensorflow")
    import tensorflow

    return tensorflow


def test_a_list_of_layers_knows_its_layers(tf):
    class Block(tf.keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.members = [tf.keras.layers.Dense(3), tf.keras.layers.ReLU()]

        def call(self, X):
            for layer in self.members.layers:
                X = layer(X)
            return X

    Y = tf.keras.Sequential([Block()])(tf.ones((2, 4)))
    assert Y.shape == (2, 3)
    assert (Y.numpy() >= 0).all()


def plain(tf):
    return lambda function: function


def compiled(tf):
    return tf.function


def counter(tf, wrap):
    """Return a layer that adds how often it was trained, and must be told when."""

    class Counter(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)
            super().build(input_shape)

        @wrap(tf)
        def call(self, inputs, training):
            if training:
                self.add_update(self.count.assign_add(1))
            return inputs + self.count

    return Counter()


@pytest.mark.parametrize("wrap", [plain, compiled])
def test_call_may_ask_for_training_without_a_default(tf, wrap):
    net = tf.keras.Sequential([tf.keras.Input((1,)), counter(tf, wrap)])
    X = np.zeros((1, 1), dtype=np.float32)
    results = [net(X), net(X, training=True), net(X, training=True), net(X)]
    assert [float(Y[0, 0]) for Y in results] == [0, 1, 2, 2]


@pytest.mark.parametrize("wrap", [plain, compiled])
def test_such_a_layer_can_be_called_on_its_own(tf, wrap):
    layer, X = counter(tf, wrap), np.zeros((1, 1), dtype=np.float32)
    results = [layer(X), layer(X, training=True), layer.call(X, True)]
    assert [float(Y[0, 0]) for Y in results] == [0, 1, 2]

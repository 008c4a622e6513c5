"""TensorFlow's words, as `in_torch` has PyTorch's."""

import contextlib
from unittest import mock

import tensorflow as tf
from tensorflow.keras import Input, Sequential, layers

from tests.d2l.frameworks import Framework


class Words(Framework):
    name = "tensorflow"

    def batch(self, images, labels):
        return tf.constant(images[..., None]), tf.constant(labels, tf.int32)

    def tensor(self, array):
        return tf.constant(array)

    def to_numpy(self, tensor):
        return tensor.numpy()

    def constant(self, tensor):
        return tf.convert_to_tensor(tensor)

    def small_cnn(self):
        return Sequential([
            *[Input((28, 28, 1)), layers.Conv2D(6, 5, padding="same")],
            *[layers.ReLU(), layers.MaxPool2D(2), layers.Conv2D(16, 5)],
            *[layers.ReLU(), layers.MaxPool2D(2), layers.Flatten()],
            *[layers.Dense(120, "relu"), layers.Dense(10)],
        ])  # fmt: skip

    def linear(self, pixels):
        return Sequential([layers.Flatten(), layers.Dense(10)])

    def set_weights(self, net, weights):
        axes = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}
        net.set_weights([weight.transpose(axes[weight.ndim]) for weight in weights])

    def draw_weights(self, net, X, draw):
        net(X)  # Keras makes the weights when it first sees an input
        weights = [draw(*own.shape) for own in net.trainable_variables]
        for own, new in zip(net.trainable_variables, weights, strict=True):
            own.assign(new)
        return [weight.shape for weight in weights]

    def softmax_regression(self, d2l, weights, lr):
        W, b = tf.Variable(weights), tf.Variable(tf.zeros(weights.shape[1]))
        net = lambda X: tf.reshape(X, (len(X), -1)) @ W + b  # noqa: E731
        cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits
        loss = lambda y_hat, y: cross_entropy(labels=y, logits=y_hat)  # noqa: E731
        return net, loss, d2l.Updater([W, b], lr), [W, b]

    def loss_and_updater(self, net, lr):
        optimizer = tf.keras.optimizers.SGD(lr)
        optimizer.build(net.trainable_variables)
        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        return loss, optimizer

    def residual(self, d2l, channels, **options):
        return d2l.Residual(channels, **options)

    def bare_step(self, net, lr):
        cross_entropy, optimizer = self.loss_and_updater(net, lr)

        @tf.function
        def step(X, y):
            with tf.GradientTape() as tape:
                loss = cross_entropy(y, net(X, training=True))
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply(gradients)
            return loss

        return step, float

    def dataset(self, batches):
        """Return a list of batches as the `tf.data.Dataset` that d2l needs."""
        signature = tuple(
            tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype)
            for tensor in next(iter(batches))
        )
        dataset = tf.data.Dataset.from_generator(
            lambda: iter(batches), output_signature=signature
        )
        return dataset.apply(tf.data.experimental.assert_cardinality(len(batches)))

    def call_real(self, net, train_iter, test_iter, num_epochs, lr, weights):
        if weights is not None:
            self.set_weights(net, weights)
        if not isinstance(train_iter, tf.data.Dataset):
            train_iter, test_iter = self.dataset(train_iter), self.dataset(test_iter)
        device = self.real.try_gpu()
        net_fn = lambda: net  # noqa: E731  d2l wants a function and does not redraw
        self.real.train_ch6(net_fn, train_iter, test_iter, num_epochs, lr, device)

    @contextlib.contextmanager
    def recording(self, run):
        """As in the others, but d2l draws one point an epoch: Keras counts batches."""

        class Callback(self.real.TrainCallback):
            def on_train_batch_end(self, batch, logs):
                run.curve.append((logs["loss"], logs["accuracy"]))

        with (
            super().recording(run),
            mock.patch.object(self.real, "TrainCallback", Callback),
        ):
            yield

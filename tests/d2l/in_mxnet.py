"""MXNet's words, as `in_torch` has PyTorch's; only `frameworks.get` can import it."""

import functools

from mxnet import autograd, gluon
from mxnet import np as mx_np
from mxnet.gluon import nn

from tests.d2l.frameworks import Framework


class Words(Framework):
    name = "mxnet"

    def batch(self, images, labels):
        return mx_np.array(images[:, None]), mx_np.array(labels, dtype="int32")

    def tensor(self, array):
        return mx_np.array(array)

    def to_numpy(self, tensor):
        return tensor.asnumpy()

    def constant(self, tensor):
        return tensor

    def small_cnn(self):
        net = nn.Sequential()
        net.add(
            *[nn.Conv2D(6, 5, padding=2, activation="relu"), nn.MaxPool2D(2, 2)],
            *[nn.Conv2D(16, 5, activation="relu"), nn.MaxPool2D(2, 2)],
            *[nn.Dense(120, activation="relu"), nn.Dense(10)],
        )
        return net

    def linear(self, pixels):
        net = nn.Sequential()
        net.add(nn.Dense(10, in_units=pixels))
        return net

    def set_weights(self, net, weights):
        parameters = net.collect_params().values()
        for own, new in zip(parameters, weights, strict=True):
            own.set_data(mx_np.array(new))

    def draw_weights(self, net, X, draw):
        net.initialize()
        net(X)  # shapes are known from now on
        learnt = [p for p in net.collect_params().values() if p.grad_req != "null"]
        weights = [draw(*own.shape) for own in learnt]
        for own, new in zip(learnt, weights, strict=True):
            own.set_data(self.tensor(new))
        return [weight.shape for weight in weights]

    def softmax_regression(self, d2l, weights, lr):
        W, b = self.tensor(weights), mx_np.zeros(weights.shape[1])
        W.attach_grad()
        b.attach_grad()
        net = lambda X: mx_np.dot(X.reshape(len(X), -1), W) + b  # noqa: E731
        loss = gluon.loss.SoftmaxCrossEntropyLoss()
        return net, loss, functools.partial(d2l.sgd, [W, b], lr), [W, b]

    def loss_and_updater(self, net, lr):
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})
        return gluon.loss.SoftmaxCrossEntropyLoss(), trainer

    def residual(self, d2l, channels, **options):
        return d2l.Residual(channels, **options)

    def bare_step(self, net, lr):
        cross_entropy, trainer = self.loss_and_updater(net, lr)

        def step(X, y):
            with autograd.record():
                loss = cross_entropy(net(X), y)
            loss.backward()
            trainer.step(len(y))
            return loss

        return step, lambda loss: loss.wait_to_read()

"""PyTorch's words; `frameworks` tells which and what for."""

import functools

import torch
from torch import nn

from tests.d2l.frameworks import Framework


class Words(Framework):
    name = "torch"

    def batch(self, images, labels):
        return torch.tensor(images[:, None]), torch.tensor(labels).long()

    def tensor(self, array):
        return torch.tensor(array)

    def to_numpy(self, tensor):
        return tensor.numpy()

    def constant(self, tensor):
        """Return a tensor that no gradient flows through, and no variable."""
        return tensor.detach()

    def small_cnn(self):
        return nn.Sequential(
            *[nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)],
            *[nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()],
            *[nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 10)],
        )

    def linear(self, pixels):
        return nn.Sequential(nn.Flatten(), nn.Linear(pixels, 10))

    def set_weights(self, net, weights):
        with torch.no_grad():
            for own, new in zip(net.parameters(), weights, strict=True):
                own.copy_(torch.from_numpy(new))

    def draw_weights(self, net, X, draw):
        """Set each weight to ``draw(*shape)``, X being an input; return the shapes."""
        weights = [draw(*own.shape) for own in net.parameters()]
        self.set_weights(net, weights)
        return [weight.shape for weight in weights]

    def softmax_regression(self, d2l, weights, lr):
        """Return (net, loss, updater, parameters) made by hand, with d2l's `sgd`."""
        W = torch.tensor(weights, requires_grad=True)
        b = torch.zeros(weights.shape[1], requires_grad=True)
        net = lambda X: X.reshape(len(X), -1) @ W + b  # noqa: E731
        loss = torch.nn.CrossEntropyLoss(reduction="none")
        updater = functools.partial(d2l.sgd, [W, b], lr)
        return net, loss, updater, [W.detach(), b.detach()]

    def loss_and_updater(self, net, lr):
        """Return the framework's own cross-entropy and SGD."""
        optimizer = torch.optim.SGD(net.parameters(), lr=lr)
        return torch.nn.CrossEntropyLoss(reduction="none"), optimizer

    def residual(self, d2l, channels, **options):
        return d2l.Residual(channels, channels, **options)

    def bare_step(self, net, lr):
        """Return a function that trains `net` by one batch, and one that waits for it.

        The loop that a reader would write by hand: no metrics, no figures.
        """
        cross_entropy, optimizer = self.loss_and_updater(net, lr)

        def step(X, y):
            optimizer.zero_grad()
            loss = cross_entropy(net(X), y).mean()
            loss.backward()
            optimizer.step()
            return loss

        return step, float

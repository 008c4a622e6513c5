"""The three frameworks as tests need them: one small network, tensors to and fro."""

import importlib
from dataclasses import dataclass

import numpy as np

# PyTorch with CUDA brings Triton, which crashes when it is loaded after TensorFlow in
# the same process. No notebook loads both, but these tests do.
import torch._dynamo  # noqa: F401

from tests import policy

NAMES = ("torch", "mxnet", "tensorflow")


@dataclass(frozen=True)
class Framework:
    """A framework's shim beside the few things that tests must say in its own words.

    Images are given as NumPy arrays, float32, (n, height, width); weights of the
    linear network come back as (inputs, 10) and (10,), whatever the framework keeps.
    """

    name: str

    def __post_init__(self):
        policy.require_package(self.name)
        self.d2l  # noqa: B018  MXNet can only be imported once its shim has been

    @property
    def d2l(self):
        return importlib.import_module(f"d2l_shim.{self.name}")

    def batch(self, images, labels):
        """Return one minibatch (X, y) of tensors in the framework's layout."""
        return getattr(self, f"_batch_{self.name}")(images, labels)

    def linear(self):
        """Return an untrained network: flattened pixels to 10 scores."""
        return getattr(self, f"_linear_{self.name}")()

    def weights(self, net):
        """Return copies of the linear network's weights and biases."""
        weight, bias = getattr(self, f"_weights_{self.name}")(net)
        return np.array(weight), np.array(bias)

    def channel_axis(self):
        return 3 if self.name == "tensorflow" else 1

    def to_numpy(self, tensor):
        if self.name == "torch":
            tensor = tensor.detach()
        return tensor.asnumpy() if self.name == "mxnet" else tensor.numpy()

    def tensor(self, values, dtype="float32"):
        """Return `values` as a tensor of a type, "float32" or "int32"."""
        return self.d2l.tensor(values, dtype=getattr(self.d2l, dtype))

    def parameter(self, values):
        """Return a tensor, float32, whose gradient can be taken."""
        return getattr(self, f"_parameter_{self.name}")(values)

    def cross_entropy(self, reduce=False):
        """Return the softmax cross-entropy of scores: one an example, or the mean."""
        return getattr(self, f"_cross_entropy_{self.name}")(reduce)

    def optimizer(self, net, lr):
        """Return plain gradient descent on the parameters of `net`."""
        return getattr(self, f"_optimizer_{self.name}")(net, lr)

    def initialize(self, net):
        """Give `net` its weights, where the framework does not do so by itself."""
        if self.name == "mxnet":
            net.initialize(ctx=self.cpus(2))

    def cpus(self, count):
        """Return `count` devices that compute on the CPU."""
        return getattr(self, f"_cpus_{self.name}")(count)

    def _batch_torch(self, images, labels):
        import torch

        return torch.tensor(images[:, None]), torch.tensor(labels).long()

    def _batch_mxnet(self, images, labels):
        from mxnet import np as mx_np

        return mx_np.array(images[:, None]), mx_np.array(labels, dtype="int32")

    def _batch_tensorflow(self, images, labels):
        import tensorflow as tf

        return tf.constant(images[..., None]), tf.constant(labels, tf.int32)

    def _parameter_torch(self, values):
        return self.tensor(values).requires_grad_()

    def _parameter_mxnet(self, values):
        array = self.tensor(values)
        array.attach_grad()
        return array

    def _parameter_tensorflow(self, values):
        import tensorflow as tf

        return tf.Variable(self.tensor(values))

    def _cross_entropy_torch(self, reduce):
        from torch import nn

        return nn.CrossEntropyLoss(reduction="mean" if reduce else "none")

    def _cross_entropy_mxnet(self, reduce):
        from mxnet import gluon

        loss = gluon.loss.SoftmaxCrossEntropyLoss()
        return (lambda y_hat, y: loss(y_hat, y).mean()) if reduce else loss

    def _cross_entropy_tensorflow(self, reduce):
        import tensorflow as tf

        return tf.keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, reduction="sum_over_batch_size" if reduce else None
        )

    def _optimizer_torch(self, net, lr):
        import torch

        return torch.optim.SGD(net.parameters(), lr=lr)

    def _optimizer_mxnet(self, net, lr):
        from mxnet import gluon

        return gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})

    def _optimizer_tensorflow(self, net, lr):
        import tensorflow as tf

        return tf.keras.optimizers.SGD(learning_rate=lr)

    def _cpus_torch(self, count):
        import torch

        return [torch.device("cpu")] * count

    def _cpus_mxnet(self, count):
        import mxnet as mx

        return [mx.cpu(i) for i in range(count)]

    def _cpus_tensorflow(self, count):
        import tensorflow as tf

        return [tf.device("/CPU:0") for _ in range(count)]

    def _linear_torch(self):
        from torch import nn

        return nn.Sequential(nn.Flatten(), nn.Linear(16, 10))

    def _linear_mxnet(self):
        from mxnet.gluon import nn

        net = nn.Sequential()
        net.add(nn.Dense(10, in_units=16))
        return net

    def _linear_tensorflow(self):
        import tensorflow as tf

        flatten, dense = tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)
        net = tf.keras.Sequential([tf.keras.Input((4, 4, 1)), flatten, dense])
        return net

    def _weights_torch(self, net):
        return net[1].weight.detach().numpy().T, net[1].bias.detach().numpy()

    def _weights_mxnet(self, net):
        return net[0].weight.data().asnumpy().T, net[0].bias.data().asnumpy()

    def _weights_tensorflow(self, net):
        return net.layers[-1].kernel.numpy(), net.layers[-1].bias.numpy()

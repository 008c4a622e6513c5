"""What a worker of test_parallel.py does, in any framework; a process of its own.

    python -m tests.shim.parallel_worker torch FILE train

FILE holds images and labels; the batches are of 7 examples. After ``train`` the worker
sends back its history and the weights; with ``fail`` the second worker raises an error
in the middle of an epoch, while the first one waits for it. With ``devices`` one
process trains on two devices of its own.
"""

import importlib
import sys

import numpy as np

SIZE = 7
LEARNING_RATE = 0.5
EPOCHS = 2


class Torch:
    """The few things that a worker must say in a framework's own words."""

    def batch(self, images, labels):
        import torch

        return torch.tensor(images[:, None]), torch.tensor(labels).long()

    def linear(self):
        from torch import nn

        return nn.Sequential(nn.Flatten(), nn.Linear(16, 10))

    def weights(self, net):
        return net[1].weight.detach().numpy().T, net[1].bias.detach().numpy()


class Mxnet:
    def batch(self, images, labels):
        from mxnet import np as mx_np

        return mx_np.array(images[:, None]), mx_np.array(labels, dtype="int32")

    def linear(self):
        from mxnet.gluon import nn

        net = nn.Sequential()
        net.add(nn.Dense(10))
        return net

    def weights(self, net):
        weight, bias = (p.list_data() for p in (net[0].weight, net[0].bias))
        return weight[-1].asnumpy().T, bias[-1].asnumpy()

    def devices(self):
        from mxnet import npx

        return [npx.cpu(0), npx.cpu(1)]


class Tensorflow:
    def batch(self, images, labels):
        import tensorflow as tf

        return tf.constant(images[..., None]), tf.constant(labels, tf.int32)

    def linear(self):
        """Return the function that builds the network."""
        import tensorflow as tf

        layers = tf.keras.layers
        return lambda: tf.keras.Sequential([layers.Flatten(), layers.Dense(10)])

    def weights(self, net):
        return tuple(np.array(weight) for weight in net.get_weights())

    def devices(self):
        import tensorflow as tf

        (cpu,) = tf.config.list_physical_devices("CPU")
        halves = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(cpu, halves)
        return [tf.device("/CPU:0"), tf.device("/CPU:1")]


WORDS = {"torch": Torch(), "mxnet": Mxnet(), "tensorflow": Tensorflow()}


def batches(words, file):
    """Return the data of a file as a list of minibatches."""
    data = np.load(file)
    images, labels = data["images"], data["labels"]
    starts = range(0, len(labels), SIZE)
    chunks = [slice(start, start + SIZE) for start in starts]
    return [words.batch(images[chunk], labels[chunk]) for chunk in chunks]


class Failing(list):
    """Batches of which the second can not be read."""

    def __iter__(self):
        yield self[0]
        raise ValueError("ikinci yığın okunamadı")


def train(train_ch6, d2l, words, data, *devices):
    """Train from one seed; return the history and the weights."""
    d2l.seed(1)
    history = train_ch6(words.linear(), data, data, EPOCHS, LEARNING_RATE, *devices)
    return history, words.weights(history.net)


def main(name, file, action):
    parallel = importlib.import_module(f"d2l_shim.{name}.parallel")
    d2l, words = importlib.import_module(f"d2l_shim.{name}"), WORDS[name]
    devices = [words.devices()] if action == "devices" else []
    rank, _ = parallel.join()
    data = batches(words, file)
    if action == "fail" and rank == 1:
        data = Failing(data)
    history, weights = train(parallel.train_ch6, d2l, words, data, *devices)
    parallel.send_back(rank, history, weights)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Which device of TensorFlow there is to compute on."""

import tensorflow as tf


def try_gpu(i=0):
    """Return GPU number `i` as a ``tf.device`` if there is one, else the CPU."""
    if len(tf.config.list_physical_devices("GPU")) > i:
        return tf.device(f"/GPU:{i}")
    return tf.device("/CPU:0")


def try_all_gpus():
    """Return all GPUs as a list of ``tf.device`` contexts; without a GPU, ``[cpu]``."""
    count = len(tf.config.list_physical_devices("GPU"))
    return [tf.device(f"/GPU:{i}") for i in range(count)] or [tf.device("/CPU:0")]


def device_name(device):
    return device._device_name.removeprefix("/device:").lower()

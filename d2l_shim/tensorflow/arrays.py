"""D2L's names for what every framework does with arrays, in TensorFlow's words.

Most are TensorFlow's own functions under the name that D2L gives them; shapes and types
are TensorFlow's.
"""

import tensorflow as tf

ones = tf.ones
zeros = tf.zeros
tensor = tf.constant
arange = tf.range
meshgrid = tf.meshgrid
sin = tf.sin
sinh = tf.sinh
cos = tf.cos
cosh = tf.cosh
tanh = tf.tanh
linspace = tf.linspace
exp = tf.exp
log = tf.math.log
normal = tf.random.normal
rand = tf.random.uniform
matmul = tf.matmul
int32 = tf.int32
float32 = tf.float32
concat = tf.concat
stack = tf.stack
abs = tf.abs
eye = tf.eye
reshape = tf.reshape
reduce_sum = tf.reduce_sum
argmax = tf.argmax
astype = tf.cast
transpose = tf.transpose


def numpy(x):
    """Return `x` as a NumPy array in main memory."""
    return x.numpy()


def size(x):
    """Return the number of elements of `x` as an int."""
    return int(tf.size(x))


def to(x, device):
    """Return `x` on another device: ``to(x, try_gpu())``."""
    with device:
        return tf.identity(x)

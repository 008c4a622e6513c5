"""D2L's names for what every framework does with arrays, in MXNet's words.

Most are MXNet's own functions under the name that D2L gives them; shapes and types are
those of MXNet's NumPy interface, whose arrays are float32 unless told otherwise.
"""

from mxnet import np

ones = np.ones
zeros = np.zeros
tensor = np.array
arange = np.arange
meshgrid = np.meshgrid
sin = np.sin
sinh = np.sinh
cos = np.cos
cosh = np.cosh
tanh = np.tanh
linspace = np.linspace
exp = np.exp
log = np.log
normal = np.random.normal
rand = np.random.rand
matmul = np.dot
int32 = np.int32
float32 = np.float32
concat = np.concatenate
stack = np.stack
abs = np.abs
eye = np.eye


def numpy(x):
    """Return `x` as a NumPy array in main memory."""
    return x.asnumpy()


def size(x):
    """Return the number of elements of `x` as an int."""
    return x.size


def reshape(x, *args, **kwargs):
    """Return `x` in another shape: ``reshape(x, (-1, 784))``; -1 is what remains."""
    return x.reshape(*args, **kwargs)


def to(x, device):
    """Return `x` on another device: ``to(x, try_gpu())``."""
    return x.as_in_ctx(device)


def reduce_sum(x, *args, **kwargs):
    """Return the sum over all axes or some: ``reduce_sum(x, 1, keepdims=True)``."""
    return x.sum(*args, **kwargs)


def argmax(x, *args, **kwargs):
    """Return where `x` is largest along an axis, int64: ``argmax(x, axis=1)``."""
    return x.argmax(*args, **kwargs)


def astype(x, *args, **kwargs):
    """Return `x` as another type: ``astype(x, float32)``."""
    return x.astype(*args, **kwargs)


def transpose(x):
    """Return the transpose of a matrix."""
    return x.T

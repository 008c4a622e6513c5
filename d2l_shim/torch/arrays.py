"""D2L's names for what every framework does with arrays, in PyTorch's words.

Most are PyTorch's own functions under the name that D2L gives them; shapes and types
are PyTorch's.
"""

import torch

ones = torch.ones
zeros = torch.zeros
tensor = torch.tensor
arange = torch.arange
sin = torch.sin
sinh = torch.sinh
cos = torch.cos
cosh = torch.cosh
tanh = torch.tanh
linspace = torch.linspace
exp = torch.exp
log = torch.log
normal = torch.normal
rand = torch.rand
matmul = torch.matmul
int32 = torch.int32
float32 = torch.float32
concat = torch.cat
stack = torch.stack
abs = torch.abs
eye = torch.eye


def meshgrid(*tensors, indexing="ij"):
    """Return coordinate grids of one-axis tensors; axis i runs along tensor i."""
    return torch.meshgrid(*tensors, indexing=indexing)


def numpy(x):
    """Return `x` as a NumPy array in main memory, without its gradient."""
    return x.detach().cpu().numpy()


def size(x):
    """Return the number of elements of `x` as an int."""
    return x.numel()


def reshape(x, *args, **kwargs):
    """Return `x` in another shape: ``reshape(x, (-1, 784))``; -1 is what remains."""
    return x.reshape(*args, **kwargs)


def to(x, *args, **kwargs):
    """Return `x` on another device, ``to(x, device)``, or of another type."""
    return x.to(*args, **kwargs)


def reduce_sum(x, *args, **kwargs):
    """Return the sum over all axes or some: ``reduce_sum(x, 1, keepdim=True)``."""
    return x.sum(*args, **kwargs)


def argmax(x, *args, **kwargs):
    """Return where `x` is largest along an axis, int64: ``argmax(x, axis=1)``."""
    return x.argmax(*args, **kwargs)


def astype(x, *args, **kwargs):
    """Return `x` as another type: ``astype(x, float32)``."""
    return x.type(*args, **kwargs)


def transpose(x):
    """Return the transpose of a matrix."""
    return x.t()

"""Make MXNet 1.9.1, the archived last release, run on current Python and NumPy.

MXNet 1.9.1 was written for NumPy 1.19 and Python 3.8. Today it fails because it reads
names that NumPy has removed since, and ``distutils``, which Python 3.12 has removed.
After :func:`install`, an ``import numpy`` inside MXNet's own modules gives them NumPy
as they know it, with those names; ``import distutils`` likewise. NumPy itself is never
changed, so that code beside MXNet sees no difference, and nothing at all happens until
somebody imports MXNet. :func:`import_mxnet` does both.

This is not a port: what MXNet computes is MXNet's. Out of reach stay methods of NumPy
arrays that MXNet calls and NumPy 2.3 has removed: ``tostring``, in ``mx.recordio.pack``
with several labels and in ``pack_img``.
"""

import builtins
import functools
import os
import sys
import types
from importlib.machinery import PathFinder, SourceFileLoader

import numpy as np
import psutil


def install():
    """Let ``import mxnet`` work from now on, in whatever code it stands.

    Safe to call more than once. MXNet is not imported and NumPy is not changed.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def import_mxnet():
    """Return the module ``mxnet``, imported after :func:`install`.

    Raises
    ------
    ImportError
        MXNet is not installed; the message says how to get it.
    """
    install()
    _forget_a_failed_import()
    try:
        import mxnet
    except ModuleNotFoundError as error:
        raise ImportError(
            "MXNet bulunamadı. Kurmak için: pip install --no-deps mxnet==1.9.1"
        ) from error
    return mxnet


def _forget_a_failed_import():
    """Drop the modules that an ``import mxnet`` before :func:`install` has left.

    Python takes back the module that failed, but not those that it had imported by
    then, and these hold the NumPy that they cannot work with.
    """
    if "mxnet" not in sys.modules:
        for name in [name for name in sys.modules if name.startswith("mxnet.")]:
            del sys.modules[name]


# How MXNet's modules come to see another NumPy


class _Finder:
    """Finds MXNet's modules where Python would, and has :class:`_Loader` run them."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != "mxnet":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Runs a module of MXNet with an ``__import__`` and, where needed, ``str`` of ours.

    Python looks for ``__import__`` in the ``__builtins__`` of the module that says
    ``import``, also when a function of that module says it long afterwards.
    """

    def exec_module(self, module):
        vars(module)["__builtins__"] = vars(builtins) | {"__import__": _import}
        if module.__name__ in _MODULES_THAT_WRITE_PARAMETERS:
            module.str = _text_of_parameter
        if module.__name__ == "mxnet":
            _use_every_core()
        super().exec_module(module)


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """The ``__import__`` of MXNet's modules: Python's, with two modules replaced."""
    if name == "distutils.version":
        return _distutils_version
    module = builtins.__import__(name, globals, locals, fromlist, level)
    return _numpy_for_mxnet() if module is np else module


def _use_every_core():
    """Let MXNet compute on all physical cores.

    It halves the number of processors that it sees, to leave out hyper-threads. Where
    there are none, on most virtual machines for one, it would work at half speed.
    """
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    os.environ.setdefault("MXNET_OMP_MAX_THREADS", str(cores))


# What they see


@functools.cache
def _numpy_for_mxnet():
    """Return a module with everything that NumPy has, and the names that it lacks."""
    module = types.ModuleType("numpy", "NumPy with the names that MXNet 1.9.1 reads.")
    vars(module).update(vars(np))
    for name, value in _removed_names().items():
        if name not in vars(np):
            setattr(module, name, value)
    # Not NumPy 2's scalar type: MXNet knows an alias of Python's own.
    module.bool = bool
    return module


def _removed_names():
    """Map each name that MXNet reads and some supported NumPy lacks to its meaning.

    Functions are never NumPy's own under another name: MXNet keeps a table from NumPy's
    functions to its own, in which two names would then be one.
    """
    names = {
        # Aliases of built-ins, removed in NumPy 1.24 and 2.0.
        "int": int,
        "compat": types.SimpleNamespace(basestring=str),
        # Constants, removed in NumPy 2.0.
        "Inf": np.inf,
        "NaN": np.nan,
        "NAN": np.nan,
        "PINF": np.inf,
        "NINF": -np.inf,
        "PZERO": 0.0,
        "NZERO": -0.0,
        # Functions, removed in NumPy 2.0 and later.
        "alltrue": lambda *args, **kwargs: np.all(*args, **kwargs),
        "in1d": lambda a, *args, **kwargs: np.isin(np.ravel(a), *args, **kwargs),
        "msort": lambda a: np.sort(a, axis=0),
        "product": lambda *args, **kwargs: np.prod(*args, **kwargs),
        "round_": lambda *args, **kwargs: np.round(*args, **kwargs),
        "sometrue": lambda *args, **kwargs: np.any(*args, **kwargs),
        "trapz": lambda *args, **kwargs: np.trapezoid(*args, **kwargs),
    }
    # Financial functions, removed in NumPy 1.20: MXNet only re-exports them.
    for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate"):
        names[name] = _removed_financial_function(name)
    return names


def _removed_financial_function(name):
    def raise_removed(*args, **kwargs):
        raise NotImplementedError(
            f"numpy.{name} NumPy'den çıkarıldı. Aynı işi numpy-financial paketindeki "
            f"{name} fonksiyonu görür."
        )

    raise_removed.__name__ = name
    return raise_removed


class _Version:
    """The part of ``distutils.version`` that MXNet uses: comparing dotted numbers."""

    def __init__(self, text):
        leading = (part for part in text.replace("-", ".").split("."))
        self.parts = tuple(int(part) for part in leading if part.isdigit())

    def __ge__(self, other):
        return self.parts >= other.parts


_distutils_version = types.SimpleNamespace(
    StrictVersion=_Version, LooseVersion=_Version
)

_MODULES_THAT_WRITE_PARAMETERS = ("mxnet._ctypes.ndarray", "mxnet._ctypes.symbol")
"""Where an operator's parameters become the text that MXNet's C++ half reads."""


def _text_of_parameter(value):
    """Return ``str(value)`` as NumPy 1 wrote it: (3, 4), not (np.int64(3), 4)."""
    text = str(value)
    if "np." in text:
        with np.printoptions(legacy="1.25"):
            text = str(value)
    return text

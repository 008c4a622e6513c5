"""Make MXNet 1.9.1, the archived last release, importable beside a current NumPy.

MXNet 1.9.1 was written for NumPy 1.19 and Python 3.8. Its import fails today because
it reads names that NumPy has removed since, and ``distutils``, which Python 3.12 has
removed. :func:`install` puts exactly those names back, and only where they are
missing: a name that NumPy still has is never touched, so other code sees the NumPy
it knows. :func:`import_mxnet` does that and then imports MXNet quietly.
"""

import importlib.util
import os
import sys
import types
import warnings

import numpy as np
import psutil


def _removed_financial_function(name):
    def raise_removed(*args, **kwargs):
        raise NotImplementedError(
            f"numpy.{name} NumPy'den çıkarıldı. Aynı işi numpy-financial paketindeki "
            f"{name} fonksiyonu görür."
        )

    raise_removed.__name__ = name
    return raise_removed


def _removed_names():
    """Map each name that MXNet reads from NumPy to what stood behind it.

    A value is a zero-argument function, so that a replacement is looked up only when
    the name really is missing.
    """
    names = {
        # Aliases of built-ins, removed in NumPy 1.24.
        "bool": lambda: bool,
        "int": lambda: int,
        "float": lambda: float,
        "complex": lambda: complex,
        "object": lambda: object,
        "str": lambda: str,
        # Constants, removed in NumPy 2.0.
        "Inf": lambda: np.inf,
        "NaN": lambda: np.nan,
        "NAN": lambda: np.nan,
        "PINF": lambda: np.inf,
        "NINF": lambda: -np.inf,
        "PZERO": lambda: 0.0,
        "NZERO": lambda: -0.0,
        # Functions, removed in NumPy 2.0 and later.
        "alltrue": lambda: np.all,
        "sometrue": lambda: np.any,
        "product": lambda: np.prod,
        "cumproduct": lambda: np.cumprod,
        "row_stack": lambda: np.vstack,
        "in1d": lambda: lambda a, b, **kwargs: np.isin(np.ravel(a), b, **kwargs),
        "msort": lambda: lambda a: np.sort(a, axis=0),
        "trapz": lambda: np.trapezoid,
    }
    # Financial functions, removed in NumPy 1.20: MXNet only re-exports them.
    for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate"):
        names[name] = lambda name=name: _removed_financial_function(name)
    return names


class _Version:
    """The part of ``distutils.version`` that MXNet uses: comparing dotted numbers."""

    def __init__(self, text):
        leading = (part for part in text.replace("-", ".").split("."))
        self.parts = tuple(int(part) for part in leading if part.isdigit())

    def __lt__(self, other):
        return self.parts < other.parts

    def __le__(self, other):
        return self.parts <= other.parts

    def __gt__(self, other):
        return self.parts > other.parts

    def __ge__(self, other):
        return self.parts >= other.parts


def _provide_distutils():
    if importlib.util.find_spec("distutils") is not None:
        return
    package, version = types.ModuleType("distutils"), types.ModuleType("")
    version.__name__ = "distutils.version"
    version.StrictVersion = version.LooseVersion = _Version
    package.version = version
    sys.modules.update({"distutils": package, "distutils.version": version})


def install():
    """Add the removed names to NumPy, and ``distutils.version`` to Python.

    Safe to call more than once. Names that exist are left as they are.
    """
    with warnings.catch_warnings():
        # Asking NumPy for an ageing name may warn; we only ask if it is there.
        warnings.simplefilter("ignore")
        for name, replacement in _removed_names().items():
            if not hasattr(np, name):
                setattr(np, name, replacement())
    _provide_distutils()


def _use_every_core():
    """Let MXNet compute on all physical cores.

    It halves the number of processors that it sees, to leave out hyper-threads. Where
    there are none, on most virtual machines for one, it would work at half speed.
    """
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    os.environ.setdefault("MXNET_OMP_MAX_THREADS", str(cores))


def import_mxnet():
    """Return the module ``mxnet``, imported without the warnings of its old age.

    Raises
    ------
    ImportError
        MXNet is not installed; the message says how to get it.
    """
    install()
    _use_every_core()
    with warnings.catch_warnings():
        # Deprecations inside MXNet 1.9.1 will never be mended: the project is archived.
        warnings.simplefilter("ignore")
        try:
            import mxnet
        except ModuleNotFoundError as error:
            raise ImportError(
                "MXNet bulunamadı. Kurmak için: pip install mxnet==1.9.1 "
                "(NumPy sürümü engel olursa --no-deps ekleyin)."
            ) from error
    return mxnet

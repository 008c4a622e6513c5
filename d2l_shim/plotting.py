"""Pictures: image grids, curves, and curves that grow while a network trains.

Framework-neutral: everything here takes tensors of any framework, on any device, and
whatever NumPy can read.
"""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.display import display
from matplotlib_inline import backend_inline

FMTS = ("-", "m--", "g-.", "r:")


def in_notebook():
    """Return whether this is a Jupyter kernel, where figures can be shown."""
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def can_update():
    """Return whether output can be updated: in a notebook, unless it is captured."""
    return in_notebook() and not isinstance(
        get_ipython().display_pub, CapturingDisplayPublisher
    )


def use_svg_display():
    """Show figures as SVG, sharp at any size, in notebooks.

    Equal figures give equal SVG: without a date, and with names that are not random.
    """
    if in_notebook():
        plt.rcParams["svg.hashsalt"] = "d2l_shim"
        backend_inline.set_matplotlib_formats("svg", metadata={"Date": None})


def set_figsize(figsize=(3.5, 2.5)):
    """Set the size of the next figures in inches, (width, height), and use SVG."""
    use_svg_display()
    plt.rcParams["figure.figsize"] = figsize


def set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend):
    """Set labels, limits, scales and legend of `axes`; None leaves one out.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    xlabel, ylabel : str or None
    xlim, ylim : (float, float) or None
        Equal limits, as ``[1, num_epochs]`` for one epoch, are left out as well.
    xscale, yscale : str
        ``"linear"``, ``"log"``, …
    legend : sequence of str or None
        One label for each line or, without lines, for each set of points.
    """
    axes.set(xscale=xscale, yscale=yscale)
    if xlabel:
        axes.set_xlabel(xlabel)
    if ylabel:
        axes.set_ylabel(ylabel)
    if xlim is not None and xlim[0] != xlim[1]:
        axes.set_xlim(xlim)
    if ylim is not None and ylim[0] != ylim[1]:
        axes.set_ylim(ylim)
    if legend:
        artists = axes.lines or axes.collections
        named = list(zip(artists, legend, strict=False))
        if named:
            axes.legend(*zip(*named, strict=True))
    axes.grid(alpha=0.4)


def plot(
    X,
    Y=None,
    xlabel=None,
    ylabel=None,
    legend=None,
    xlim=None,
    ylim=None,
    xscale="linear",
    yscale="linear",
    fmts=FMTS,
    figsize=(3.5, 2.5),
    axes=None,
):
    """Plot one or more curves (D2L, section 2.4).

    Parameters
    ----------
    X : array_like or list of array_like
        Abscissas: shape (points,), or one such array a curve. Without `Y` these are
        the ordinates, and the abscissas are 0, 1, 2, …
    Y : array_like or list of array_like, optional
        Ordinates, likewise. Several curves may share one array of abscissas.
    xlabel, ylabel, xlim, ylim, xscale, yscale, legend
        As for :func:`set_axes`.
    fmts : sequence of str
        Line styles of Matplotlib, one a curve, used again from the first on if there
        are more curves.
    figsize : (float, float)
        Width and height in inches of this figure and the next ones.
    axes : matplotlib.axes.Axes, optional
        Where to plot instead of the current figure. What was there is wiped.
    """
    set_figsize(figsize)
    axes = plt.gca() if axes is None else axes
    abscissas, ordinates = (None, X) if Y is None else (_curves(X), Y)
    ordinates = _curves(ordinates)
    if abscissas is None:
        abscissas = [np.arange(len(curve)) for curve in ordinates]
    elif len(abscissas) == 1:
        abscissas = abscissas * len(ordinates)
    axes.cla()
    for x, y, fmt in zip(abscissas, ordinates, cycle(fmts), strict=False):
        axes.plot(x, y, fmt)
    set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend)


def _curves(values):
    """Return one array a curve of what may be one curve or several."""
    if isinstance(values, (list, tuple)):
        curves = [to_numpy(curve) for curve in values]
        return [np.array(curves)] if np.ndim(curves[0]) == 0 else curves
    values = to_numpy(values)
    return [values] if values.ndim == 1 else list(values)


def show_images(imgs, num_rows, num_cols, titles=None, scale=1.5):
    """Show a grid of images.

    Parameters
    ----------
    imgs : sequence of array_like
        At most ``num_rows * num_cols`` images, tensors of any framework or PIL images,
        each of shape (height, width), (1, height, width) or (height, width, channels),
        with values in [0, 1] or integers from 0 to 255.
    num_rows, num_cols : int
        Shape of the grid.
    titles : sequence of str, optional
        One title an image.
    scale : float
        Side of one cell of the grid in inches.

    Returns
    -------
    numpy.ndarray of matplotlib axes, flat, ``num_rows * num_cols`` of them.
    """
    use_svg_display()
    figsize = (num_cols * scale, num_rows * scale)
    _, axes = plt.subplots(num_rows, num_cols, figsize=figsize, squeeze=False)
    axes = axes.flatten()
    for axis in axes:
        axis.set_axis_off()
    for i, (axis, image) in enumerate(zip(axes, imgs, strict=False)):
        axis.imshow(np.squeeze(to_numpy(image)), cmap="gray_r")
        if titles is not None:
            axis.set_title(titles[i])
    return axes


def to_numpy(tensor):
    """Return a tensor of any framework, on any device, as a NumPy array."""
    if hasattr(tensor, "asnumpy"):  # MXNet
        return tensor.asnumpy()
    if hasattr(tensor, "detach"):  # PyTorch
        return tensor.detach().cpu().numpy()
    return np.asarray(tensor)


class Animator:
    """Curves that are drawn anew with each point, in place (D2L, section 3.6).

    In a notebook the figure is updated where it stands; elsewhere, and where output is
    captured (``%%capture``), nothing is shown and the figure is at hand as ``.fig``.
    The points are in ``.X`` and ``.Y``, one list a curve.

    Parameters
    ----------
    xlabel, ylabel, legend, xlim, ylim, xscale, yscale
        As for :func:`set_axes`. They apply to the first axes of the figure, where the
        curves are; the others, ``.axes[1]`` and so on, are the caller's.
    fmts : sequence of str
        Line styles of Matplotlib, one a curve, used again from the first on if there
        are more curves.
    nrows, ncols : int
        Shape of the figure's grid of axes.
    figsize : (float, float)
        Width and height in inches.
    """

    def __init__(
        self,
        xlabel=None,
        ylabel=None,
        legend=None,
        xlim=None,
        ylim=None,
        xscale="linear",
        yscale="linear",
        fmts=FMTS,
        nrows=1,
        ncols=1,
        figsize=(3.5, 2.5),
    ):
        use_svg_display()
        self.fig, axes = plt.subplots(nrows, ncols, figsize=figsize, squeeze=False)
        # Closed figures are not shown a second time at the end of the cell.
        plt.close(self.fig)
        self.axes = axes.flatten()
        self.fmts = fmts
        self.X, self.Y = None, None
        self._settings = (xlabel, ylabel, xlim, ylim, xscale, yscale, legend)
        self._handle = None

    def add(self, x, y):
        """Add one point to each curve; None for a curve that gets no point.

        Parameters
        ----------
        x : float or sequence of float
            One abscissa for all curves, or one each.
        y : float or sequence of float or None
            One ordinate a curve; tensors with one element will do.
        """
        y = list(y) if hasattr(y, "__len__") else [y]
        x = list(x) if hasattr(x, "__len__") else [x] * len(y)
        if self.Y is None:
            self.X, self.Y = [[] for _ in y], [[] for _ in y]
        for xs, ys, a, b in zip(self.X, self.Y, x, y, strict=True):
            if a is not None and b is not None:
                xs.append(a)
                ys.append(float(to_numpy(b)))
        self._draw()

    def config_axes(self):
        """Set labels, limits, scales and legend of the first axes once more."""
        set_axes(self.axes[0], *self._settings)

    def _draw(self):
        axes = self.axes[0]
        axes.cla()
        for xs, ys, fmt in zip(self.X, self.Y, cycle(self.fmts), strict=False):
            axes.plot(xs, ys, fmt)
        self.config_axes()
        if self._handle is not None:
            self._handle.update(self.fig)
        elif can_update():
            self._handle = display(self.fig, display_id=True)

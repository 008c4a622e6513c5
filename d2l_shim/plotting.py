"""Pictures: image grids and curves that grow while a network trains.

Framework-neutral: everything here takes NumPy arrays or what NumPy can read.
"""

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib_inline import backend_inline


def in_notebook():
    """Return whether this is a Jupyter kernel, where output can be updated."""
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


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
    """Set labels, limits, scales and legend of `axes`; None leaves one out."""
    axes.set(xscale=xscale, yscale=yscale)
    if xlabel:
        axes.set_xlabel(xlabel)
    if ylabel:
        axes.set_ylabel(ylabel)
    if xlim:
        axes.set_xlim(xlim)
    if ylim:
        axes.set_ylim(ylim)
    if legend and axes.lines:
        axes.legend(axes.lines, legend)
    axes.grid(alpha=0.4)


def show_images(imgs, num_rows, num_cols, titles=None, scale=1.5):
    """Show a grid of images.

    Parameters
    ----------
    imgs : sequence of array_like
        At most ``num_rows * num_cols`` images, tensors of any framework, each of shape
        (height, width), (1, height, width) or (height, width, channels), with values
        in [0, 1] or uint8.
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
        axis.imshow(np.squeeze(_to_numpy(image)), cmap="gray_r")
        if titles is not None:
            axis.set_title(titles[i])
    return axes


def _to_numpy(image):
    if hasattr(image, "asnumpy"):  # MXNet
        return image.asnumpy()
    if hasattr(image, "detach"):  # PyTorch, on whatever device
        return image.detach().cpu().numpy()
    return np.asarray(image)


class Animator:
    """Curves that are drawn anew with each point, in place (D2L, section 3.6).

    Parameters are those of D2L. In a notebook the figure is updated where it stands;
    elsewhere nothing is shown and the figure is at hand as ``.fig``.
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
        fmts=("-", "m--", "g-.", "r:"),
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
            One ordinate a curve.
        """
        y = list(y) if hasattr(y, "__len__") else [y]
        x = list(x) if hasattr(x, "__len__") else [x] * len(y)
        if self.Y is None:
            self.X, self.Y = [[] for _ in y], [[] for _ in y]
        for xs, ys, a, b in zip(self.X, self.Y, x, y, strict=True):
            if a is not None and b is not None:
                xs.append(a)
                ys.append(b)
        self._draw()

    def _draw(self):
        axes = self.axes[0]
        axes.cla()
        fmts = (self.fmts[i % len(self.fmts)] for i in range(len(self.X)))
        for xs, ys, fmt in zip(self.X, self.Y, fmts, strict=True):
            axes.plot(xs, ys, fmt)
        set_axes(axes, *self._settings)
        if self._handle is not None:
            self._handle.update(self.fig)
        elif in_notebook():
            self._handle = display(self.fig, display_id=True)

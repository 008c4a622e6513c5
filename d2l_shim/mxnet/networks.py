"""Convolution by hand, and ResNet's building blocks (D2L, sections 6.2, 7.6, 12.6)."""

from mxnet import npx
from mxnet.gluon import nn

nn_Module = nn.Block


def corr2d(X, K):
    """Return the two-dimensional cross-correlation of `X` with the kernel `K`.

    What a convolutional layer with one channel, stride 1 and no padding computes.

    Parameters
    ----------
    X, K : mxnet.np.ndarray
        Matrices, shapes (height, width) and (kernel height, kernel width).

    Returns
    -------
    mxnet.np.ndarray
        float32, shape (height - kernel height + 1, width - kernel width + 1).
    """
    X, K = (matrix.astype("float32")[None, None] for matrix in (X, K))
    return npx.convolution(X, K, kernel=K.shape[2:], num_filter=1, no_bias=True)[0, 0]


class Residual(nn.HybridBlock):
    """ResNet's residual block (He et al., 2016; D2L, section 7.6).

    Two 3×3 convolutions with batch normalisation, to whose result the input is added
    before the last ReLU.

    Parameters
    ----------
    num_channels : int
        Channels of the output.
    use_1x1conv : bool
        Pass the input through a 1×1 convolution. Needed if channels or strides make
        the shape of the output another.
    strides : int
        Stride of the first convolution: the output has height and width / `strides`.

    Notes
    -----
    Maps (batch, channels, height, width) to (batch, num_channels, height / strides,
    width / strides).
    """

    def __init__(self, num_channels, use_1x1conv=False, strides=1, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = nn.Conv2D(num_channels, 3, strides, padding=1)
        self.conv2 = nn.Conv2D(num_channels, 3, padding=1)
        self.conv3 = nn.Conv2D(num_channels, 1, strides) if use_1x1conv else None
        self.bn1 = nn.BatchNorm()
        self.bn2 = nn.BatchNorm()

    def hybrid_forward(self, F, X):
        Y = F.npx.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return F.npx.relu(Y + X)


def resnet18(num_classes):
    """Return a ResNet-18 for small images (D2L, section 12.6).

    Its first convolution is 3×3 with stride 1 and no pooling follows, so that images
    of 28×28 or 32×32 pixels keep their size at first.

    Parameters
    ----------
    num_classes : int

    Returns
    -------
    mxnet.gluon.nn.HybridSequential
        Maps (batch, channels, height, width) to (batch, num_classes), once its
        parameters have been initialised.
    """
    net = nn.HybridSequential()
    net.add(nn.Conv2D(64, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"))
    channels = 64
    for num_channels in [64, 128, 256, 512]:
        net.add(_resnet_block(channels, num_channels))
        channels = num_channels
    net.add(nn.GlobalAvgPool2D(), nn.Dense(num_classes))
    return net


def _resnet_block(channels, num_channels):
    """Return two residual blocks; the first halves the image if channels grow."""
    grows = channels != num_channels
    block = nn.HybridSequential()
    block.add(
        Residual(num_channels, use_1x1conv=grows, strides=2 if grows else 1),
        Residual(num_channels),
    )
    return block

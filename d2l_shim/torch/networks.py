"""Convolution by hand, and ResNet's building blocks (D2L, sections 6.2, 7.6, 12.6)."""

from torch import nn
from torch.nn import functional as F

nn_Module = nn.Module


def corr2d(X, K):
    """Return the two-dimensional cross-correlation of `X` with the kernel `K`.

    What a convolutional layer with one channel, stride 1 and no padding computes.

    Parameters
    ----------
    X, K : torch.Tensor
        Matrices, shapes (height, width) and (kernel height, kernel width).

    Returns
    -------
    torch.Tensor
        float32, shape (height - kernel height + 1, width - kernel width + 1).
    """
    return F.conv2d(X[None, None].float(), K[None, None].float())[0, 0]


class Residual(nn.Module):
    """ResNet's residual block (He et al., 2016; D2L, section 7.6).

    Two 3×3 convolutions with batch normalisation, to whose result the input is added
    before the last ReLU.

    Parameters
    ----------
    input_channels, num_channels : int
        Channels of the input and of the output.
    use_1x1conv : bool
        Pass the input through a 1×1 convolution. Needed if channels or strides make
        the shape of the output another.
    strides : int
        Stride of the first convolution: the output has height and width / `strides`.

    Notes
    -----
    Maps (batch, input_channels, height, width) to (batch, num_channels, height /
    strides, width / strides).
    """

    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.conv1 = nn.Conv2d(input_channels, num_channels, 3, strides, padding=1)
        self.conv2 = nn.Conv2d(num_channels, num_channels, 3, padding=1)
        self.conv3 = (
            nn.Conv2d(input_channels, num_channels, 1, strides) if use_1x1conv else None
        )
        self.bn1 = nn.BatchNorm2d(num_channels)
        self.bn2 = nn.BatchNorm2d(num_channels)

    def forward(self, X):
        Y = F.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return F.relu(Y + X)


def resnet18(num_classes, in_channels=1):
    """Return a ResNet-18 for small images (D2L, section 12.6).

    Its first convolution is 3×3 with stride 1 and no pooling follows, so that images
    of 28×28 or 32×32 pixels keep their size at first.

    Parameters
    ----------
    num_classes : int
    in_channels : int
        Channels of the images.

    Returns
    -------
    torch.nn.Sequential
        Maps (batch, in_channels, height, width) to (batch, num_classes).
    """
    net = nn.Sequential(
        nn.Conv2d(in_channels, 64, kernel_size=3, stride=1, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
    )
    channels = 64
    for i, num_channels in enumerate([64, 128, 256, 512], start=1):
        net.add_module(f"resnet_block{i}", _resnet_block(channels, num_channels))
        channels = num_channels
    net.add_module("global_avg_pool", nn.AdaptiveAvgPool2d((1, 1)))
    net.add_module("fc", nn.Sequential(nn.Flatten(), nn.Linear(channels, num_classes)))
    return net


def _resnet_block(channels, num_channels):
    """Return two residual blocks; the first halves the image if channels grow."""
    grows = channels != num_channels
    return nn.Sequential(
        Residual(channels, num_channels, use_1x1conv=grows, strides=2 if grows else 1),
        Residual(num_channels, num_channels),
    )

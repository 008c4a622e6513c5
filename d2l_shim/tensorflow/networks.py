"""Convolution by hand, and ResNet's building blocks (D2L, sections 6.2, 7.6, 12.6)."""

import tensorflow as tf

nn_Module = tf.keras.Model


def corr2d(X, K):
    """Return the two-dimensional cross-correlation of `X` with the kernel `K`.

    What a convolutional layer with one channel, stride 1 and no padding computes.

    Parameters
    ----------
    X, K : tf.Tensor
        Matrices, shapes (height, width) and (kernel height, kernel width).

    Returns
    -------
    tf.Tensor
        float32, shape (height - kernel height + 1, width - kernel width + 1).
    """
    X = tf.cast(X, tf.float32)[None, ..., None]
    K = tf.cast(K, tf.float32)[..., None, None]
    return tf.nn.conv2d(X, K, strides=1, padding="VALID")[0, ..., 0]


class Residual(tf.keras.Model):
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
    Maps (batch, height, width, channels) to (batch, height / strides, width / strides,
    num_channels).
    """

    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        layers = tf.keras.layers
        self.conv1 = layers.Conv2D(num_channels, 3, strides, padding="same")
        self.conv2 = layers.Conv2D(num_channels, 3, padding="same")
        self.conv3 = layers.Conv2D(num_channels, 1, strides) if use_1x1conv else None
        self.bn1 = layers.BatchNormalization()
        self.bn2 = layers.BatchNormalization()

    def call(self, X):
        Y = tf.nn.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return tf.nn.relu(Y + X)


def resnet18(num_classes):
    """Return a ResNet-18 for small images (D2L, section 12.6).

    Its first convolution is 3×3 with stride 1 and no pooling follows, so that images
    of 28×28 or 32×32 pixels keep their size at first.

    Parameters
    ----------
    num_classes : int

    Returns
    -------
    tf.keras.Sequential
        Maps (batch, height, width, channels) to (batch, num_classes).
    """
    layers = tf.keras.layers
    net = tf.keras.Sequential(
        [
            layers.Conv2D(64, 3, padding="same"),
            layers.BatchNormalization(),
            layers.Activation("relu"),
        ]
    )
    channels = 64
    for num_channels in [64, 128, 256, 512]:
        net.add(_resnet_block(channels, num_channels))
        channels = num_channels
    net.add(layers.GlobalAvgPool2D())
    net.add(layers.Dense(num_classes))
    return net


def _resnet_block(channels, num_channels):
    """Return two residual blocks; the first halves the image if channels grow."""
    grows = channels != num_channels
    return tf.keras.Sequential(
        [
            Residual(num_channels, use_1x1conv=grows, strides=2 if grows else 1),
            Residual(num_channels),
        ]
    )

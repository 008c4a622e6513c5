"""Let layers written for Keras 2 work with Keras 3.

D2L's sections on batch normalisation, ResNet and DenseNet use three things that Keras 3
has dropped: ``add_update``, the attribute ``layers`` of a list of layers, and ``call``
with an argument ``training`` that has no default. :func:`install` puts them back, and
only where they are missing: nothing that Keras 3 has is changed.
"""

import functools
import inspect

import tensorflow as tf

Layer = tf.keras.layers.Layer


def install():
    """Add what is missing. Safe to call more than once."""
    layer = Layer()
    layer.members = []
    tracked_list = type(layer.members)  # what Keras makes of a list in a layer
    if not hasattr(tracked_list, "layers"):
        tracked_list.layers = property(_layers)
    if not hasattr(Layer, "add_update"):
        Layer.add_update = _add_update
    if "__init_subclass__" not in vars(Layer):
        Layer.__init_subclass__ = classmethod(_init_subclass)


def _layers(tracked_list):
    """Return the layers among the members of a list that belongs to a layer."""
    return [item for item in tracked_list if isinstance(item, Layer)]


@tf.autograph.experimental.do_not_convert
def _add_update(self, updates):
    """Do nothing, as Keras 2 did in TensorFlow 2: the update has been made already."""


def _init_subclass(cls, **kwargs):
    """Give ``training``, where a new class of layers asks for it, the default None."""
    super(Layer, cls).__init_subclass__(**kwargs)
    call = vars(cls).get("call")
    function = getattr(call, "python_function", call)  # it may be a tf.function
    if inspect.isfunction(function):
        training = inspect.signature(function).parameters.get("training")
        if training is not None and training.default is inspect.Parameter.empty:
            cls.call = _with_default(call, function)


def _with_default(call, function):
    parameters = inspect.signature(function).parameters
    training = parameters["training"].replace(default=None)
    signature = inspect.Signature({**parameters, "training": training}.values())

    @functools.wraps(function)
    def call_with_default(*args, **kwargs):
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        self, *others = given.args
        return call.__get__(self, type(self))(*others, **given.kwargs)

    call_with_default.__signature__ = signature
    return call_with_default

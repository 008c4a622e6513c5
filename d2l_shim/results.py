"""Results of experiments, shown to the reader and left in the notebook as data.

A table that compares chapters is made from what was recorded when they were executed.
A result carries its values under a MIME type beside its text; the book's site reads
them there.
"""

from IPython.display import display

from d2l_shim.training import History

MIME_TYPE = "application/vnd.framework-tabs.result+json"

# What can be recorded: its name in Turkish and how it is written.
VALUES = {
    "test_accuracy": ("test doğruluğu", "{:.3f}"),
    "train_accuracy": ("eğitim doğruluğu", "{:.3f}"),
    "test_loss": ("test kaybı", "{:.3f}"),
    "train_loss": ("eğitim kaybı", "{:.3f}"),
    "seconds": ("süre", "{:.1f} sn"),
    "examples_per_second": ("hız", "{:.1f} örnek/sn"),
    "parameters": ("parametre sayısı", "{:,.0f}"),
}
OF_HISTORY = ("test_accuracy", "train_accuracy", "test_loss", "train_loss")


def record(name, history=None, **values):
    """Show a result, and keep it in the notebook for the tables that compare chapters.

    Parameters
    ----------
    name : str
        What was tried, as a table should call it: ``"LeNet"``.
    history : d2l_shim.training.History, optional
        A training run; accuracies and losses after its last epoch, duration and speed
        are taken from it.
    **values : float
        Further values: ``test_accuracy`` and ``train_accuracy`` (fractions in [0, 1]),
        ``test_loss`` and ``train_loss`` (nats), ``seconds``, ``examples_per_second``,
        ``parameters`` (a count).

    Raises
    ------
    ValueError
        A value has another name, or there is none.
    """
    found = {**_of(history), **values}
    unknown = [key for key in found if key not in VALUES]
    if unknown or not found:
        cause = f"{unknown[0]} diye bir değer yok" if unknown else "değer verilmemiş"
        raise ValueError(
            f"“{name}” sonucu kaydedilemedi: {cause}. Verilebilecekler: "
            f"{', '.join(VALUES)}."
        )
    numbers = {key: float(found[key]) for key in VALUES if key in found}
    told = ", ".join(
        f"{VALUES[key][0]} {VALUES[key][1].format(number)}"
        for key, number in numbers.items()
    )
    data = {"text/plain": f"{name}: {told}", MIME_TYPE: {"name": name, **numbers}}
    display(data, raw=True)


def _of(history: History | None) -> dict:
    """Return the values that a training run has; those of its last whole epoch."""
    if history is None:
        return {}
    lists = {key: getattr(history, key) for key in OF_HISTORY}
    return {
        **{key: numbers[-1] for key, numbers in lists.items() if numbers},
        "seconds": history.seconds,
        "examples_per_second": history.examples_per_second,
    }

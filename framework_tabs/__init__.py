"""One source, one notebook per framework, one page with synchronised tabs.

``python -m framework_tabs`` makes and runs the notebooks; as a Sphinx extension the
same package shows a chapter together with the outputs stored in them. The package
knows nothing of what the book teaches.
"""


def setup(app):
    """Let Sphinx load the extension; importing it here keeps the command light."""
    from .extension import setup as setup_extension

    return setup_extension(app)

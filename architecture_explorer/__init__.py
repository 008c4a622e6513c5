"""An interactive picture of a network's layers, for the pages of a book.

The directive ``architecture-explorer`` shows the networks of ``networks.json`` with the
shape, parameters, memory and multiply-adds of every layer. In a browser with JavaScript
a reader changes them; everywhere else the page keeps the picture and the table. The
package knows nothing of frameworks, and builds and runs no network.
"""


def setup(app):
    """Let Sphinx load the extension; importing it here keeps the arithmetic light."""
    from .extension import setup as setup_extension

    return setup_extension(app)

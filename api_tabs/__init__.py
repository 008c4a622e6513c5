"""A reference page from docstrings, with the frameworks side by side.

A Sphinx extension: the directives ``api`` and ``api-table``. It reads a package without
importing it.
"""


def setup(app):
    """Register the directives and what looks after their translations."""
    from . import directive, messages

    app.connect("config-inited", messages.speak, priority=1)
    app.add_directive("api", directive.Api)
    app.add_directive("api-table", directive.ApiTable)
    app.connect("doctree-read", directive.note_anchors)
    app.connect("env-check-consistency", directive.warn_of_unused_translations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

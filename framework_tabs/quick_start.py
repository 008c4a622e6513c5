"""Spares the command a second at every start; imported before nbformat.

jsonschema, which nbformat loads, builds a grammar of internationalised addresses where
the package for it is installed, as it is beside Jupyter's server. No notebook's schema
asks for that.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as documented

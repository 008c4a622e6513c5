"""The language of a notebook's code, as the notebook says it to Jupyter and to pages.

For Python it is always the same, so that no machine's version makes a difference. What
another language is, its kernel said when it ran the notebook; before that its name is
all that is known, if the kernel is installed.
"""

from functools import cache
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat import NotebookNode, from_dict

from ..config import Framework

PYTHON = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}


def metadata(framework: Framework, run: dict[str, Any]) -> NotebookNode:
    """The ``kernelspec`` and the ``language_info`` of a notebook; ``run`` made it."""
    language = run.get("language") or _before_a_run(framework.kernel)
    is_python = language == PYTHON
    found: NotebookNode = from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3" if is_python else framework.label,
                "language": language["name"],
                "name": framework.kernel,
            },
            "language_info": language,
        }
    )
    return found


def lexer(language_info: dict[str, Any]) -> str:
    """The name by which Pygments may know a language."""
    return str(language_info.get("pygments_lexer") or language_info["name"])


@cache
def _before_a_run(kernel: str) -> dict[str, str]:
    if kernel == "python3":
        return PYTHON
    try:
        name = KernelSpecManager().get_kernel_spec(kernel).language
    except NoSuchKernel:
        return PYTHON
    return PYTHON if name.lower() in ("python", "") else {"name": name}

"""JupyterLab, whose notebooks run where their page lies, as everywhere else.

Jupyter's own rule is the folder of the notebook, from which no relative path of a
chapter would resolve. ``make lab`` sets ``Contents`` as the server's
``contents_manager_class``; a notebook that is none of the book's keeps Jupyter's rule.
"""

from pathlib import Path

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.utils import to_api_path

from ..store.record import folder_of_page


class Contents(AsyncLargeFileManager):
    """Jupyter's view of files, in which notebooks know where their cells run."""

    async def get_kernel_path(self, path, model=None):
        """Return the folder in which the kernel of a notebook runs."""
        folder = folder_of_page(Path(self._get_os_path(path)))
        root = Path(self.root_dir).absolute()
        if folder is not None and folder.is_relative_to(root):
            return to_api_path(str(folder), str(root))
        return await super().get_kernel_path(path, model)

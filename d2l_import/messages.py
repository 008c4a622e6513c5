"""What the importer says, and the texts that it writes, in the language of the book."""

from pathlib import Path

from framework_tabs.messages import Messages
from framework_tabs.templating import Templates

HERE = Path(__file__).parent

_ = Messages(HERE / "locale")
fill = Templates(HERE / "templates", _).fill

"""What the screens are made of is imported on the GUI thread, a little at a time."""

import subprocess
import sys

from pytestqt.qtbot import QtBot

from cxr_desktop.ui.screen_loader import ScreenLoader, modules

LOOK = """
import sys
from cxr_desktop.ui.screen_loader import modules
names = modules()
assert "cxr_desktop.ui.screens.read.view" in names, names
print(sum(name in sys.modules for name in names if ".screens.read." in name))
"""


def test_naming_the_modules_imports_none_of_them() -> None:
    found = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "0"


def test_all_parts_of_the_window_are_loaded_and_then_it_stops(qtbot: QtBot) -> None:
    loader = ScreenLoader()
    loader.start()
    assert loader.is_running
    qtbot.waitUntil(lambda: not loader.is_running)
    assert set(modules()) <= set(sys.modules)


def test_no_screen_is_imported_by_the_thread_that_opens_the_folder() -> None:
    look = (
        "import sys\nfrom cxr_desktop.ui import opening\n"
        "from cxr_desktop import bootstrap\n"
        "print([n for n in sys.modules if n.startswith('cxr_desktop.ui.screens.')])"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

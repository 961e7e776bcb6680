"""How long the program takes from its start to the sign-in, and from the sign-in to work.

    python -m benchmarks.start [TURNS]

Each turn is a new process over a new data folder: from the start of the process until the window is
on the screen; until the data folder is open and the model has answered its golden case; from the
password until the Read screen is there. Prints medians, the slowest, and the modules that took
longest to import before the window.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PASSWORD = "seven calm lanterns walk"  # noqa: S105 - of a folder that is thrown away
CHILD = "--child"
WINDOW = "import cxr_desktop.ui.main_window, cxr_desktop.ui.theme"


def main(turns: int) -> None:
    """Start the program as often as asked and print."""
    taken: dict[str, list[float]] = {}
    for _ in range(turns):
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, "-m", "benchmarks.start", CHILD, folder, str(time.time())]
            answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
        for name, seconds in json.loads(answer.stdout.splitlines()[-1]).items():
            taken.setdefault(name, []).append(seconds)
    for name, times in taken.items():
        say(f"{name:<36} median {statistics.median(times):5.2f} s   slowest {max(times):5.2f} s")
    say("longest imports before the window, ms of their own:")
    words = [sys.executable, "-X", "importtime", "-c", WINDOW]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stderr  # noqa: S603 - ourselves
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines()]
    own = [(int(row[0]) / 1000, row[2].strip()) for row in rows if row[0].strip().isdigit()]
    for milliseconds, name in sorted(own, reverse=True)[:8]:
        say(f"    {milliseconds:6.1f}  {name}")


def child(folder: Path, begun: float) -> None:
    """Go through the door once, and say when what was there."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - part of what is measured

    from cxr_desktop.ui import theme  # noqa: PLC0415 - the same
    from cxr_desktop.ui.jobs import JobRunner  # noqa: PLC0415 - the same
    from cxr_desktop.ui.main_window import MainWindow  # noqa: PLC0415 - the same
    from cxr_desktop.ui.opening import open_data  # noqa: PLC0415 - the same
    from cxr_desktop.ui.screens.access.presenter import AccessPresenter  # noqa: PLC0415 - the same
    from cxr_desktop.ui.screens.access.state import (  # noqa: PLC0415 - the same
        FirstStart,
        KeyShown,
        SigningIn,
    )
    from cxr_desktop.ui.session import Session  # noqa: PLC0415 - the same

    application = QApplication(["cxr-desktop"])
    theme.apply(application)
    runner, session = JobRunner(), Session()
    presenter = AccessPresenter(open_data, runner, session, folder / "data")
    window = MainWindow(presenter, runner, session, folder / "window.ini")
    window.show()
    application.processEvents()
    seen = {"start to window": time.time() - begun}
    presenter.open()

    def until(what: object) -> None:
        while not what():  # type: ignore[operator]  # a lambda
            application.processEvents()
            time.sleep(0.001)

    until(lambda: isinstance(presenter.state, FirstStart))
    seen["start to first question"] = time.time() - begun
    until(lambda: type(window.model.state).__name__ == "Ready")
    seen["start to model ready"] = time.time() - begun
    presenter.create_first("amina", "Dr Amina", PASSWORD)
    until(lambda: isinstance(presenter.state, KeyShown))
    presenter.key_kept()
    until(lambda: window.shell is not None and window.shell.current == "read")
    presenter.sign_out()
    until(lambda: isinstance(presenter.state, SigningIn))
    asked = time.time()
    presenter.sign_in("amina", PASSWORD)
    until(lambda: window.shell is not None and window.shell.current == "read")
    seen["password to Read screen"] = time.time() - asked
    window.close()
    say(json.dumps(seen))


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if CHILD in sys.argv:
        child(Path(sys.argv[-2]), float(sys.argv[-1]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)

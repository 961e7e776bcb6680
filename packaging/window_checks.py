"""What the smoke test does with the bundled window: opens it, and works in it by keyboard."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from driven_window import NotSeen, Person, lacking_tools, start_manager
from frozen import PASSWORD, TIMEOUT_S, USER, Failed, Frozen
from screen import Screen

TIMES = 3
SLOWEST_WINDOW_S = 1.0
OPENING_S = 2.0  # the data folder and the model are opened meanwhile
DESK = "desk"
FILM = "drawn-1.png"


def opens(frozen: Frozen, *, busy: bool) -> str:
    """Open the sign-in window and close it, some times; say how long it takes to be seen.

    On a `busy` computer the time is told, not judged.
    """
    if not Screen.is_possible():
        return _offscreen(frozen)
    screen = Screen()
    times = []
    try:
        for _ in range(TIMES + 1):
            with _window(frozen, screen, "data") as seconds:
                time.sleep(OPENING_S)
            times.append(seconds)
    finally:
        screen.close()
    best = min(times[1:]) * 1000
    if best > SLOWEST_WINDOW_S * 1000 and not busy:
        raise Failed(f"the sign-in window came after {best:.0f} ms, the best of {TIMES}")
    return f"Xvfb: sign-in window after {times[0] * 1000:.0f} ms, best of {TIMES} {best:.0f} ms"


def works(frozen: Frozen, work: Path, pictures: Path | None, *, busy: bool) -> str:
    """Make the first account, Run a film, sign in again, open it from the History; all by keys.

    The data folder is then asked by the command line whether all of it happened. On a `busy`
    computer that something did not come in time is told, not judged.
    """
    lacking = lacking_tools()
    if not Screen.is_possible() or lacking:
        return f"NOT DRIVEN: this computer lacks {', '.join(lacking) or 'Xvfb or xwininfo'}"
    screen = Screen()
    person = Person(screen, work / DESK, pictures)
    try:
        manager = start_manager(screen, work / "manager")
        with _window(frozen, screen, DESK) as seen:
            person.sit_down(seen)
            person.make_first_account(USER, PASSWORD)
            person.open_film(frozen.place.path(f"samples/{FILM}"))
            person.run()
        with _window(frozen, screen, DESK) as seen:
            person.sit_down(seen)
            person.sign_in(USER, PASSWORD)
            person.find_in_history(FILM)
        manager.terminate()
        manager.wait()
    except NotSeen as error:
        if busy:
            return f"NOT IN TIME ON THIS BUSY COMPUTER: {error}"
        raise Failed(str(error)) from None
    finally:
        screen.close()
    return _what_was_stored(frozen)


def _what_was_stored(frozen: Frozen) -> str:
    exams = frozen.data("history", "--json", folder=DESK).rows()
    if [Path(str(row["file"])).name for row in exams] != [FILM]:
        raise Failed(f"not one exam of {FILM} is stored: {exams}")
    events = frozen.data("audit", "list", "--json", folder=DESK).rows()
    viewed = [row["subject"] for row in events if row["action"] == "exam_viewed"]
    if exams[0]["exam_id"] not in viewed:
        raise Failed(f"the exam was not opened from the History: {[r['action'] for r in events]}")
    return (
        f"first account, film, Run ({exams[0]['verdict']}, stored), sign-in, found and opened in"
        " the History"
    )


@contextmanager
def _window(frozen: Frozen, screen: Screen, folder: str) -> Iterator[float]:
    """Open the window, give the seconds until it was seen, and close it as its cross does."""
    start = time.monotonic()
    with frozen.start({"DISPLAY": screen.display}, folder) as program:
        seen = screen.wait_for_window(program, start)
        if seen is None:
            program.kill()
            raise Failed(f"no window; it said {program.communicate()[1][-2000:]!r}")
        try:
            yield seen
        except BaseException:
            program.kill()
            raise
        screen.ask_to_close()
        frozen.wait_for_end(program)


def _offscreen(frozen: Frozen) -> str:
    """Without Xvfb: the window on Qt's screen in memory, for three seconds."""
    with frozen.start({"QT_QPA_PLATFORM": "offscreen"}) as program:
        try:
            program.wait(3)
        except subprocess.TimeoutExpired:
            program.terminate()
        else:
            raise Failed(f"it ended: {program.communicate()[1][-2000:]!r}")
        said = program.communicate(timeout=TIMEOUT_S)[1]
    if said.replace("This plugin does not support propagateSizeHints()", "").strip():
        raise Failed(f"it said {said[:6000]!r}")
    return "no Xvfb and xwininfo here: opened offscreen only"

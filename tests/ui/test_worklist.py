from __future__ import annotations

import time
from pathlib import Path

from cxr_desktop.ui.clock import utc_now
from cxr_desktop.ui.screens.read.worklist import Worklist

MANY = 10_000


def test_ten_thousand_files_dropped_twice_are_found_on_the_list_at_once() -> None:
    worklist = Worklist(utc_now)
    paths = [Path("/films") / f"{number}.dcm" for number in range(MANY)]
    start = time.process_time()
    items = worklist.add_files(paths)
    again = worklist.add_files([Path(str(path)) for path in paths])
    took = time.process_time() - start
    assert again == items
    assert len(worklist.as_they_came()) == MANY
    assert took < 5  # 0.1; each path compared with each other one: a minute

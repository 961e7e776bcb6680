"""What encryption costs: the History and storing a film, with and without, and the unlocking.

`python -m benchmarks.encryption COUNT` fills two temporary folders with COUNT made-up exams, one of
them encrypted, asks both in turn, and prints medians in milliseconds, of the clock and of the
processor (which other programs do not disturb), and their ratios.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.history_search import event_of, fill, made_up
from benchmarks.lines import say
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.files import make_folder, replacing
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.wraps import Cost, unwrap_key, wrap_key

REPEATS = 40
FILM_BYTES = 9 * 2**20  # a digital film of 2,500 × 2,000 pixels and 16 bits, without compression
PASSWORD = "four quiet winter trains"  # noqa: S105 - of nobody


def main(count: int) -> None:
    """Fill, ask, print."""
    vault = Vault()
    vault.put("benchmark", os.urandom(32))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = Database.open(folder / "plain.sqlite3")
        sealed = Database.open(folder / "sealed.sqlite3", key=vault.database_key)
        for database in (plain, sealed):
            begun = time.perf_counter()
            fill(database, count, np.random.default_rng(1))
            size = database.path.stat().st_size / 2**20
            say(f"{database.path.stem}: {time.perf_counter() - begun:.1f} s, {size:.1f} MiB")
        histories = [SqliteHistory(database) for database in (plain, sealed)]
        for what, query in (
            ("first page", HistoryQuery(limit=100)),
            ("page in the middle", HistoryQuery(limit=100, offset=count // 2)),
            ("search by name", HistoryQuery(text="kara", limit=100)),
        ):
            compare(what, *(lambda h=h, q=query: h.search(q) for h in histories))  # type: ignore[misc]  # mypy has no name for it
        compare("quick_check", plain.quick_check, sealed.quick_check, repeats=3)
        storing(folder, plain, sealed, vault)
    unlocking()


def storing(folder: Path, plain: Database, sealed: Database, vault: Vault) -> None:
    """Keep films and their exams as the main job does."""
    archive = FilmFolder(folder / "films", vault.keys)
    chance, numbers = np.random.default_rng(2), iter(range(10**6, 2 * 10**6))
    content = os.urandom(FILM_BYTES)

    def store(database: Database, keep: Callable[[Path, str], None]) -> None:
        number = next(numbers)
        film = folder / "incoming"
        film.write_bytes(number.to_bytes(8, "big") + content)
        keep(film, hashlib.sha256(film.read_bytes()).hexdigest())
        record = made_up(number, chance)
        SqliteHistory(database).add_all([(record, event_of(record))])

    def copy(film: Path, sha256: str) -> None:
        place = folder / "copies" / sha256
        make_folder(place.parent)
        with replacing(place, place.parent) as file:
            file.write(film.read_bytes())

    compare(
        "store a film of 9 MiB", lambda: store(plain, copy), lambda: store(sealed, archive.keep),
        repeats=12,
    )  # fmt: skip


def unlocking() -> None:
    """Unwrap the key by a password, as a sign-in does."""
    encoded = wrap_key(os.urandom(32), PASSWORD, Cost())
    took = [timed(lambda: unwrap_key(encoded, PASSWORD)) for _ in range(7)]
    clock, processor = (statistics.median(column) for column in zip(*took, strict=True))
    say(f"unwrapping the key: {clock:.0f} ms, processor {processor:.0f} ms")


def compare(
    what: str, plain: Callable[[], object], sealed: Callable[[], object], repeats: int = REPEATS
) -> None:
    """Time both in turn, so that whatever else the machine does falls on both."""
    times = [(timed(plain), timed(sealed)) for _ in range(repeats)]
    for kind, name in enumerate(("clock", "processor")):
        before, after = (statistics.median(one[which][kind] for one in times) for which in (0, 1))
        say(
            f"{what:<20} {name:<9} plain {before:8.2f}  encrypted {after:8.2f}"
            f"  ratio {after / before:.2f}"
        )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how many milliseconds it takes, of the clock and of the processor."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Work over many exams in the real window: longest stall of the GUI in each step, time, memory.

    python -m benchmarks.many_exams FOLDER [--exams N] [--films N] [--only WORD...] [--pictures DIR]

Fills FOLDER once with twice so many made-up exams, every second of them reviewed and signed, the
last `--films` of them with a drawn DICOM film; a later run takes what lies there. Then the window
measures the model on the signed exams, looks for operating points, counts month, drift and figures,
and takes exams out: the list of all as CSV and XLSX, a tenth of the films' exams as PDFs and DICOM,
all films without their patients. Prints, per step, the longest time in which the GUI did nothing,
how much of it its own thread worked, and the highest memory so far. `--only` keeps the steps whose
name begins with one of the words.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from benchmarks.history_growth import highest_memory
from benchmarks.history_search import START, event_of, made_up, review_every_other
from benchmarks.lines import say
from benchmarks.main_job import PASSWORD, Walk
from cxr_desktop import bootstrap
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.deidentify import DeidOptions
from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.history import FilmRef
from cxr_desktop.imaging.packed_film import film_pieces
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import insert_exam
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.signatures import ADD
from cxr_desktop.storage.times import time_text
from cxr_desktop.ui import theme
from cxr_desktop.ui.one_job import Work
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.screens.access.state import SigningIn
from cxr_desktop.ui.screens.history.state import ExportEnded
from cxr_desktop.ui.screens.history.view import HistoryView
from cxr_desktop.ui.screens.quality.state import Measured
from cxr_desktop.ui.screens.quality.view import QualityView
from cxr_desktop.ui.shell.model_status import Ready
from tests.support.film_files import dicom

NAME = "amina"
ROWS, COLUMNS = 1500, 1250
BATCH = 20_000
WITH_FILM, FEW = "films", "few"  # the users whose exams are taken out


def fill(root: Path, exams: int, films: int) -> None:
    """Make the data folder of an administrator with these exams."""
    program = bootstrap.build(root, device="cpu")
    program.access.create_first_administrator(NAME, "Dr Amina", PASSWORD)
    program.access.sign_in(NAME, PASSWORD)
    model = program.engine.assess.classifier().model
    database = Database(program.data.database, key=program.vault.database_key)
    archive = FilmFolder(program.data.films, program.vault.keys, film_pieces)
    drawn = np.rint(draw_chest(ROWS, COLUMNS) * 4095).astype(np.uint16)
    chance, now = np.random.default_rng(1), datetime.now(UTC)
    for start in range(0, exams, BATCH):
        with database.write() as db:
            for number in range(start, min(start + BATCH, exams)):
                record = made_up(number, chance)
                left = exams - number
                answer = replace(record.assessment, model=model)
                time = now - timedelta(minutes=3 * left)
                record = replace(record, assessment=answer, time=time)
                if left <= films:
                    sha256 = _keep(archive, root / "film.dcm", drawn, number)
                    film = FilmRef(sha256, f"IM{number}.dcm", "DICOM", ROWS, COLUMNS)
                    user = FEW if left <= films // 10 else WITH_FILM
                    record = replace(record, film=film, user=user)
                insert_exam(db, record, append_event(db, event_of(record)))
    review_every_other(database)
    _sign(database)
    program.close()


def _keep(archive: FilmFolder, path: Path, drawn: Any, number: int) -> str:
    content = dicom(drawn, SOPInstanceUID=f"2.25.{number + 10}", PatientID=f"P{number}")
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    archive.keep(path, sha256)
    path.unlink()
    return sha256


def _sign(database: Database) -> None:
    """Sign the report of every exam that was reviewed."""
    with database.write() as db:
        read = (
            "SELECT exam_seq, exam_id, reviews.verdict"
            " FROM reviews JOIN exams ON exam_seq = exams.seq"
        )
        for seq, exam_id, verdict in db.execute(read).fetchall():
            number = append_event(db, AuditEvent(AuditAction.REPORT_SIGNED, "rad", START, exam_id))
            row = (seq, number, time_text(START), "rad", "Dr R", verdict, 1, "0" * 64)
            db.execute(ADD, row)


class Steps:
    """The steps in a window that is open on the folder."""

    def __init__(self, tour: Walk, out: Path, only: Sequence[str]) -> None:
        self._tour, self._out, self._only = tour, out, tuple(only)
        window = tour.window
        shell = window.shell
        assert shell is not None
        self._shell = shell
        quality, history = window.findChild(QualityView), window.findChild(HistoryView)
        assert quality is not None
        assert history is not None
        self._quality, self._reports = quality._presenter, quality._reports  # noqa: SLF001 - the hands
        self._history = history._presenter  # noqa: SLF001 - the same

    def step(self, name: str, act: Callable[[], object], what: Callable[[], bool]) -> None:
        """Do it, unless it was not asked for."""
        if name.startswith(self._only or ("",)):
            self._tour.step(name, act, what)
            say(f"{'':<28} highest memory {highest_memory():6.0f} MiB")

    def quality(self) -> None:
        """Measure and count."""
        quality, reports, tour = self._quality, self._reports, self._tour
        tour.step(
            "quality, first shown", lambda: self._shell.show_screen("quality"), tour.a_moment()
        )
        self.step(
            "evaluate signed exams",
            lambda: quality.measure_reviewed(0.1, signed=True),
            lambda: isinstance(quality.state.measure, Measured),
        )
        self.step(
            "evaluation as PDF",
            lambda: quality.write_pdf(self._out / "evaluation.pdf"),
            lambda: (
                (self._out / "evaluation.pdf").exists()
                and isinstance(quality.state.measure, Measured)
                and not quality.state.measure.writing
            ),
        )
        self.step(
            "propose points",
            lambda: quality.propose(50, 10),
            lambda: bool(quality.state.points.ladder) and not quality.state.points.busy,
        )
        self.step("points shown", lambda: self._tabs(1), tour.a_moment())
        self.step(
            "month",
            lambda: reports.count_month(datetime.now(UTC).date() - timedelta(days=31)),
            lambda: not reports.state.counting and reports.state.month is not None,
        )
        self.step(
            "drift",
            reports.watch,
            lambda: not reports.state.watching and reports.state.drift is not None,
        )

    def _tabs(self, number: int) -> None:
        self._tour.window.findChild(QualityView).tabs.setCurrentIndex(number)

    def history(self) -> None:
        """Take exams out."""
        tour, history = self._tour, self._history
        tour.step(
            "history, first shown", lambda: self._shell.show_screen("history"), tour.a_moment()
        )
        counter = history.make_counter()
        ended: list[object] = []
        counter.counted.connect(ended.append)
        self.step("figures of all", counter.start, lambda: bool(ended))
        for kind in ("csv", "xlsx"):
            self.step(
                f"list as {kind}",
                lambda kind=kind: history.export(self._out / f"list.{kind}"),
                lambda: isinstance(history.state.export, ExportEnded),
            )
        out = history.out
        tour.step("exams with a film", lambda: history.set_user(FEW), tour.a_moment())
        query = history.query
        self.job(
            "reports as PDFs",
            lambda a, j: out.reports(a, query, self._place("pdf"), j, make_pdf=pdf_bytes),
        )
        for part in (DicomPart.REPORT, DicomPart.PICTURE):
            self.job(
                f"dicom {part}",
                lambda a, j, part=part: out.answers(
                    a, query, self._place(part), {DicomPart.REPORT, part}, j, make_pdf=pdf_bytes
                ),
            )
        history.set_user(WITH_FILM)
        films = history.query
        self.job(
            "films without patients",
            lambda a, j: out.films.many(a, films, self._place("films"), DeidOptions(), j),
        )

    def job(self, name: str, work: Work) -> None:
        """Do in the background what a dialog would."""
        job = self._history.make_job()
        self.step(name, lambda: job.start(work), lambda: not job.is_running)

    def _place(self, name: str) -> Path:
        place = self._out / name
        place.mkdir(exist_ok=True)
        return place


def walk(folder: Path, only: Sequence[str], pictures: Path | None) -> None:
    """Sign in and do the steps."""
    tour = Walk(folder, pictures, 600.0)
    window = tour.window
    window.show()
    tour.presenter.open()
    tour.until(lambda: isinstance(tour.presenter.state, SigningIn))
    tour.until(lambda: isinstance(window.model.state, Ready))
    tour.until(lambda: not window.loader.is_running and not window.icons.is_running)
    tour.presenter.sign_in(NAME, PASSWORD)
    tour.until(lambda: window.shell is not None and not window.shell.maker.is_running)
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    steps = Steps(tour, out, only)
    steps.quality()
    steps.history()
    window.close()


def main() -> None:
    """Read the words of the command line, fill and walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exams", type=int, default=50_000)
    parser.add_argument("--films", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--pictures", type=Path)
    words = parser.parse_args()
    if words.pictures:
        words.pictures.mkdir(parents=True, exist_ok=True)
    words.folder.mkdir(parents=True, exist_ok=True)
    if not (words.folder / "data").exists():
        fill(words.folder / "data", 2 * words.exams, words.films)
    application = QApplication(["cxr-desktop"])
    theme.apply(application)
    walk(words.folder, words.only, words.pictures)


if __name__ == "__main__":
    main()

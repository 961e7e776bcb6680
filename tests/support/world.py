"""All services over fakes, with one account per built-in group."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from itertools import count
from pathlib import Path

from cxr_desktop.distributed.threads import beside
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import ADMINISTRATORS, Actor, Permission, User
from cxr_desktop.imaging.labelled import LabelledFilm
from cxr_desktop.imaging.map_contour import map_contour
from cxr_desktop.reporting.drift_plot import drift_svg
from cxr_desktop.reporting.logo import check_logo
from cxr_desktop.reporting.month_text import month_layouts
from cxr_desktop.reporting.sheet_text import sheet_layouts
from cxr_desktop.reporting.support_files import zipped
from cxr_desktop.services.access import Access
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.services.assess import AssessFilm
from cxr_desktop.services.audit_trail import ReadAuditTrail
from cxr_desktop.services.backup import BackUp
from cxr_desktop.services.bulk_dicom import WriteAnswers
from cxr_desktop.services.bulk_reports import WriteReports
from cxr_desktop.services.classify import ClassifyImage, Keeping
from cxr_desktop.services.deidentify import CleanTools, DeidentifyFilms
from cxr_desktop.services.deletion import DeleteExams
from cxr_desktop.services.dicom_out import DicomTools, ExportDicom
from cxr_desktop.services.drift_watch import WatchDrift
from cxr_desktop.services.emergency import EmergencyAccess
from cxr_desktop.services.export import ExportHistory
from cxr_desktop.services.film_list import SaveFilmList
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.services.measurements import MeasureExams
from cxr_desktop.services.models import ManageModels
from cxr_desktop.services.month_report import MonthTools, ReportMonth
from cxr_desktop.services.own_figures import MeasureOwnExams
from cxr_desktop.services.preferences import ChangeSettings
from cxr_desktop.services.priors import FindPriors
from cxr_desktop.services.quality import EvaluateModel
from cxr_desktop.services.quality_sheet import PrintSheet
from cxr_desktop.services.recovery import RecoverAccess
from cxr_desktop.services.retention import RemoveForGood
from cxr_desktop.services.reviews import ReviewExams
from cxr_desktop.services.saved_filters import KeepFilters
from cxr_desktop.services.signing import SignReports
from cxr_desktop.services.site_evaluation import EvaluateOnSite, EvaluationTools
from cxr_desktop.services.site_points import ChooseSitePoints
from cxr_desktop.services.support import GiveSupportBundle, MakeSupportBundle, SupportTools
from cxr_desktop.services.taking_out import TakeOut
from cxr_desktop.storage.folder_files import check_folder
from cxr_desktop.storage.out_files import write_plain
from cxr_desktop.wiring.out_files import audit_writer
from cxr_desktop.wiring.quality import svg_plots
from tests.support.engine_fakes import (
    MODEL,
    FakeCatalog,
    FakeCheck,
    FakeClassifiers,
    FakeClock,
    FakeReader,
    FakeSettings,
    fake_prepare,
)
from tests.support.examples import POINTS, an_event
from tests.support.fake_backups import FakeMaker
from tests.support.fake_out import FakeCleaner, MemoryDicom
from tests.support.fake_users import MemoryRecovery, MemoryUsers
from tests.support.fakes import (
    MemoryArchive,
    MemoryAudit,
    MemoryDeletions,
    MemoryHistory,
    MemoryMeasurements,
    MemoryPatientExams,
    MemoryQualityRows,
    MemoryRetention,
    MemoryReviews,
    MemorySavedFilters,
    MemorySignatures,
    MemorySitePoints,
    MemoryTables,
    PlainHasher,
)
from tests.support.locked import a_way_out
from tests.support.report_fakes import LetterheadSettings, make_report
from tests.support.self_tests import a_self_test

PASSWORD = "four quiet winter trains"
PEOPLE = {
    "tech": "Technicians",
    "doc": "Doctors",
    "rad": "Radiologists",
    "admin": ADMINISTRATORS,
}


class World:
    """One hospital in memory: `world.actor("doc")`, `world.classify(...)`, `world.audit.log`."""

    letterhead: LetterheadSettings

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.audit = MemoryAudit()
        self.users = MemoryUsers(self.audit)
        self.hasher = PlainHasher()
        self.access = Access(self.users, self.audit, self.hasher, self.clock)
        self.accounts = ManageAccounts(self.users, self.access, self.hasher, self.clock)
        self.emergency = EmergencyAccess(self.users, self.access, self.clock)
        self.reader = FakeReader()
        self.check = FakeCheck()
        self.classifiers = FakeClassifiers()
        self.archive = MemoryArchive()
        self.history = MemoryHistory(self.audit)
        self.catalog = FakeCatalog()
        self.store = FakeSettings()
        self.site_points = ChooseSitePoints(MemorySitePoints(self.audit), self.access, self.clock)
        ids = count(1)
        assess = AssessFilm(self.reader, self.check, fake_prepare, self.classifiers)
        self.classify = ClassifyImage(
            assess,
            Keeping(self.archive, lambda radiograph: b"small", self.history, self.audit),
            self.access,
            now=self.clock,
            new_id=lambda: f"exam-{next(ids)}",
            program_version="0.1.0",
            beside=beside,
            points=self.site_points.in_use,
        )
        self.browse = BrowseHistory(
            self.history, self.archive, self.reader, self.access, self.audit, self.clock,
            MemoryReviews(self.history),
        )  # fmt: skip
        self.priors = FindPriors(
            MemoryPatientExams(self.history), self.archive, self.access, self.clock
        )
        measured = MemoryMeasurements(self.history)
        self.measurements = MeasureExams(measured, self.browse, self.access, self.clock)
        self.reviews = ReviewExams(
            MemoryReviews(self.history), self.browse, self.access, self.clock
        )
        self.signing = SignReports(
            MemorySignatures(self.history),
            MemoryReviews(self.history),
            self.browse,
            self.access,
            self.clock,
        )
        self.deleting = DeleteExams(
            MemoryDeletions(self.history), self.browse, self.access, self.clock
        )
        self.retention = RemoveForGood(
            MemoryRetention(self.history),
            self.archive,
            self.store,
            self.access,
            self.audit,
            self.clock,
        )
        self.maker = FakeMaker(self.clock)
        self.backups = BackUp(
            self.maker,
            self.maker,
            self.store,
            self.access,
            self.audit,
            self.clock,
            self.maker,
            lambda _folder: None,
        )
        self.keys = MemoryRecovery(self.users)
        self.recovery = RecoverAccess(
            self.keys, self.users, self.access, self.audit, self.hasher, self.clock
        )
        self.out_files = a_way_out(folder)
        self.audit_trail = ReadAuditTrail(
            self.audit, self.access, audit_writer(self.out_files), self.clock
        )
        self.tables = MemoryTables()
        self.export = ExportHistory(
            self.browse, {".csv": self.tables}, self.access, self.audit, now=self.clock
        )
        self.save_film_list = SaveFilmList(self.tables, self.access, self.audit, now=self.clock)
        self.report = make_report(self)
        self.dicom = MemoryDicom()
        dicom = ExportDicom(
            self.browse,
            self.archive,
            self.report,
            DicomTools(
                self.dicom.draw,
                self.dicom,
                self.dicom.save,
                self.dicom.new_uid,
                measured.latest,
                map_contour,
            ),
            self.access,
            self.audit,
            now=self.clock,
            program_version="0.1.0",
        )
        self.cleaner = FakeCleaner()
        films = DeidentifyFilms(
            self.browse,
            self.archive,
            CleanTools(self.cleaner, self.cleaner.save, lambda: bytes(32)),
            self.access,
            self.audit,
            self.clock,
        )
        reports = WriteReports(
            self.browse, self.report, self.out_files.write_new, self.access, self.audit, self.clock
        )
        answers = WriteAnswers(self.browse, dicom, self.access, self.audit, self.clock)
        self.out = TakeOut(dicom, answers, films, reports)
        self.saved_filters = KeepFilters(MemorySavedFilters(), self.access)
        self.figures = MeasureOwnExams(
            self.browse, self.access, self.audit, now=self.clock, zone=UTC
        )
        self.labelled: list[LabelledFilm] = []
        tools = EvaluationTools(
            EvaluateModel(assess),
            lambda _where: self.labelled,
            svg_plots,
            lambda: (MODEL, POINTS),
            self.site_points.in_use,
        )
        rows = MemoryQualityRows(self.history)
        self.quality = MeasureQuality(
            EvaluateOnSite(tools, self.browse, self.access, self.audit, self.clock),
            self.site_points,
            ReportMonth(
                MonthTools(rows, month_layouts, self.out_files.write_over),
                self.letterhead,
                self.access,
                self.audit,
                self.clock,
                program_version="0.1.0",
                zone=UTC,
            ),
            WatchDrift(rows, drift_svg, self.access, self.audit, self.clock, zone=UTC),
            PrintSheet(
                sheet_layouts,
                self.out_files.write_over,
                lambda: "District Hospital",
                self.access,
                self.audit,
                now=self.clock,
                program_version="0.1.0",
            ),
        )
        self.models = ManageModels(self.catalog, self.access, self.audit, self.clock)
        self.settings = ChangeSettings(
            self.store,
            self.access,
            self.audit,
            self.clock,
            partial(check_folder, data=folder),
            check_logo,
        )
        tools_of_support = SupportTools(lambda: "CXR Desktop 0.1.0\n", dict, zipped, write_plain)
        self.support = GiveSupportBundle(
            MakeSupportBundle(tools_of_support, self.clock, self.store, a_self_test()),
            self.access, self.audit, self.clock,
        )  # fmt: skip
        for name, group in PEOPLE.items():
            at_once = frozenset({Permission.SEE_AT_ONCE} if name == "rad" else ())
            user = User(name, name.title(), group, granted=at_once)
            self.users.add(user, self.hasher.hash(PASSWORD), an_event())
        self.audit.log.clear()
        self.audit.hashes.clear()

    def actor(self, name: str) -> Actor:
        """Return one of `PEOPLE`, without a sign-in."""
        return self.access.actor(name)

    def let_rad_read_first(self) -> None:
        """Take away the exception by which "rad" sees answers at once in most tests."""
        self.users.update(User("rad", "Rad", PEOPLE["rad"]), an_event())

    def film(self, grey: int = 230, name: str = "film.png") -> Path:
        """Write a film; the fake model's P(abnormal) is `grey` / 255."""
        path = self.folder / name
        path.write_bytes(bytes([grey]) + name.encode())
        return path

    def exam(self, user: str = "doc", grey: int = 230, name: str = "film.png") -> ExamView:
        """Classify and store one film."""
        return self.classify(self.actor(user), self.film(grey, name), NoProgress())

    def three_exams(self, user: str = "doc") -> None:
        """Classify and store a dark, a grey and a bright film, a minute apart."""
        for grey in (20, 120, 230):
            self.exam(user, grey)
            self.clock.forward(60)

    def actions(self) -> list[AuditAction]:
        """Return what was noted, in order."""
        return [event.action for event in self.audit.log]

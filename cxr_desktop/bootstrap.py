"""The composition root: with its parts in `wiring`, the one place that names concrete classes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cxr_desktop import __version__, locations
from cxr_desktop.distributed.threads import beside
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.imaging.film_picture import draw_film
from cxr_desktop.imaging.map_overlay import draw_map
from cxr_desktop.imaging.packed_film import film_pieces
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.imaging.thumbnails import make_thumbnail
from cxr_desktop.reporting.logo import check_logo, read_logo
from cxr_desktop.reporting.report_text import report_layouts
from cxr_desktop.reporting.tables import csv_pieces, xlsx_pieces
from cxr_desktop.services.access import Access
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.services.audit_trail import ReadAuditTrail
from cxr_desktop.services.backup import BackUp
from cxr_desktop.services.classify import ClassifyImage, Keeping
from cxr_desktop.services.classify_many import ClassifyMany
from cxr_desktop.services.deletion import DeleteExams
from cxr_desktop.services.emergency import EmergencyAccess
from cxr_desktop.services.export import ExportHistory
from cxr_desktop.services.film_list import SaveFilmList
from cxr_desktop.services.full_check import CheckEverything, CheckNow
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.keys import ChooseKeys
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.services.measurements import MeasureExams
from cxr_desktop.services.models import ManageModels
from cxr_desktop.services.occlusion import CheckOcclusion
from cxr_desktop.services.other_computers import UseOtherComputers
from cxr_desktop.services.own_figures import MeasureOwnExams
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.services.preferences import ChangeSettings
from cxr_desktop.services.priors import FindPriors
from cxr_desktop.services.recovery import RecoverAccess
from cxr_desktop.services.report import MakeReport, PaperDrawing
from cxr_desktop.services.retention import RemoveForGood
from cxr_desktop.services.reviews import ReviewExams
from cxr_desktop.services.saved_filters import KeepFilters
from cxr_desktop.services.selftest import SelfTest
from cxr_desktop.services.signing import SignReports
from cxr_desktop.services.support import GiveSupportBundle, MakeSupportBundle
from cxr_desktop.services.tags import ReadTags
from cxr_desktop.services.taking_out import TakeOut
from cxr_desktop.services.tour import OfferTour
from cxr_desktop.services.watch_folder import WatchFolder
from cxr_desktop.settings.policy import Policy, read_policy
from cxr_desktop.settings.store import TomlSettings
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.blocklist import read_blocklist
from cxr_desktop.storage.conversion import open_door
from cxr_desktop.storage.data_lock import DataLock
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.encrypt_rest import EncryptRest
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.folder_files import check_folder
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.keys import SqliteKeys
from cxr_desktop.storage.measurements import SqliteMeasurements
from cxr_desktop.storage.out_files import OutFiles
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.priors import SqlitePatientExams
from cxr_desktop.storage.recovery import SqliteRecovery
from cxr_desktop.storage.restoring import RestoreBeside
from cxr_desktop.storage.reviews import SqliteReviews
from cxr_desktop.storage.steps import Steps
from cxr_desktop.storage.tour import SqliteTours
from cxr_desktop.storage.users import SqliteUsers
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import AuditAtTheDoor
from cxr_desktop.wiring.clock import utc_now
from cxr_desktop.wiring.engine import Engine, build_engine
from cxr_desktop.wiring.fast_mode import make_fast_mode
from cxr_desktop.wiring.full_check import make_full_check
from cxr_desktop.wiring.keeping import make_deleting, make_retention, make_signing
from cxr_desktop.wiring.out_files import audit_writer, table_writer
from cxr_desktop.wiring.quality import make_quality, make_site_points
from cxr_desktop.wiring.saved_filters import make_saved_filters
from cxr_desktop.wiring.self_test import make_self_test
from cxr_desktop.wiring.support import make_support
from cxr_desktop.wiring.taking_out import make_taking_out
from cxr_desktop.wiring.watching import make_watch


@dataclass(frozen=True, slots=True)
class Program:
    """Every use case of the desktop program, put together over one data folder."""

    engine: Engine
    data: DataPaths
    access: Access
    accounts: ManageAccounts
    emergency: EmergencyAccess
    classify: ClassifyImage
    classify_many: ClassifyMany
    other_computers: UseOtherComputers
    watch: WatchFolder
    history: BrowseHistory
    reviews: ReviewExams
    signing: SignReports
    deleting: DeleteExams
    retention: RemoveForGood
    export: ExportHistory
    save_film_list: SaveFilmList
    report: MakeReport
    quality: MeasureQuality
    saved_filters: KeepFilters
    out: TakeOut
    figures: MeasureOwnExams
    measurements: MeasureExams
    priors: FindPriors
    tags: ReadTags
    occlusion: CheckOcclusion
    keys: ChooseKeys
    tour: OfferTour
    models: ManageModels
    settings: ChangeSettings
    audit_trail: ReadAuditTrail
    backups: BackUp
    recovery: RecoverAccess
    encrypt_rest: Callable[[JobContext], int]
    remove_cut_off: Callable[[], int]
    vault: Vault
    self_test: SelfTest
    full_check: CheckEverything
    support: GiveSupportBundle
    check_now: CheckNow
    steps: Steps

    def close(self) -> None:
        """Release what was opened, and forget the key."""
        self.engine.close()
        self.vault.close()


def own_policy() -> Policy:
    """Return the policy of this computer. Raises `StorageUnavailable` for one it cannot use."""
    return read_policy(locations.policy_file())


def data_folder(asked: Path | None) -> Path:
    """Return the folder that `build` opens when asked for this one.

    Raises `InvalidRequest` where the policy of this computer names another, `StorageUnavailable`.
    """
    return own_policy().data_folder_for(asked) or DataPaths.default().root


def log_folder(data: Path) -> Path:
    """Return where a data folder keeps its log files."""
    return DataPaths(data).logs


def support_without(asked: Path | None, problem: str) -> MakeSupportBundle:
    """Return what makes a support bundle where a data folder cannot be opened: the `problem`."""
    return make_support(DataPaths(asked or DataPaths.default().root), utc_now, problem=problem)


def open_engine(
    data_dir: Path | None = None,
    *,
    model_id: str | None = None,
    device: str = "auto",
    built_in_models: Path | None = None,
) -> Engine:
    """Put together what classifies without storing.

    Of the data folder only the models that were imported there are read; nothing is made.
    """
    return build_engine(
        own_models=DataPaths(data_folder(data_dir)).models,
        device=lambda: device,
        model_id=model_id,
        built_in_models=built_in_models,
    )


def build(
    data_dir: Path | None = None,
    *,
    model_id: str | None = None,
    device: str | None = None,
    built_in_models: Path | None = None,
    screen: Callable[[], str] | None = None,
) -> Program:
    """Open the data folder, or make it, and put the program together; it is locked.

    The database of a folder from before encryption is encrypted first. `device` overrides the
    setting, `model_id` the active model; `screen` is the self-test's check of the screen, where
    there is one. Raises `StorageUnavailable`.
    """
    data = DataPaths(data_folder(data_dir))
    data.prepare()
    policy = own_policy()
    settings = TomlSettings(data.settings, policy=policy)
    door, vault, steps = open_door(data), Vault(), Steps()
    database = Database(data.database, key=vault.database_key, keep_open=True, tell=steps.report)
    vault.at_forgetting(database.close)
    users, audit = SqliteUsers(database, door), SqliteAuditLog(database)
    hasher = DataLock(vault, database, door, utc_now)
    at_the_door = AuditAtTheDoor(audit, door, vault)
    archive, history = FilmFolder(data.films, vault.keys, film_pieces), SqliteHistory(database)
    vault.at_forgetting(archive.discard_all)
    vault.at_forgetting(history.forget_lists)
    out = OutFiles(data.out, vault.keys)
    tables = {".csv": table_writer(out, csv_pieces), ".xlsx": table_writer(out, xlsx_pieces)}
    common = read_blocklist(locations.resources() / "common_passwords.txt")
    access = Access(
        users,
        at_the_door,
        hasher,
        utc_now,
        rules=lambda: PasswordRules(common, int(settings.get("accounts.password_length"))),
    )
    points = make_site_points(database, access, utc_now)
    engine = build_engine(
        own_models=data.models,
        device=lambda: device or str(settings.get("model.device")),
        threads=lambda: int(settings.get("model.threads")),
        fast=make_fast_mode(settings, points.in_use),
        model_id=model_id,
        built_in_models=built_in_models,
    )
    said, measured = SqliteReviews(database), SqliteMeasurements(database)
    browse = BrowseHistory(history, archive, engine.reader, access, audit, utc_now, said)
    reviews = ReviewExams(said, browse, access, utc_now)
    full_check = make_full_check(database, audit, archive, settings, vault, utc_now)
    self_test = make_self_test(data, policy, engine, database, full_check, vault, utc_now, screen)
    classify = ClassifyImage(
        engine.assess,
        Keeping(archive, make_thumbnail, history, audit),
        access,
        now=utc_now,
        new_id=lambda: uuid.uuid4().hex,
        program_version=__version__,
        beside=beside,
        points=points.in_use,
        ready=self_test.require_passed,
    )
    report = MakeReport(
        browse,
        PaperDrawing(report_layouts, draw_film, draw_map, read_logo, out.write_over),
        settings,
        access,
        audit,
        now=utc_now,
        program_version=__version__,
    )
    many = ClassifyMany(classify, history, access)
    may_name = partial(check_folder, data=data.root)
    return Program(
        engine=engine,
        data=data,
        access=access,
        accounts=ManageAccounts(users, access, hasher, utc_now),
        emergency=EmergencyAccess(users, access, utc_now),
        classify=classify,
        classify_many=many,
        other_computers=UseOtherComputers(settings, access, audit, utc_now),
        watch=make_watch(engine, many, database, data, access, settings.get),
        history=browse,
        reviews=reviews,
        signing=make_signing(database, browse, access, utc_now),
        retention=make_retention(database, archive, settings, access, audit, utc_now),
        deleting=make_deleting(database, browse, access, utc_now),
        report=report,
        saved_filters=make_saved_filters(database, access),
        quality=make_quality(
            engine, points, browse, database, settings, out, access, audit, utc_now
        ),
        out=make_taking_out(
            browse, archive, report, engine.reader, out, measured.latest, access, audit, utc_now
        ),
        export=ExportHistory(browse, tables, access, audit, now=utc_now),
        save_film_list=SaveFilmList(tables[".csv"], access, audit, now=utc_now),
        figures=MeasureOwnExams(browse, access, audit, now=utc_now),
        measurements=MeasureExams(measured, browse, access, utc_now),
        priors=FindPriors(SqlitePatientExams(database), archive, access, utc_now),
        tags=ReadTags(engine.reader, archive, browse, access),
        occlusion=CheckOcclusion(engine.assess.classifier, prepare, browse, access),
        keys=ChooseKeys(SqliteKeys(database), access),
        tour=OfferTour(SqliteTours(database), access, utc_now),
        models=ManageModels(engine.catalog, access, audit, utc_now),
        settings=ChangeSettings(settings, access, audit, utc_now, may_name, check_logo),
        recovery=RecoverAccess(
            SqliteRecovery(database, door), users, access, at_the_door, hasher, utc_now
        ),
        encrypt_rest=EncryptRest(data, archive, vault),
        remove_cut_off=out.remove_cut_off,
        vault=vault,
        backups=BackUp(
            BackupWriter(data, __version__, utc_now, key=vault.database_key),
            BackupReader(vault),
            settings,
            access,
            audit,
            utc_now,
            RestoreBeside(data, BackupReader(vault), audit),
            may_name,
        ),
        audit_trail=ReadAuditTrail(audit, access, audit_writer(out), utc_now),
        self_test=self_test,
        full_check=full_check,
        support=GiveSupportBundle(
            make_support(data, utc_now, settings, self_test), access, audit, utc_now
        ),
        check_now=CheckNow(full_check, access),
        steps=steps,
    )

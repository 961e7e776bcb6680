"""What the program checks of itself, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from cxr_desktop import __version__, locations
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.imaging.codec_check import check_codecs
from cxr_desktop.inference.fast_mode import FastClassifier
from cxr_desktop.inference.runtime import runtime_words
from cxr_desktop.services.full_check import CheckEverything
from cxr_desktop.services.selftest import Check, SelfTest
from cxr_desktop.settings.policy import Policy
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.free_space import check_free_space
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.self_test_file import SelfTestFile
from cxr_desktop.storage.vault import Vault
from cxr_desktop.wiring.engine import Engine
from cxr_desktop.wiring.full_check import last_full_check
from cxr_desktop.wiring.updates import check_updates

LOCKED = "Encrypted: it is checked while somebody is signed in."


def make_self_test(  # noqa: PLR0917 - one place per collaborator
    data: DataPaths,
    policy: Policy,
    engine: Engine,
    database: Database,
    full_check: CheckEverything,
    vault: Vault,
    now: Callable[[], datetime],
    screen: Callable[[], str] | None,
) -> SelfTest:
    """Put it together over one data folder; `screen` checks the screen of the window."""
    codecs = partial(check_codecs, engine.reader, locations.resources() / "codecs")
    updates = (
        (Check("Updates", partial(check_updates, policy.update_folder, engine.catalog)),)
        if policy.update_folder is not None
        else ()
    )
    display = (Check("Screen", screen, at_start=True),) if screen is not None else ()
    checks = (
        Check("Policy", policy.check),
        Check("Decoder", codecs, at_start=True),
        Check("Model", partial(_check_model, engine), at_start=True),
        Check("Database", partial(_check_database, database, vault), at_start=True),
        Check("Audit log", partial(_check_log, SqliteAuditLog(database), vault)),
        Check("Full check", partial(last_full_check, full_check, vault)),
        Check("Disk space", partial(check_free_space, data.root), at_start=True),
        *updates,
        *display,
    )
    return SelfTest(checks, SelfTestFile(data.self_test), now, __version__)


def _check_model(engine: Engine) -> str:
    broken = [info for info in engine.catalog.packs() if info.active and info.problem]
    if broken:
        raise ModelUnavailable(broken[0].problem, hint="Activate another model.")
    classifier = engine.assess.classifier()
    model = classifier.model
    device = f"{classifier.device} (ONNX Runtime {runtime_words()})"
    words = f"{model.id} {model.version} gives the expected answer on {device}."
    more = classifier.proof.sentence if isinstance(classifier, FastClassifier) else ""
    return f"{words} {more or classifier.notice}".strip()


def _check_database(database: Database, vault: Vault) -> str:
    if not vault.is_open:
        return LOCKED
    database.quick_check()
    return "Its pages are sound."


def _check_log(audit: SqliteAuditLog, vault: Vault) -> str:
    if not vault.is_open:
        return "Encrypted: it is checked by “audit verify”, and here while somebody is signed in."
    return f"{audit.verify()} events, none changed."

"""What the program checks of itself, put together."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.services.full_check import CheckEverything
from cxr_desktop.services.selftest import Check, SelfTest
from cxr_desktop.settings.policy import Policy
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.free_space import check_free_space
from cxr_desktop.storage.vault import Vault
from cxr_desktop.wiring.engine import Engine
from cxr_desktop.wiring.full_check import last_full_check


def make_self_test(  # noqa: PLR0917 - one place per collaborator
    policy: Policy,
    engine: Engine,
    audit: SqliteAuditLog,
    full_check: CheckEverything,
    vault: Vault,
    root: Path,
) -> SelfTest:
    """Put it together over one data folder."""
    return SelfTest(
        (
            Check("Policy", policy.check),
            Check("Decoder", partial(_check_decoder, engine)),
            Check("Model", partial(_check_model, engine)),
            Check("Audit log", partial(_check_log, audit, vault)),
            Check("Full check", partial(last_full_check, full_check, vault)),
            Check("Disk space", partial(check_free_space, root)),
        )
    )


def _check_decoder(engine: Engine) -> str:
    engine.reader.warm_up()
    return "The film reader answers."


def _check_model(engine: Engine) -> str:
    broken = [info for info in engine.catalog.packs() if info.active and info.problem]
    if broken:
        raise ModelUnavailable(broken[0].problem, hint="Activate another model.")
    classifier = engine.assess.classifier()
    model = classifier.model
    return f"{model.id} {model.version} gives the expected answer on {classifier.device}."


def _check_log(audit: SqliteAuditLog, vault: Vault) -> str:
    if not vault.is_open:
        return "Encrypted: it is checked by “audit verify”, and here while somebody is signed in."
    return f"{audit.verify()} events, none changed."

"""Opening a data folder, and signing in, from the command line."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from cxr_desktop import bootstrap
from cxr_desktop.bootstrap import Program
from cxr_desktop.cli.command import Invocation
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Actor
from cxr_desktop.wiring.engine import Engine


@contextlib.contextmanager
def engine_only(call: Invocation) -> Iterator[Engine]:
    """Give what classifies without storing; touches no data folder but for its own models."""
    args = call.args
    engine = bootstrap.open_engine(
        call.data_dir,
        model_id=getattr(args, "model", None),
        device=getattr(args, "device", None) or "auto",
        built_in_models=call.built_in_models,
    )
    try:
        yield engine
    finally:
        engine.close()


@contextlib.contextmanager
def opened_program(call: Invocation) -> Iterator[Program]:
    """Open (or make) the data folder. Raises `StorageUnavailable`."""
    args = call.args
    with _private_files():
        program = bootstrap.build(
            call.data_dir,
            model_id=getattr(args, "model", None),
            device=getattr(args, "device", None),
            built_in_models=call.built_in_models,
        )
        try:
            yield program
        finally:
            program.close()


@contextlib.contextmanager
def signed_in(call: Invocation) -> Iterator[tuple[Program, Actor]]:
    """Open an existing data folder as `--user`, and sign out at the end.

    What the folder still holds from before encryption is encrypted first, and what a sudden end
    left of files that were taken out is removed.
    Raises `InvalidRequest` where there is none or nobody has an account, and `SignInRefused`.
    """
    folder = bootstrap.data_folder(call.data_dir)
    if not folder.exists():
        raise InvalidRequest(
            f"There is no data folder “{folder}”.",
            hint="Check --data-dir, or make it with “cxr-desktop admin create USER”.",
        )
    with opened_program(call) as program:
        if program.access.needs_first_administrator():
            raise InvalidRequest(
                "There are no accounts in this data folder yet.",
                hint="Make the first one with “cxr-desktop admin create USER”.",
            )
        password = call.terminal.password(from_stdin=call.args.password_stdin)
        actor = program.access.sign_in(call.args.user, password)
        try:
            program.encrypt_rest(NoProgress())
            program.remove_cut_off()
            yield program, actor
        finally:
            with contextlib.suppress(StorageUnavailable):  # the first error is the one to tell
                program.access.sign_out(actor)


@contextlib.contextmanager
def _private_files() -> Iterator[None]:
    """Make what is written about patients readable for this account only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)

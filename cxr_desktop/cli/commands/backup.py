"""`backup run` backs up a data folder; `verify` and `restore` need only the backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_data_dir, add_json, add_sign_in
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.wiring.restoring import backup_checker


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    run = actions.add_parser("run", help="make a backup and check it")
    run.add_argument(
        "--to", type=Path, metavar="FOLDER", help="here, instead of the folder that was chosen"
    )
    add_sign_in(run)
    add_data_dir(run)
    verify = actions.add_parser("verify", help="read a backup whole and check it")
    verify.add_argument("backup", type=Path, metavar="BACKUP", help="a folder “backup-…”")
    restore = actions.add_parser("restore", help="make a new data folder out of a backup")
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="a folder “backup-…”")
    restore.add_argument("folder", type=Path, metavar="NEW_FOLDER", help="absent or empty")
    for action in (run, verify, restore):
        add_json(action)


def _run(call: Invocation) -> int:
    args = call.args
    if args.action == "run":
        with signed_in(call) as (program, actor):
            info = program.backups.run(actor, NoProgress(), args.to)
        _tell(call, info, "Backed up and checked")
    elif args.action == "verify":
        info = backup_checker().verify(args.backup, NoProgress())
        _tell(call, info, "Sound")
    else:
        info = backup_checker().restore(args.backup, args.folder, NoProgress())
        _tell(call, info, f"Restored to {args.folder}")
    return Exit.DONE


def _tell(call: Invocation, info: BackupInfo, done: str) -> None:
    if call.args.json:
        call.terminal.json_line(
            {
                "backup": str(info.path),
                "time": info.time.isoformat(),
                "files": info.files,
                "bytes": info.size,
                "events": info.events,
                "seal": info.seal,
                "program_version": info.program_version,
            }
        )
        return
    size = f"{info.size / 2**20:.1f} MB"
    call.terminal.line(f"{done}: {info.path}")
    call.terminal.line(
        f"{info.files} files, {size}, of {info.time:%Y-%m-%d %H:%M} UTC, audit seal {info.seal}"
    )


COMMAND = Command("backup", "back up, check and restore a data folder", _arguments, _run)

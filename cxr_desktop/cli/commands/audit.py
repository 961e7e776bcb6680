"""`audit verify` recomputes the audit log's chain; `audit list` prints its newest events."""

from __future__ import annotations

import argparse

from cxr_desktop.cli.command import Command, Exit, Invocation, add_data_dir, add_json, add_sign_in
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.audit import AuditAction, AuditEntry, AuditQuery

MOST_ROWS = 1_000_000


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="recompute the chain of all events")
    verify.add_argument(
        "--seal", default="", metavar="SEAL", help="also check that this earlier seal belongs to it"
    )
    listing = actions.add_parser("list", help="list events, newest first")
    listing.add_argument(
        "--action",
        dest="kind",
        choices=[action.value for action in AuditAction],
        metavar="A",
        help="only events of this kind, such as sign_in_failed",
    )
    listing.add_argument("--of", default="", metavar="USER", help="only events of this user")
    listing.add_argument(
        "--limit", type=_how_many, metavar="N", default=200, help="at most (default: 200)"
    )
    for action in (verify, listing):
        add_sign_in(action)
        add_json(action)
        add_data_dir(action)


def _how_many(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"must be 1 to {MOST_ROWS}")
    return number


def _run(call: Invocation) -> int:
    return _verify(call) if call.args.action == "verify" else _list(call)


def _verify(call: Invocation) -> int:
    with signed_in(call) as (program, actor):
        found = program.audit_trail.verify(actor, call.args.seal)
    if call.args.json:
        call.terminal.json_line({"events": found.events, "seal": found.seal, "sound": True})
    else:
        call.terminal.line(f"{found.events} events, none changed. Seal: {found.seal}")
    return Exit.DONE


def _list(call: Invocation) -> int:
    args = call.args
    query = AuditQuery(
        action=AuditAction(args.kind) if args.kind else None, user=args.of, limit=args.limit
    )
    with signed_in(call) as (program, actor):
        entries = program.audit_trail.search(actor, query)
    for entry in entries:
        if args.json:
            call.terminal.json_line(_as_json(entry))
        else:
            call.terminal.line(_as_text(entry))
    return Exit.DONE


def _as_json(entry: AuditEntry) -> dict[str, object]:
    event = entry.event
    return {
        "number": entry.number,
        "time": event.time.isoformat(),
        "user": event.user,
        "action": event.action.value,
        "subject": event.subject,
        "detail": dict(event.detail),
        "hash": entry.hash,
    }


def _as_text(entry: AuditEntry) -> str:
    event = entry.event
    detail = " ".join(f"{name}={value}" for name, value in event.detail.items())
    words = (
        f"{entry.number:>7}  {event.time:%Y-%m-%d %H:%M:%S}Z  {event.action.value:<18}"
        f"  {event.user}  {event.subject}  {detail}"
    )
    return words.rstrip()


COMMAND = Command("audit", "list and verify the audit log", _arguments, _run)

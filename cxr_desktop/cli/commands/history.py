"""`history`: list what is stored, as far as the account may see it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_json, add_sign_in
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.assessment import DISCLAIMER, Verdict
from cxr_desktop.domain.history import ExamRow, HistoryPage, HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Permission

MOST_ROWS = 1_000_000
NOT_TO_SEE = "This account may not see the model's answers; they are left out."


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_sign_in(parser)
    add_json(parser)
    parser.add_argument(
        "--search",
        metavar="TEXT",
        default="",
        help="letters of words in patient name or id, accession number or file name",
    )
    parser.add_argument(
        "--verdict",
        choices=[Verdict.NORMAL.value, Verdict.UNCERTAIN.value, Verdict.ABNORMAL.value],
        help="only exams with this verdict",
    )
    parser.add_argument(
        "--limit", type=_how_many, metavar="N", default=200, help="at most (default: 200)"
    )
    tables = parser.add_mutually_exclusive_group()
    for kind in ("csv", "xlsx"):
        tables.add_argument(
            f"--{kind}",
            dest="table",
            type=_table(f".{kind}"),
            metavar=f"FILE.{kind}",
            help=f"write all that match into this new {kind.upper()} file instead of listing them",
        )


def _how_many(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"must be 1 to {MOST_ROWS}")
    return number


def _table(ending: str) -> Callable[[str], Path]:
    def path(text: str) -> Path:
        if Path(text).suffix.casefold() != ending:
            raise argparse.ArgumentTypeError(f"must end in {ending}")
        return Path(text)

    return path


def _run(call: Invocation) -> int:
    args = call.args
    with signed_in(call) as (program, actor):
        if not actor.may(Permission.SEE_RESULT):
            call.terminal.say(NOT_TO_SEE)
        verdict = Verdict(args.verdict) if args.verdict else None
        query = HistoryQuery(text=args.search, verdict=verdict, limit=args.limit)
        if args.table is not None:
            count = program.export(actor, query, args.table, NoProgress())
            call.terminal.say(f"{count} exams are in “{args.table}”, which names patients.")
            return Exit.DONE
        page = program.history.search(actor, query)
    if args.json:
        for row in page.rows:
            call.terminal.json_line(_as_json(row))
    else:
        _as_text(call, page)
    return Exit.DONE


def _as_json(row: ExamRow) -> dict[str, object]:
    return {
        "exam_id": row.exam_id,
        "time": row.time.isoformat(),
        "user": row.user,
        "patient_name": row.patient_name,
        "patient_id": row.patient_id,
        "file": row.file_name,
        "film_sha256": row.film_sha256,
        "verdict": row.verdict.value if row.verdict else None,
        "probability": row.probability,
        "model": {"id": row.model_id, "version": row.model_version},
    }


def _as_text(call: Invocation, page: HistoryPage) -> None:
    head = ("TIME (UTC)", "VERDICT", "P(ABN)", "USER", "PATIENT", "PATIENT ID", "FILE")
    rows = [head, *map(_cells, page.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head) - 1)]
    for row in rows:
        fixed = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        call.terminal.line(f"{fixed}  {row[-1]}")
    call.terminal.line(f"{len(page.rows)} of {page.total} exams.")
    call.terminal.line(DISCLAIMER)


def _cells(row: ExamRow) -> tuple[str, ...]:
    return (
        f"{row.time:%Y-%m-%d %H:%M:%S}",
        row.verdict.value if row.verdict else "-",
        "-" if row.probability is None else f"{row.probability:.4f}",
        row.user,
        row.patient_name or "-",
        row.patient_id or "-",
        row.file_name,
    )


COMMAND = Command("history", "list stored exams", _arguments, _run)

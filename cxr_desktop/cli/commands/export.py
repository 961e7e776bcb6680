"""`export`: take exams out of the program, as files in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_data_dir, add_json, add_sign_in
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.deidentify import DeidOptions, MaskBox
from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress

WITHOUT_PDF = (DicomPart.REPORT.value, DicomPart.PICTURE.value)
CHOICES = (*WITHOUT_PDF, DicomPart.STATE.value)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    dicom = parts.add_parser("dicom", help="an exam's answer as DICOM files")
    dicom.add_argument("exam_id", metavar="EXAM_ID", help="as “history --json” prints it")
    dicom.add_argument(
        "--only", choices=CHOICES, help="only the report, the picture, or the measurements (GSPS)"
    )
    films = parts.add_parser("films", help="films without their patient (de-identified)")
    _add_films(films)
    for words in (dicom, films):
        words.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where to")
        add_sign_in(words)
        add_json(words)
        add_data_dir(words)


def _add_films(films: argparse.ArgumentParser) -> None:
    films.add_argument("--exam", metavar="EXAM_ID", help="only this exam's film")
    films.add_argument(
        "--mask",
        action="append",
        default=[],
        type=_box,
        metavar="X,Y,WIDTH,HEIGHT",
        help="with --exam: make this part black (pixels as shown)",
    )
    films.add_argument("--search", metavar="TEXT", default="", help="only exams with these words")
    films.add_argument(
        "--verdict",
        choices=[Verdict.NORMAL.value, Verdict.UNCERTAIN.value, Verdict.ABNORMAL.value],
        help="only exams with this verdict",
    )
    films.add_argument("--shift-dates", action="store_true", help="move dates, per patient")
    films.add_argument(
        "--keep-characteristics", action="store_true", help="keep sex, age, size and weight"
    )


def _box(text: str) -> MaskBox:
    """Read four numbers; argparse makes a sentence of the ValueError for anything else."""
    x, y, width, height = (int(number) for number in text.split(","))
    return MaskBox(x, y, width, height)


def _run(call: Invocation) -> int:
    return _dicom(call) if call.args.what == "dicom" else _films(call)


def _dicom(call: Invocation) -> int:
    args = call.args
    chosen = [args.only] if args.only else WITHOUT_PDF
    with signed_in(call) as (program, actor):
        paths = program.out.dicom(
            actor, args.exam_id, args.to, [DicomPart(one) for one in chosen], NoProgress()
        )
    _tell(call, paths)
    return Exit.DONE


def _films(call: Invocation) -> int:
    args = call.args
    if args.mask and not args.exam:
        raise InvalidRequest("A mask is for one film.", hint="Name it with --exam.")
    options = DeidOptions(args.shift_dates, args.keep_characteristics)
    with signed_in(call) as (program, actor):
        films = program.out.films
        if args.exam:
            made = films.one(actor, args.exam, args.to, options, NoProgress(), boxes=args.mask)
        else:
            query = HistoryQuery(
                text=args.search, verdict=Verdict(args.verdict) if args.verdict else None
            )
            made = films.many(actor, query, args.to, options, NoProgress())
    _tell(call, made.files)
    for one in made.left_out:
        call.terminal.say(f"left out: exam {one.exam_id}: {one.reason}")
    call.terminal.say("Look at the films: names drawn into a picture are not seen by the program.")
    return Exit.SOME_REFUSED if made.left_out else Exit.DONE


def _tell(call: Invocation, paths: Iterable[Path]) -> None:
    for path in paths:
        if call.args.json:
            call.terminal.json_line({"file": str(path)})
        else:
            call.terminal.line(str(path))


COMMAND = Command("export", "write exams as files in a folder", _arguments, _run)

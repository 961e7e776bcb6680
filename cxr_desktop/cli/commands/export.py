"""`export`: take exams out of the program, as files in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_data_dir, add_json, add_sign_in
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.ports import NoProgress

WITHOUT_PDF = (DicomPart.REPORT.value, DicomPart.PICTURE.value)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    dicom = parts.add_parser("dicom", help="an exam's answer as DICOM files")
    dicom.add_argument("exam_id", metavar="EXAM_ID", help="as “history --json” prints it")
    dicom.add_argument(
        "--only", choices=WITHOUT_PDF, help="only the structured report, or only the picture"
    )
    for words in (dicom,):
        words.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where to")
        add_sign_in(words)
        add_json(words)
        add_data_dir(words)


def _run(call: Invocation) -> int:
    args = call.args
    chosen = [args.only] if args.only else WITHOUT_PDF
    with signed_in(call) as (program, actor):
        paths = program.out.dicom(
            actor, args.exam_id, args.to, [DicomPart(one) for one in chosen], NoProgress()
        )
    for path in paths:
        if args.json:
            call.terminal.json_line({"file": str(path)})
        else:
            call.terminal.line(str(path))
    return Exit.DONE


COMMAND = Command("export", "write exams as files in a folder", _arguments, _run)

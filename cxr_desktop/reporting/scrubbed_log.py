"""A log as it may leave the hospital: only what the program is known to write, word for word.

The log holds nothing of a patient (`logging_setup`). This is the second lock: a line is kept when
it is one of the sentences below, or a place in the code; of every other one only its head, or
nothing.

TO ADD A SENTENCE TO THE LOG: the call in the code, and one row in `SENTENCES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LEFT_OUT = "(left out)"
SENTENCES = (
    r"(unexpected )?error [0-9a-f]{8}",
    r"half written exports were removed",
    r"the work after the sign-in failed: [a-z_]{1,40}",
)
_KNOWN = re.compile("|".join(f"(?:{sentence})" for sentence in SENTENCES))
_RECORD = re.compile(
    r"(?P<head>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]{1,8}) "
    r"(?P<name>[\w.]{1,100}): (?P<text>.*)"
)
_KIND = r"(Error|Exception|Warning|Interrupt|Exit|Refused|Unavailable|Denied|Request|Cancelled)"
_ERROR = re.compile(rf"  [a-z_][\w.]*\.[A-Za-z]*{_KIND}")
_FRAME = re.compile(r"    [\w<>-]{1,60}\.py:\d{1,6} [\w<>]{1,80}")
# What Python's faulthandler writes when the process dies.
_CRASH = re.compile(
    r"(Fatal Python error|Windows fatal exception): [a-z A-Z0-9]{1,60}"
    r"|(Current thread|Thread) 0x[0-9a-f]{1,16} (\[[\w-]{0,40}\] )?\(most recent call first\):"
    r"|  <no Python frame>|"
)
_CRASH_FRAME = re.compile(
    r'  File "[^"]*?(?P<file>[\w<>-]{1,60}\.py)", (?P<rest>line \d{1,6} in [\w<>]{1,80})'
)


def scrubbed(lines: Iterable[str]) -> str:
    """Return what may be passed on of these lines, and how many were left out."""
    kept = list(_kept(line.rstrip("\r\n") for line in lines))
    return "".join(f"{line}\n" for line in kept)


def _kept(lines: Iterable[str]) -> Iterator[str]:
    dropped = 0
    for line in lines:
        said = _line(line)
        if said is None:
            dropped += 1
            continue
        if dropped:
            yield f"({dropped} lines left out)"
            dropped = 0
        yield said
    if dropped:
        yield f"({dropped} lines left out)"


def _line(line: str) -> str | None:
    record = _RECORD.fullmatch(line)
    if record is not None:
        ours = record["name"].startswith("cxr_desktop")
        text = record["text"] if ours and _KNOWN.fullmatch(record["text"]) else LEFT_OUT
        return f"{record['head']} {record['name'] if ours else LEFT_OUT}: {text}"
    if any(pattern.fullmatch(line) for pattern in (_ERROR, _FRAME, _CRASH)):
        return line
    frame = _CRASH_FRAME.fullmatch(line)
    return f'  File "{frame["file"]}", {frame["rest"]}' if frame is not None else None

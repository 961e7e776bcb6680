"""One message of a JSON header and some byte strings, for what is no film (`wire` has those)."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

LENGTH = struct.Struct("<Q")
PARTS = "parts"


def pack(header: Mapping[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    """Put header and parts into one byte string."""
    head = json.dumps({**header, PARTS: [len(part) for part in parts]}).encode()
    return b"".join([LENGTH.pack(len(head)), head, *parts])


def unpack(message: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Take apart what `pack` made. Raises ValueError, TypeError or KeyError for anything else."""
    if len(message) < LENGTH.size:
        raise ValueError("the message is too short")
    place = LENGTH.size + LENGTH.unpack_from(message)[0]
    header = json.loads(message[LENGTH.size : place])
    parts = []
    for length in header.pop(PARTS):
        parts.append(message[place : place + length])
        if len(parts[-1]) != length:
            raise ValueError("the message was cut")
        place += length
    return header, parts

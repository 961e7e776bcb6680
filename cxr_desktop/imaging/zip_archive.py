"""ZIP archives of films: what an archive may be, and its members one at a time.

Only lengths, names and the first bytes of a member are looked at here; films are decoded in the
decoder process. Source: APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.limits import MAX_BYTES
from cxr_desktop.imaging.refusals import damaged, no_pixels, too_large

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MAX_MEMBERS = 10_000
MAX_DIRECTORY = 8 * 1024 * 1024
MAX_TOTAL = 2 * 1024**3
MAX_RATIO = 200
RATIO_FROM = 4 * 1024 * 1024  # smaller members may be as empty as they like
CHUNK = 1024 * 1024
END_RECORD = b"PK\x05\x06"
END_BYTES = 22
COMMENT_BYTES = 65_535
LOCATOR = b"PK\x06\x07"  # of the ZIP64 end record, which stands right before the other one
LOCATOR_BYTES = 20
UNPACKABLE = (
    zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError
)  # fmt: skip
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open an archive that may be unpacked. Raises `FilmRefused` for any other.

    Its directory is measured before `zipfile` reads it: 512 MiB hold eleven million entries.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise damaged()
        _check_directory(path)
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged("The archive is damaged or not complete.") from error
    try:
        _check_members(archive.infolist())
    except FilmRefused:
        archive.close()
        raise
    return archive


def refuse_archive(path: Path) -> FilmRefused:
    """Say why the films in an archive are not read: the reader's answer to a ZIP file."""
    try:
        with open_archive(path) as archive:
            empty = not any(True for _ in files_of(archive))
    except FilmRefused as refusal:
        return refusal
    if empty:
        return no_pixels("The archive is empty.")
    return refuse_nested()


def refuse_nested() -> FilmRefused:
    """Say that an archive holds no film of its own, or lies in another one."""
    return FilmRefused(
        RefusalCode.UNSUPPORTED_FORMAT,
        "This is a ZIP archive: one inside another, or one without any film.",
        hint="Unpack it, and choose the films.",
    )


def files_of(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Yield the members that are files, in the order of the archive's directory."""
    return (member for member in archive.infolist() if not member.is_dir())


def head_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, count: int) -> bytes:
    """Return a member's first bytes; none when they cannot be unpacked."""
    try:
        with archive.open(member) as source:
            return source.read(count)
    except UNPACKABLE:
        return b""


def pieces_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member's bytes, as far as they can be unpacked: its reader refuses a cut film."""
    try:
        with archive.open(member) as source:
            left = member.file_size
            while left > 0 and (part := source.read(min(CHUNK, left))):
                left -= len(part)
                yield part
    except UNPACKABLE:
        return


def _check_directory(path: Path) -> None:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size > 4 * MAX_BYTES:
            raise too_large("The archive is larger than 2 GiB.")
        file.seek(max(0, size - COMMENT_BYTES - END_BYTES - LOCATOR_BYTES))
        tail = file.read()
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) < at + END_BYTES:
        raise damaged("The archive is damaged or not complete.")
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    # Found elsewhere by `zipfile`: the end without a comment, if the last bytes look like one.
    ambiguous = at != len(tail) - END_BYTES and tail[-END_BYTES:].startswith(END_RECORD)
    if LOCATOR in tail[max(0, at - LOCATOR_BYTES) : at] or ambiguous:
        raise too_large("The archive holds too many files, or is of the kind ZIP64.")
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise too_large(f"The archive holds more than {MAX_MEMBERS} files.")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise too_large(f"The archive holds more than {MAX_MEMBERS} files.")
    if sum(member.file_size for member in members) > MAX_TOTAL:
        raise too_large("The archive's files are larger than 2 GiB together.")
    for member in members:
        _check_member(member)


def _check_member(member: zipfile.ZipInfo) -> None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or parts[0].endswith(":") or "\0" in member.filename:
        raise damaged("The archive holds a name that leads outside of it.")
    if member.flag_bits & ENCRYPTED:
        raise FilmRefused(
            RefusalCode.UNSUPPORTED_FORMAT,
            "The archive is locked with a password.",
            hint="Unpack it with its password, and choose the films.",
        )
    if member.compress_type not in METHODS:
        raise FilmRefused(
            RefusalCode.UNSUPPORTED_FORMAT,
            "The archive is packed in a way that this program cannot unpack.",
            hint="Unpack it, and choose the films.",
        )
    packed = max(1, member.compress_size)
    if member.file_size > RATIO_FROM and member.file_size / packed > MAX_RATIO:
        raise too_large("A file of the archive swells beyond all measure when it is unpacked.")

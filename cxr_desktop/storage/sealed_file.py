"""Encrypted files: AES-256-GCM in pieces of 1 MiB, each in its place or recognisably not.

::

    CXRF1  SALT (16 bytes)  then for each piece: the ciphertext and its tag of 16 bytes

The file's own key follows from the data key, the salt and what the file is for. A piece's nonce is
its number and whether it is the last: pieces that were swapped, left out or cut off do not decrypt.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.data_keys import derived

MAGIC = b"CXRF1"
SALT_BYTES, TAG_BYTES = 16, 16
PIECE = 1 << 20


def write_sealed(file: BinaryIO, pieces: Iterable[bytes], key: bytes, purpose: str) -> None:
    """Encrypt what comes in pieces of `PIECE` bytes (the last may be shorter). Raises OSError."""
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = AESGCM(derived(key, purpose, salt))
    file.write(MAGIC + salt)
    file.writelines(
        cipher.encrypt(_nonce(number, is_last=is_last), piece, None)
        for number, piece, is_last in _with_last(pieces)
    )


def read_sealed(path: Path, key: bytes, purpose: str) -> bytes:
    """Return what was encrypted. Raises OSError, and `StorageUnavailable` for anything else."""
    return b"".join(sealed_pieces(path, key, purpose))


def sealed_pieces(path: Path, key: bytes, purpose: str) -> Iterator[bytes]:
    """Give what was encrypted piece by piece; raises as `read_sealed` does."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + SALT_BYTES)
        if not head.startswith(MAGIC) or len(head) != len(MAGIC) + SALT_BYTES:
            raise _damaged()
        cipher = AESGCM(derived(key, purpose, head[len(MAGIC) :]))
        pieces = iter(lambda: file.read(PIECE + TAG_BYTES), b"")
        complete = False
        for number, piece, is_last in _with_last(pieces):
            try:
                yield cipher.decrypt(_nonce(number, is_last=is_last), piece, None)
            except (InvalidTag, ValueError) as error:  # ValueError: too short for a tag
                raise _damaged() from error
            complete = is_last
    if not complete:
        raise _damaged()


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Yield each piece with its number, and whether it is the last one."""
    number, held = 0, b""
    for index, piece in enumerate(pieces):
        if index > 0:
            yield number, held, False
        number, held = index, piece
    yield number, held, True


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _damaged() -> StorageUnavailable:
    return StorageUnavailable(
        "A stored file is damaged.", hint="Ask IT to restore it from a backup."
    )

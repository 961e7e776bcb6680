"""Password hashes: Argon2id (RFC 9106)."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 1


class Argon2Hasher:
    """The `PasswordHasher` of the program: 64 MiB, 3 passes, 1 lane; about 0.15 s.

    Passwords are taken in NFKC, so that another keyboard's form of a letter is the same letter
    (NIST SP 800-63B). Cheaper parameters are for tests.
    """

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._argon2 = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=LANES, type=Type.ID
        )

    def hash(self, password: str) -> str:
        """Return the encoded hash with its own salt and parameters."""
        return self._argon2.hash(_bytes(password))

    def verify(self, encoded: str, password: str) -> bool:
        """Whether it is the password; false, too, for a text that is no Argon2 hash."""
        try:
            extract_parameters(encoded)
            return self._argon2.verify(encoded, _bytes(password))
        except (VerifyMismatchError, InvalidHashError):
            return False

    def needs_rehash(self, encoded: str) -> bool:
        """Whether other parameters than today's made the hash."""
        try:
            return self._argon2.check_needs_rehash(encoded)
        except InvalidHashError:
            return True


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")

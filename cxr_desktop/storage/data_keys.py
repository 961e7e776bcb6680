"""The keys that things are encrypted with: all of them follow from one random key."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataKeys:
    """One key for each purpose, so that none is used twice.

    `database` is SQLCipher's, in hexadecimal; `films` encrypts films, `film_names` hides their
    names; `out` encrypts what is on its way out, `seal` opens what was put away while nobody was
    signed in.
    """

    database: str = field(repr=False)
    films: bytes = field(repr=False)
    film_names: bytes = field(repr=False)
    out: bytes = field(repr=False)
    seal: X25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, master: bytes) -> DataKeys:
        """Derive them from the random key of a data folder (32 bytes)."""
        return cls(
            database=derived(master, "database").hex(),
            films=derived(master, "films"),
            film_names=derived(master, "film names"),
            out=derived(master, "out"),
            seal=X25519PrivateKey.from_private_bytes(derived(master, "seal")),
        )


def derived(secret: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """Return a key of 32 bytes for one purpose (HKDF, RFC 5869, SHA-256)."""
    info = f"cxr-desktop 1 {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=salt, info=info).derive(secret)

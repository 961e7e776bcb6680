"""The data key, wrapped by a password: Argon2id (RFC 9106) and AES-256-GCM.

::

    cxr-wrap-1$65536$3$1$SALT$NONCE$WRAPPED     memory in KiB, passes, lanes; base64

Whoever unwraps it has the password: there is no other hash. A wrap `cxr-wrap-0` was made out of a
password hash of an older version, and is replaced when its owner signs in.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from dataclasses import dataclass, replace

from argon2 import Type, extract_parameters
from argon2.low_level import hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cxr_desktop.storage.data_keys import KEY_BYTES, derived

SCHEME, ADOPTED = "cxr-wrap-1", "cxr-wrap-0"
SALT_BYTES, NONCE_BYTES = 16, 12
LANES = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: 64 MiB and 3 passes, about 0.15 s. Cheaper ones are for tests."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = LANES


@dataclass(frozen=True, slots=True)
class Wrap:
    """One wrapped key, taken apart."""

    scheme: str
    cost: Cost
    salt: bytes
    nonce: bytes
    wrapped: bytes

    @property
    def bound(self) -> bytes:
        """What cannot be changed without breaking the wrap."""
        return self.text().rpartition("$")[0].encode()

    def text(self) -> str:
        """Return it as it is stored."""
        numbers = (self.cost.memory_kib, self.cost.passes, self.cost.lanes)
        parts = (self.salt, self.nonce, self.wrapped)
        return "$".join([self.scheme, *map(str, numbers), *(_text(part) for part in parts)])


def wrap_key(key: bytes, password: str, cost: Cost) -> str:
    """Wrap a key by a password.

    Passwords are taken in NFKC, so that another keyboard's form of a letter is the same letter
    (NIST SP 800-63B).
    """
    salt = secrets.token_bytes(SALT_BYTES)
    return _wrap(key, _stretched(password, salt, cost), Wrap(SCHEME, cost, salt, b"", b""))


def unwrap_key(encoded: str, password: str) -> bytes | None:
    """Return the key; None for a wrong password, and for a text that is no wrap."""
    try:
        wrap = _parsed(encoded)
    except (ValueError, TypeError):
        return None
    stretched = _stretched(password, wrap.salt, wrap.cost)
    try:
        return AESGCM(derived(stretched, "wrap")).decrypt(wrap.nonce, wrap.wrapped, wrap.bound)
    except InvalidTag:
        return None


def wrap_by_old_hash(key: bytes, password_hash: str) -> str:
    """Wrap a key so that the password of an old Argon2id hash unwraps it.

    The hash is what the password and its salt give, so that it can stand for the password once.
    Raises ValueError for a text that is no such hash.
    """
    old = extract_parameters(password_hash)
    if old.type is not Type.ID or old.hash_len != KEY_BYTES:
        raise ValueError("no Argon2id hash of 32 bytes")
    *_, salt, stretched = (_bytes(part) for part in password_hash.split("$")[-2:])
    cost = Cost(old.memory_cost, old.time_cost, old.parallelism)
    return _wrap(key, stretched, Wrap(ADOPTED, cost, salt, b"", b""))


def is_current(encoded: str, cost: Cost) -> bool:
    """Whether a wrap was made as one would be made today."""
    try:
        wrap = _parsed(encoded)
    except (ValueError, TypeError):
        return False
    return wrap.scheme == SCHEME and wrap.cost == cost


def _wrap(key: bytes, stretched: bytes, empty: Wrap) -> str:
    wrap = replace(empty, nonce=secrets.token_bytes(NONCE_BYTES))
    sealed = AESGCM(derived(stretched, "wrap")).encrypt(wrap.nonce, key, wrap.bound)
    return replace(wrap, wrapped=sealed).text()


def _stretched(password: str, salt: bytes, cost: Cost) -> bytes:
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )


def _parsed(encoded: str) -> Wrap:
    scheme, memory, passes, lanes, *parts = encoded.split("$")
    if scheme not in {SCHEME, ADOPTED} or len(parts) != 3:
        raise ValueError("no wrap")
    salt, nonce, wrapped = (_bytes(part) for part in parts)
    return Wrap(scheme, Cost(int(memory), int(passes), int(lanes)), salt, nonce, wrapped)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)

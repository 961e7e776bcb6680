"""Putting something away that only the data key opens again (X25519, HKDF, AES-256-GCM)."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cxr_desktop.storage.data_keys import derived

POINT = 32
NONCE = bytes(12)  # each key is used once


def public_part(private: X25519PrivateKey) -> bytes:
    """Return what `seal` needs; nothing can be opened with it."""
    return private.public_key().public_bytes_raw()


def seal(public: bytes, content: bytes) -> bytes:
    """Encrypt for the owner of the private part."""
    once = X25519PrivateKey.generate()
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(public)), public_part(once), public)
    return public_part(once) + AESGCM(key).encrypt(NONCE, content, None)


def unseal(private: X25519PrivateKey, sealed: bytes) -> bytes | None:
    """Return the content; None for what was not sealed for this key, or was changed."""
    try:
        point = sealed[:POINT]
        shared = private.exchange(X25519PublicKey.from_public_bytes(point))
        key = _key(shared, point, public_part(private))
        return AESGCM(key).decrypt(NONCE, sealed[POINT:], None)
    except (ValueError, InvalidTag):
        return None


def _key(shared: bytes, once: bytes, public: bytes) -> bytes:
    return derived(shared, "sealed event", salt=once + public)

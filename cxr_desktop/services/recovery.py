"""A way back in without a vendor: a key on paper that sets a new administrator password."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest, SignInRefused
from cxr_desktop.domain.passwords import PasswordHasher
from cxr_desktop.domain.ports import EventSink, UserStore
from cxr_desktop.domain.recovery import RecoveryStore
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.texts import pause_words
from cxr_desktop.services.access import Access, wait_after

# Without 0/O and 1/I: nothing that is mistaken for something else on paper.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 6, 5
RANDOM, CHECK = 28, 2  # 140 bits, and two letters that find a typing mistake 1,023 times of 1,024
COUNTED_AS = "recovery\nkey"  # failed attempts; no account can have that name
SHOWN_AS = "(recovery key)"


class RecoverAccess:
    """Makes recovery keys and takes them; the data key is stored wrapped by it, as by a password.

    `choice` picks one of the letters; the default is the system's randomness.
    """

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        keys: RecoveryStore,
        users: UserStore,
        access: Access,
        audit: EventSink,
        hasher: PasswordHasher,
        now: Callable[[], datetime],
        choice: Callable[[Sequence[str]], str] = secrets.choice,
    ) -> None:
        self._keys = keys
        self._users = users
        self._access = access
        self._audit = audit
        self._hasher = hasher
        self._now = now
        self._choice = choice

    def make_key(self, actor: Actor) -> str:
        """Return a new key, to be printed now: it is shown once, and older ones no longer count."""
        self._access.require(actor, Permission.MANAGE_USERS)
        return self._renew(actor.name)

    def reset(self, key: str, name: str, password: str) -> tuple[Actor, str]:
        """Give an administrator a new password; return who that is, and the next key.

        The account is enabled. Raises `InvalidRequest` for a key that was mistyped or an account
        that is no administrator's, `SignInRefused` for a wrong key or during a pause (they double
        as at the sign-in), `PasswordRefused`. The old key counts until the new one is stored.
        """
        self._unlock(key)
        try:
            return self._reset(name, password)
        finally:
            self._hasher.release(SHOWN_AS)

    def prove(self, key: str) -> None:
        """Say nothing for the right key, and change nothing; raises as `reset` does."""
        self._unlock(key)
        self._hasher.release(SHOWN_AS)

    def _unlock(self, key: str) -> None:
        typed = _checked(key)
        count, seconds = self._users.note_failure(COUNTED_AS, self._now().timestamp(), wait_after)
        if seconds > 0:
            raise SignInRefused(
                "There were too many failed attempts.",
                hint=f"Try again in {pause_words(seconds)}.",
            )
        encoded = self._keys.recovery_hash()
        if encoded is None or not self._hasher.unlock(SHOWN_AS, encoded, typed):
            self._note(AuditAction.SIGN_IN_FAILED, SHOWN_AS, "", failures_in_a_row=str(count))
            raise SignInRefused(
                "This is not the recovery key of this data folder.",
                hint="Use the newest one: each use makes a new key.",
            )
        try:
            self._users.set_failures(COUNTED_AS, 0, 0.0)
        except BaseException:
            self._hasher.release(SHOWN_AS)
            raise

    def _reset(self, name: str, password: str) -> tuple[Actor, str]:
        user = self._users.find(name)
        if user is None or Permission.MANAGE_USERS not in user.permissions(self._users.groups()):
            raise InvalidRequest(
                "This is no administrator's account.",
                hint="Type the user name of an account that manages users.",
            )
        self._access.rules().check(password, user.name)
        event = self._event(AuditAction.RECOVERY_KEY_USED, SHOWN_AS, user.name)
        encoded = self._hasher.hash(password)
        self._keys.recover(user.name, encoded, event)
        self._users.set_failures(user.name, 0, 0.0)
        following = self._renew(user.name)
        self._hasher.unlock(user.name, encoded, password)
        return self._access.actor(user.name), following

    def _renew(self, who: str) -> str:
        random = "".join(self._choice(LETTERS) for _ in range(RANDOM))
        whole = random + _check_letters(random)
        event = self._event(AuditAction.RECOVERY_KEY_MADE, who, "")
        self._keys.set_recovery_hash(self._hasher.hash(whole), event)
        return "-".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))

    def _note(self, action: AuditAction, who: str, subject: str, **detail: str) -> None:
        self._audit.append(self._event(action, who, subject, **detail))

    def _event(self, action: AuditAction, who: str, subject: str, **detail: str) -> AuditEvent:
        return AuditEvent(action, who, self._now(), subject, detail)


def _checked(key: str) -> str:
    """Return the letters of a key. Raises `InvalidRequest` for one that cannot be right."""
    letters = "".join(c for c in key.upper() if c.isalnum())
    whole = len(letters) == RANDOM + CHECK and all(c in LETTERS for c in letters)
    if not whole or letters[RANDOM:] != _check_letters(letters[:RANDOM]):
        raise InvalidRequest(
            "The recovery key was not typed as it is on the paper.",
            hint=f"It has {GROUPS} groups of {GROUP}; there is no 0, O, 1 or I in it.",
        )
    return letters


def _check_letters(random: str) -> str:
    number = int.from_bytes(hashlib.sha256(random.encode()).digest()[:2], "big")
    return LETTERS[number % 32] + LETTERS[number // 32 % 32]

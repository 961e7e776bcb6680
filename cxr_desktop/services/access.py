"""Sign-in, and the one place where permissions are checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import (
    InvalidRequest,
    PasswordRefused,
    PermissionDenied,
    SignInRefused,
)
from cxr_desktop.domain.passwords import PasswordHasher
from cxr_desktop.domain.ports import EventSink, UserStore
from cxr_desktop.domain.roles import (
    ADMINISTRATORS,
    EMERGENCY_OPENS,
    PERMISSION_NAMES,
    Actor,
    Group,
    Permission,
    User,
)
from cxr_desktop.domain.texts import one_line, pause_words
from cxr_desktop.services.passwords import PasswordRules

FREE_ATTEMPTS = 3
LOCK_AFTER = 10
LOCK_SECONDS = 15 * 60
NAME_LIMIT = 64
FULL_NAME_LIMIT = 128


class Access:
    """Who is there, and what they may do.

    `now` gives aware UTC time. Failed attempts are counted per name, known or not, in the store, so
    that neither a restart nor the answer tells a guesser anything. `rules` gives the rules for new
    passwords as they are now.
    """

    def __init__(
        self,
        users: UserStore,
        audit: EventSink,
        hasher: PasswordHasher,
        now: Callable[[], datetime],
        rules: Callable[[], PasswordRules] = PasswordRules,
    ) -> None:
        self._users = users
        self._audit = audit
        self._hasher = hasher
        self._now = now
        self.rules = rules

    def needs_first_administrator(self) -> bool:
        """Whether this is the first start: no account exists."""
        return self._users.is_empty()

    def create_first_administrator(self, name: str, full_name: str, password: str) -> Actor:
        """Create the first account. Raises `InvalidRequest` when there is one already."""
        if not self._users.is_empty():
            raise _has_accounts()
        user = User(check_user_name(name), clean_full_name(full_name), ADMINISTRATORS)
        self.rules().check(password, user.name)
        event = self._event(AuditAction.USER_ADDED, user.name, user.name, group=user.group)
        self._hasher.begin(user.name)
        try:
            self._users.add(user, self._hasher.hash(password), event, check=_only_one)
        except BaseException:
            self._hasher.release(user.name)
            raise
        return self.actor(user.name)

    def sign_in(self, name: str, password: str) -> Actor:
        """Return the actor. Raises `SignInRefused`: the same sentence whatever was wrong.

        Takes as long for an unknown name as for a wrong password. After 3 failures a pause that
        doubles, after 10 a lock of 15 minutes. An account counts its failures under its own name;
        all names that nobody could have share one count. An attempt counts as a failure until it
        proved right, so that many at once get no more tries than one after the other.
        """
        return self._prove(
            name, password, "This name and password do not belong to an active account."
        )

    def _prove(self, name: str, password: str, refusal: str) -> Actor:
        """Return the actor, as `sign_in` does."""
        name = name.strip() if _can_be_a_name(name.strip()) else ""
        attempt = self._begin_attempt(name)
        encoded = self._users.password_hash(name)
        actor = None
        if encoded is None:
            self._hasher.pretend(password)
        elif self._hasher.unlock(name, encoded, password):
            actor = self._let_in(name, encoded, password)
        if actor is None:
            self._note_failure(name, attempt)
            raise SignInRefused(
                refusal,
                hint="Check Caps Lock and the keyboard layout, or ask an administrator.",
            )
        return actor

    def _let_in(self, name: str, encoded: str, password: str) -> Actor | None:
        """Return who has proved to be `name`; None, with the key given back, for nobody active."""
        actor = None
        try:
            user = self._users.find(name)
            if user is None or user.disabled:
                return None
            self._users.set_failures(user.name, 0, 0.0)
            signed_in = self._event(AuditAction.SIGN_IN, user.name)
            if self._hasher.needs_rehash(encoded):
                self._users.set_password(
                    user.name,
                    self._hasher.hash(password),
                    must_change=user.must_change_password,
                    event=signed_in,
                )
            else:
                self._audit.append(signed_in)
            actor = self.actor(user.name)
        finally:
            if actor is None:
                self._hasher.release(name)
        return actor

    def unlock(self, actor: Actor, password: str) -> Actor:
        """Prove once more who is there; as `sign_in`, but still left by one sign-out."""
        again = self._prove(actor.name, password, "This password does not open the window.")
        self._hasher.release(actor.name)
        return again

    def sign_out(self, actor: Actor) -> None:
        """Note that the person left; the last one takes the key of the data folder along."""
        try:
            self._audit.append(self._event(AuditAction.SIGN_OUT, actor.name))
        finally:
            self._hasher.release(actor.name)

    def actor(self, name: str) -> Actor:
        """Return the account as of now. Raises `PermissionDenied` when it is gone or disabled."""
        user = self._users.find(name)
        if user is None or user.disabled:
            raise PermissionDenied(
                "This account is no longer active.", hint="Ask an administrator to enable it."
            )
        permissions = user.permissions(self._users.groups())
        if user.emergency is None or not user.emergency.runs_at(self._now()):
            return Actor(user, permissions)
        return Actor(user, permissions | (EMERGENCY_OPENS - user.denied), in_emergency=True)

    def require(self, actor: Actor, permission: Permission, *more: Permission) -> Actor:
        """Return the actor as of now.

        Raises `PermissionDenied`, and notes that, for the first permission that is missing.
        """
        current = self.active(actor)
        for needed in (permission, *more):
            if not current.may(needed):
                self._note_denial(actor, needed.value)
                raise PermissionDenied(
                    f"Your account may not do this: {PERMISSION_NAMES[needed].lower()}.",
                    hint="Ask an administrator for the permission.",
                )
        return current

    def active(self, actor: Actor) -> Actor:
        """Return the actor as of now.

        Raises `PermissionDenied`, and notes that, for an account that is gone, disabled, or still
        has a password that somebody else chose.
        """
        try:
            current = self.actor(actor.name)
        except PermissionDenied:
            self._note_denial(actor, "account")
            raise
        if current.user.must_change_password:
            self._note_denial(actor, "password")
            raise PermissionDenied(
                "This account must get a new password first.", hint="Choose your own password."
            )
        return current

    def change_password(self, actor: Actor, current: str, new: str) -> Actor:
        """Replace one's own password.

        Raises `SignInRefused` for a wrong current one, `PasswordRefused` for a new one that breaks
        a rule, `PermissionDenied` for an account that is no longer active.
        """
        name = self.actor(actor.name).name
        attempt = self._begin_attempt(name)
        encoded = self._users.password_hash(name)
        if encoded is None or not self._hasher.verify(encoded, current):
            self._note_failure(name, attempt)
            raise SignInRefused("The current password is not right.", hint="Type it again.")
        self._users.set_failures(name, 0, 0.0)
        self.rules().check(new, name)
        if self._hasher.verify(encoded, new):
            raise PasswordRefused("The new password is the old one.", hint="Choose another one.")
        event = self._event(AuditAction.PASSWORD_CHANGED, name, name)
        self._users.set_password(name, self._hasher.hash(new), must_change=False, event=event)
        return self.actor(name)

    def _begin_attempt(self, name: str) -> int:
        """Count the attempt and return its number; raise `SignInRefused` during a pause."""
        count, seconds = self._users.note_failure(name, self._now().timestamp(), wait_after)
        if seconds > 0:
            raise SignInRefused(
                "There were too many failed attempts.", hint=f"Try again in {pause_words(seconds)}."
            )
        return count

    def _note_failure(self, name: str, attempt: int) -> None:
        # A password typed into the name field must not be kept: unknown names are not written down.
        shown = self._users.known_as(name) or "(unknown)"
        self._audit.append(
            self._event(AuditAction.SIGN_IN_FAILED, shown, failures_in_a_row=str(attempt))
        )

    def _note_denial(self, actor: Actor, subject: str) -> None:
        self._audit.append(self._event(AuditAction.PERMISSION_DENIED, actor.name, subject))

    def _event(
        self, action: AuditAction, user: str, subject: str = "", **detail: str
    ) -> AuditEvent:
        return AuditEvent(action, user, self._now(), subject, detail)


def _only_one(users: Sequence[User], groups: Sequence[Group]) -> None:
    """Refuse a "first" administrator who is not: two windows may have been opened at once."""
    del groups
    if len(users) != 1:
        raise _has_accounts()


def _has_accounts() -> InvalidRequest:
    return InvalidRequest(
        "This program already has accounts.", hint="Ask an administrator to add one for you."
    )


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    if failures >= LOCK_AFTER:
        return float(LOCK_SECONDS)
    if failures < FREE_ATTEMPTS:
        return 0.0
    return float(2 ** (failures - FREE_ATTEMPTS))


def check_user_name(name: str) -> str:
    """Return the name, trimmed. Raises `InvalidRequest` for one that cannot be shown or typed."""
    name = name.strip()
    if not _can_be_a_name(name):
        raise InvalidRequest(
            f"A user name needs 1 to {NAME_LIMIT} visible characters.", hint="Choose another name."
        )
    return name


def clean_full_name(full_name: str) -> str:
    """Return a person's name as it is kept: one line, at most 128 visible characters."""
    return one_line(full_name)[:FULL_NAME_LIMIT]


def _can_be_a_name(name: str) -> bool:
    return bool(name) and len(name) <= NAME_LIMIT and name.isprintable()

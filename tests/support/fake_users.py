"""A `UserStore` in memory; the contract tests hold it to the real adapter.

It writes its events to the `MemoryAudit` it is given (or to one of its own, `.audit`), as the
database writes both in one transaction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import AccountCheck
from cxr_desktop.domain.roles import BUILT_IN_GROUPS, Emergency, Group, User
from tests.support.fakes import MemoryAudit


class MemoryUsers:
    """A `UserStore` in dictionaries."""

    def __init__(
        self, audit: MemoryAudit | None = None, groups: Iterable[Group] = BUILT_IN_GROUPS
    ) -> None:
        self.audit = audit if audit is not None else MemoryAudit()
        self._groups = {_key(group.name): group for group in groups}
        self._users: dict[str, User] = {}
        self._hashes: dict[str, str] = {}
        self._failures: dict[str, tuple[int, float]] = {}

    def is_empty(self) -> bool:
        """Whether there is no account yet."""
        return not self._users

    def users(self) -> Sequence[User]:
        """List by name."""
        return tuple(self._users[key] for key in sorted(self._users))

    def find(self, name: str) -> User | None:
        """Look up ignoring case."""
        return self._users.get(_key(name))

    def password_hash(self, name: str) -> str | None:
        """Return what `add` or `set_password` was given."""
        return self._hashes.get(_key(name))

    def known_as(self, name: str) -> str | None:
        """Return the spelling of `add`."""
        user = self.find(name)
        return user.name if user else None

    def add(
        self,
        user: User,
        password_hash: str,
        event: AuditEvent,
        *,
        check: AccountCheck | None = None,
    ) -> None:
        """Refuse a taken name and an unknown group."""
        if _key(user.name) in self._users:
            raise InvalidRequest("There is a user of that name already.")
        user = replace(user, group=self._group_name(user.group))
        self._ask(check, user=user)
        self._users[_key(user.name)] = user
        if not user.disabled:
            self._hashes[_key(user.name)] = password_hash
        self.audit.append(event)

    def update(self, user: User, event: AuditEvent, *, check: AccountCheck | None = None) -> None:
        """Refuse an unknown name and an unknown group; the name keeps its spelling."""
        known = self._known(user.name)
        user = replace(user, name=known.name, group=self._group_name(user.group))
        self._ask(check, user=user)
        self._users[_key(user.name)] = user
        if user.disabled:
            self._hashes.pop(_key(user.name), None)
        self.audit.append(event)

    def set_password(
        self, name: str, password_hash: str, *, must_change: bool, event: AuditEvent
    ) -> None:
        """Refuse an unknown name."""
        known = self._known(name)
        if known.disabled:
            raise InvalidRequest("This account is disabled.")
        self._users[_key(name)] = replace(known, must_change_password=must_change)
        self._hashes[_key(name)] = password_hash
        self.audit.append(event)

    def begin_emergency(self, name: str, emergency: Emergency, event: AuditEvent) -> None:
        """Refuse an unknown name."""
        self._users[_key(name)] = replace(self._known(name), emergency=emergency)
        self.audit.append(event)

    def failures(self, name: str) -> tuple[int, float]:
        """Return (0, 0.0) for a name without failures."""
        return self._failures.get(_key(name), (0, 0.0))

    def set_failures(self, name: str, count: int, last: float) -> None:
        """Remember, for unknown names too; 0 forgets."""
        self._failures.pop(_key(name), None)
        if count:
            self._failures[_key(name)] = (count, last)

    def note_failure(
        self, name: str, now: float, wait_after: Callable[[int], float]
    ) -> tuple[int, float]:
        """Count one more, or say how long to wait."""
        count, last = self.failures(name)
        pause = wait_after(count)
        if pause > 0 and now < last:
            self.set_failures(name, count, now)
            last = now
        if pause > now - last:
            return count, pause - (now - last)
        self.set_failures(name, count + 1, now)
        return count + 1, 0.0

    def groups(self) -> Sequence[Group]:
        """List in the order they were made."""
        return tuple(self._groups.values())

    def save_group(
        self, group: Group, event: AuditEvent, *, check: AccountCheck | None = None
    ) -> None:
        """Add or change; another spelling of a known name is refused."""
        known = self._groups.get(_key(group.name))
        if known is not None and known.name != group.name:
            raise InvalidRequest(f"There is a group “{known.name}” already.")
        self._ask(check, group=group)
        self._groups[_key(group.name)] = group
        self.audit.append(event)

    def _ask(
        self, check: AccountCheck | None, *, user: User | None = None, group: Group | None = None
    ) -> None:
        users = {**self._users, _key(user.name): user} if user else self._users
        groups = {**self._groups, _key(group.name): group} if group else self._groups
        if check is not None:
            check(list(users.values()), list(groups.values()))

    def put_back(self, name: str, password_hash: str) -> None:
        """Enable an account with another password, noting nothing."""
        known = replace(self._known(name), disabled=False, must_change_password=False)
        self._users[_key(name)] = known
        self._hashes[_key(name)] = password_hash

    def _known(self, name: str) -> User:
        user = self.find(name)
        if user is None:
            raise InvalidRequest("There is no user of that name.")
        return user

    def _group_name(self, name: str) -> str:
        group = self._groups.get(_key(name))
        if group is None:
            raise InvalidRequest("There is no group of that name.")
        return group.name


class MemoryRecovery:
    """A `RecoveryStore` beside a `MemoryUsers`."""

    def __init__(self, users: MemoryUsers) -> None:
        self._users = users
        self.hash: str | None = None

    def recovery_hash(self) -> str | None:
        """Return what was set."""
        return self.hash

    def set_recovery_hash(self, encoded: str, event: AuditEvent) -> None:
        """Remember it."""
        self.hash = encoded
        self._users.audit.append(event)

    def recover(self, name: str, password_hash: str, event: AuditEvent) -> None:
        """Enable the account with another password."""
        self._users.put_back(name, password_hash)
        self._users.audit.append(event)


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()

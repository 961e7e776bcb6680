"""Accounts and groups in the database."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence

import sqlite_utils

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import AccountCheck
from cxr_desktop.domain.roles import Emergency, Group, Permission, User
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door, put_key
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.texts import name_key
from cxr_desktop.storage.times import time_of, time_text

COLUMNS = (
    "SELECT name, full_name, group_name, disabled, must_change_password, since, until FROM users"
    " LEFT JOIN emergencies ON emergencies.seq ="
    " (SELECT max(seq) FROM emergencies WHERE user_name = users.name)"
)
ALL = f"{COLUMNS} ORDER BY name_key"
ONE = f"{COLUMNS} WHERE name_key = ?"
OWN = "SELECT user_name, permission, effect FROM user_permissions"
ALLOW, DENY = "allow", "deny"


class SqliteUsers:
    """The `UserStore` of a data folder. Names are one when they differ by case or form (NFKC) only.

    Accounts lie in the encrypted database; what a sign-in needs lies at the door. Where both
    change, the door is ready to change first and does so last: cut off in between, the old password
    counts, and the audit log has said too much rather than too little.
    """

    def __init__(self, database: Database, door: Door) -> None:
        self._database = database
        self._door = door

    def is_empty(self) -> bool:
        """Whether there is no account yet."""
        return self._door.is_empty()

    def users(self) -> Sequence[User]:
        """List all accounts, by name."""
        with self._database.read() as db:
            return _users(db)

    def find(self, name: str) -> User | None:
        """Look a user up by name, ignoring case."""
        with self._database.read() as db:
            return _find(db, name)

    def password_hash(self, name: str) -> str | None:
        """Return what the password is checked against; None for an unknown or a disabled user."""
        return self._door.wrapped(name)

    def known_as(self, name: str) -> str | None:
        """Return an account's own spelling of a name, or None; nobody needs to be signed in."""
        return self._door.known_as(name)

    def add(
        self,
        user: User,
        password_hash: str,
        event: AuditEvent,
        *,
        check: AccountCheck | None = None,
    ) -> None:
        """Raise `InvalidRequest` when the name is taken or the group unknown."""
        with self._door.write() as door, self._database.write() as db:
            if _find(db, user.name) is not None:
                raise InvalidRequest(
                    "There is an account of that name already.",
                    hint="Choose another name; capital letters make no difference.",
                )
            db.execute(
                "INSERT INTO users (name_key, name, full_name, group_name,"
                " disabled, must_change_password) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    name_key(user.name),
                    user.name,
                    user.full_name,
                    _group_name(db, user.group),
                    int(user.disabled),
                    int(user.must_change_password),
                ),
            )
            _save_own(db, user.name, user)
            _ask(db, check)
            append_event(db, event)
            put_key(door, user.name, None if user.disabled else password_hash)

    def update(self, user: User, event: AuditEvent, *, check: AccountCheck | None = None) -> None:
        """Change all but name and password; who is disabled loses the password.

        Raises `InvalidRequest` for an unknown user or group.
        """
        with self._door.write() as door, self._database.write() as db:
            known = _require(db, user.name)
            db.execute(
                "UPDATE users SET full_name = ?, group_name = ?, disabled = ?,"
                " must_change_password = ? WHERE name_key = ?",
                (
                    user.full_name,
                    _group_name(db, user.group),
                    int(user.disabled),
                    int(user.must_change_password),
                    name_key(user.name),
                ),
            )
            _save_own(db, known.name, user)
            _ask(db, check)
            append_event(db, event)
            if user.disabled:
                put_key(door, known.name, None)

    def set_password(
        self, name: str, password_hash: str, *, must_change: bool, event: AuditEvent
    ) -> None:
        """Replace the hash. Raises `InvalidRequest` for an unknown or a disabled user."""
        with self._door.write() as door, self._database.write() as db:
            known = _require(db, name)
            if known.disabled:
                raise InvalidRequest("This account is disabled.", hint="Enable it first.")
            db.execute(
                "UPDATE users SET must_change_password = ? WHERE name_key = ?",
                (int(must_change), name_key(name)),
            )
            append_event(db, event)
            put_key(door, known.name, password_hash)

    def begin_emergency(self, name: str, emergency: Emergency, event: AuditEvent) -> None:
        """Let an account open more for a while. Raises `InvalidRequest` for an unknown one."""
        with self._database.write() as db:
            known = _require(db, name)
            db.execute(
                "INSERT INTO emergencies (user_name, audit_seq, since, until) VALUES (?, ?, ?, ?)",
                (
                    known.name,
                    append_event(db, event),
                    time_text(emergency.since),
                    time_text(emergency.until),
                ),
            )

    def failures(self, name: str) -> tuple[int, float]:
        """Return (failed sign-ins in a row, UTC timestamp of the last); (0, 0.0) where none."""
        return self._door.failures(name)

    def set_failures(self, name: str, count: int, last: float) -> None:
        """Remember them across restarts; 0 forgets the name."""
        self._door.set_failures(name, count, last)

    def note_failure(
        self, name: str, now: float, wait_after: Callable[[int], float]
    ) -> tuple[int, float]:
        """Count one more failure and return (failures, 0.0), or (failures, seconds to wait)."""
        return self._door.note_failure(name, now, wait_after)

    def groups(self) -> Sequence[Group]:
        """List all groups in the order they were made."""
        with self._database.read() as db:
            return _groups(db)

    def save_group(
        self, group: Group, event: AuditEvent, *, check: AccountCheck | None = None
    ) -> None:
        """Add a group or change what it may do. Raises `InvalidRequest` for another spelling."""
        key = name_key(group.name)
        with self._database.write() as db:
            row = db.execute("SELECT name FROM groups WHERE name_key = ?", (key,)).fetchone()
            if row is None:
                db.execute("INSERT INTO groups (name, name_key) VALUES (?, ?)", (group.name, key))
            elif row[0] != group.name:
                raise InvalidRequest(
                    f"There is a group “{row[0]}” already.", hint="Choose another name."
                )
            db.execute("DELETE FROM group_permissions WHERE group_name = ?", (group.name,))
            for permission in sorted(group.permissions):
                db.execute(
                    "INSERT INTO group_permissions VALUES (?, ?)", (group.name, permission.value)
                )
            _ask(db, check)
            append_event(db, event)


def _ask(db: sqlite_utils.Database, check: AccountCheck | None) -> None:
    """Let the caller refuse what the accounts would be; the transaction is still open."""
    if check is not None:
        check(_users(db), _groups(db))


def _users(db: sqlite_utils.Database) -> list[User]:
    own = _own(db.execute(OWN).fetchall())
    return [_user(row, own) for row in db.execute(ALL)]


def _groups(db: sqlite_utils.Database) -> list[Group]:
    permissions: dict[str, set[Permission]] = {
        row[0]: set() for row in db.execute("SELECT name FROM groups ORDER BY seq")
    }
    with damage():
        for name, permission in db.execute("SELECT group_name, permission FROM group_permissions"):
            permissions[name].add(Permission(permission))
    return [Group(name, frozenset(allowed)) for name, allowed in permissions.items()]


def _find(db: sqlite_utils.Database, name: str) -> User | None:
    row = db.execute(ONE, (name_key(name),)).fetchone()
    if row is None:
        return None
    return _user(row, _own(db.execute(f"{OWN} WHERE user_name = ?", (row[0],)).fetchall()))


def _require(db: sqlite_utils.Database, name: str) -> User:
    known = _find(db, name)
    if known is None:
        raise InvalidRequest("There is no account of that name.", hint="Look it up in the list.")
    return known


def _save_own(db: sqlite_utils.Database, name: str, user: User) -> None:
    db.execute("DELETE FROM user_permissions WHERE user_name = ?", (name,))
    for effect, permissions in ((ALLOW, user.granted), (DENY, user.denied)):
        for permission in sorted(permissions):
            db.execute(
                "INSERT INTO user_permissions VALUES (?, ?, ?)", (name, permission.value, effect)
            )


def _group_name(db: sqlite_utils.Database, name: str) -> str:
    row = db.execute("SELECT name FROM groups WHERE name_key = ?", (name_key(name),)).fetchone()
    if row is None:
        raise InvalidRequest("There is no group of that name.", hint="Choose one from the list.")
    return str(row[0])


Own = dict[tuple[str, str], frozenset[Permission]]


def _own(rows: Sequence[tuple[str, str, str] | sqlite3.Row]) -> Own:
    """Return the permissions by (user name, effect)."""
    found: dict[tuple[str, str], set[Permission]] = defaultdict(set)
    with damage():
        for name, permission, effect in rows:
            found[name, effect].add(Permission(permission))
    return {key: frozenset(permissions) for key, permissions in found.items()}


Columns = tuple[str, str, str, int, int, str | None, str | None]


def _user(row: Columns | sqlite3.Row, own: Own) -> User:
    name, full_name, group, disabled, must_change, since, until = row
    with damage():
        emergency = Emergency(time_of(since), time_of(until)) if since and until else None
    return User(
        name,
        full_name,
        group,
        bool(disabled),
        bool(must_change),
        granted=own.get((name, ALLOW), frozenset()),
        denied=own.get((name, DENY), frozenset()),
        emergency=emergency,
    )

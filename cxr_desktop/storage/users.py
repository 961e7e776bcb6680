"""Accounts and groups in the database."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

import sqlite_utils

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import Group, Permission, User
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.texts import name_key

ALL = (
    "SELECT name, full_name, group_name, disabled, must_change_password FROM users"
    " ORDER BY name_key"
)
ONE = (
    "SELECT name, full_name, group_name, disabled, must_change_password FROM users"
    " WHERE name_key = ?"
)


class SqliteUsers:
    """The `UserStore` of a database. Names are one when they differ by case or form only (NFKC)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_empty(self) -> bool:
        """Whether there is no account yet."""
        with self._database.read() as db:
            return db.execute("SELECT 1 FROM users LIMIT 1").fetchone() is None

    def users(self) -> Sequence[User]:
        """List all accounts, by name."""
        with self._database.read() as db:
            rows = db.execute(ALL)
            return [_user(row) for row in rows]

    def find(self, name: str) -> User | None:
        """Look a user up by name, ignoring case."""
        with self._database.read() as db:
            return _find(db, name)

    def password_hash(self, name: str) -> str | None:
        """Return the encoded hash, or None for an unknown user."""
        statement = "SELECT password_hash FROM users WHERE name_key = ?"
        with self._database.read() as db:
            row = db.execute(statement, (name_key(name),)).fetchone()
        return None if row is None else str(row[0])

    def add(self, user: User, password_hash: str, event: AuditEvent) -> None:
        """Raise `InvalidRequest` when the name is taken or the group unknown."""
        with self._database.write() as db:
            if _find(db, user.name) is not None:
                raise InvalidRequest(
                    "There is an account of that name already.",
                    hint="Choose another name; capital letters make no difference.",
                )
            db.execute(
                "INSERT INTO users (name_key, password_hash, name, full_name, group_name,"
                " disabled, must_change_password) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    name_key(user.name),
                    password_hash,
                    user.name,
                    user.full_name,
                    _group_name(db, user.group),
                    int(user.disabled),
                    int(user.must_change_password),
                ),
            )
            append_event(db, event)

    def update(self, user: User, event: AuditEvent) -> None:
        """Change all but name and password. Raises `InvalidRequest` for unknown user or group."""
        with self._database.write() as db:
            _require(db, user.name)
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
            append_event(db, event)

    def set_password(
        self, name: str, password_hash: str, *, must_change: bool, event: AuditEvent
    ) -> None:
        """Replace the hash. Raises `InvalidRequest` for an unknown user."""
        with self._database.write() as db:
            _require(db, name)
            db.execute(
                "UPDATE users SET password_hash = ?, must_change_password = ? WHERE name_key = ?",
                (password_hash, int(must_change), name_key(name)),
            )
            append_event(db, event)

    def failures(self, name: str) -> tuple[int, float]:
        """Return (failed sign-ins in a row, UTC timestamp of the last); (0, 0.0) where none."""
        statement = "SELECT failures, last FROM sign_in_failures WHERE name_sha256 = ?"
        with self._database.read() as db:
            row = db.execute(statement, (_hashed(name),)).fetchone()
        return (0, 0.0) if row is None else (int(row[0]), float(row[1]))

    def set_failures(self, name: str, count: int, last: float) -> None:
        """Remember them across restarts; 0 forgets the name."""
        with self._database.write() as db:
            if count == 0:
                db.execute("DELETE FROM sign_in_failures WHERE name_sha256 = ?", (_hashed(name),))
            else:
                db.execute(
                    "INSERT INTO sign_in_failures VALUES (?, ?, ?) ON CONFLICT (name_sha256)"
                    " DO UPDATE SET failures = excluded.failures, last = excluded.last",
                    (_hashed(name), count, last),
                )

    def groups(self) -> Sequence[Group]:
        """List all groups in the order they were made."""
        with self._database.read() as db:
            names = [row[0] for row in db.execute("SELECT name FROM groups ORDER BY seq")]
            given = db.execute("SELECT group_name, permission FROM group_permissions").fetchall()
        permissions: dict[str, set[Permission]] = {name: set() for name in names}
        with damage():
            for name, permission in given:
                permissions[name].add(Permission(permission))
        return [Group(name, frozenset(allowed)) for name, allowed in permissions.items()]

    def save_group(self, group: Group, event: AuditEvent) -> None:
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
            append_event(db, event)


def _find(db: sqlite_utils.Database, name: str) -> User | None:
    row = db.execute(ONE, (name_key(name),)).fetchone()
    return None if row is None else _user(row)


def _require(db: sqlite_utils.Database, name: str) -> None:
    if _find(db, name) is None:
        raise InvalidRequest("There is no account of that name.", hint="Look it up in the list.")


def _group_name(db: sqlite_utils.Database, name: str) -> str:
    row = db.execute("SELECT name FROM groups WHERE name_key = ?", (name_key(name),)).fetchone()
    if row is None:
        raise InvalidRequest("There is no group of that name.", hint="Choose one from the list.")
    return str(row[0])


def _user(row: tuple[str, str, str, int, int] | sqlite3.Row) -> User:
    name, full_name, group, disabled, must_change = row
    return User(name, full_name, group, bool(disabled), bool(must_change))


def _hashed(name: str) -> str:
    return hashlib.sha256(name_key(name).encode()).hexdigest()

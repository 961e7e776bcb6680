"""What the services need of whatever checks passwords and keeps the key they open."""

from __future__ import annotations

from typing import Protocol


class PasswordHasher(Protocol):
    """Passwords (Argon2id), and the key of the data folder that they open.

    The key is in memory from `begin` or `unlock` until everybody it was held for is released.
    """

    def hash(self, password: str) -> str:
        """Return what `verify` and `unlock` need, with parameters and salt."""
        ...

    def pretend(self, password: str) -> None:
        """Take as long as `verify`, so that the time tells nothing."""
        ...

    def begin(self, who: str) -> None:
        """Make a new, empty data folder, and hold its key. Raises `InvalidRequest` for another."""
        ...

    def unlock(self, who: str, encoded: str, password: str) -> bool:
        """Hold the key once more for `who` if it is the password, and say whether it was.

        Raises `StorageUnavailable` when what the key opens cannot be used.
        """
        ...

    def release(self, who: str) -> None:
        """Hold the key once less for `who`."""
        ...

    def verify(self, encoded: str, password: str) -> bool:
        """Whether the password belongs to the hash."""
        ...

    def needs_rehash(self, encoded: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        ...

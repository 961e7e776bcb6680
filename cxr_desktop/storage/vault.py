"""The key of the data folder, in memory only while somebody is signed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import RLock

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.data_keys import DataKeys
from cxr_desktop.storage.texts import name_key


class Vault:
    """Holds the key for those who are signed in; forgets it when the last one leaves.

    Safe to use from several threads. Python frees memory without blanking it: a copy may stay in
    the process until the memory is used again.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._master = b""
        self._keys: DataKeys | None = None
        self._present: Counter[str] = Counter()
        self._at_forgetting: list[Callable[[], None]] = []

    def at_forgetting(self, act: Callable[[], None]) -> None:
        """Call `act`, too, whenever the key was forgotten: for what else must go with it."""
        self._at_forgetting.append(act)

    @property
    def is_open(self) -> bool:
        """Whether the key is there."""
        return self._keys is not None

    @property
    def master(self) -> bytes:
        """The random key itself, to be wrapped. Raises `StorageUnavailable` while locked."""
        with self._lock:
            self.keys()
            return self._master

    def keys(self) -> DataKeys:
        """Return the keys. Raises `StorageUnavailable` while locked."""
        keys = self._keys
        if keys is None:
            raise StorageUnavailable(
                "The data folder is locked: nobody is signed in.", hint="Sign in, then try again."
            )
        return keys

    def database_key(self) -> str:
        """Return SQLCipher's key. Raises `StorageUnavailable` while locked."""
        return self.keys().database

    def put(self, who: str, master: bytes) -> None:
        """Hold the key for a person once more."""
        with self._lock:
            if master != self._master:
                self._master, self._keys = master, DataKeys.of(master)
            self._present[name_key(who)] += 1

    def release(self, who: str) -> None:
        """Hold it once less for a person; held for nobody, it is forgotten."""
        with self._lock:
            self._present -= Counter([name_key(who)])  # what falls to 0 goes
            if self._present:
                return
            self._master, self._keys = b"", None
        self._tell()

    def close(self) -> None:
        """Forget the key."""
        with self._lock:
            self._present.clear()
            self._master, self._keys = b"", None
        self._tell()

    def _tell(self) -> None:
        for act in self._at_forgetting:
            act()

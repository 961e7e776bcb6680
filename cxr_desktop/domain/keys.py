"""Which key and which mouse button does what, as one person chose it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

KeyChoices = Mapping[str, str]
"""Key by the lasting name of what it does ("film.invert": "F2"); empty for none.

Mouse buttons are among them: the task by the button ("mouse.right": "zoom").
"""


class KeyStore(Protocol):
    """What each person chose; only what differs from how the program comes."""

    def of(self, user: str) -> KeyChoices:
        """Return a person's choices; nothing for somebody who chose none."""
        ...

    def replace(self, user: str, choices: KeyChoices) -> None:
        """Store these in place of the person's earlier ones."""
        ...

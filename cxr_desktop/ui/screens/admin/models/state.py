"""What the Models tab shows."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Checking:
    """The packs are being read and their hashes checked."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All packs; `chosen` is the id of the one whose details are shown.

    `doing` says what is going on (empty: nothing), `notice` what became of it.
    """

    packs: tuple[ModelInfo, ...]
    chosen: str = ""
    doing: str = ""
    notice: Notice | None = None

    @property
    def pack(self) -> ModelInfo | None:
        """The chosen pack, or None."""
        return next((pack for pack in self.packs if pack.ref.id == self.chosen), None)


@dataclass(frozen=True, slots=True)
class CheckFailed:
    """The packs could not be listed."""

    notice: Notice


ModelsState = Checking | Listed | CheckFailed

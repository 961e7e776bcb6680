"""What a refusal means, in a sentence beside the reader's own message and hint."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.errors import RefusalCode

_OTHER_KIND = frozenset(
    {
        RefusalCode.MULTI_FRAME,
        RefusalCode.NOT_A_RADIOGRAPH,
        RefusalCode.NOT_A_CHEST,
        RefusalCode.NOT_FRONTAL,
        RefusalCode.NOT_UPRIGHT,
        RefusalCode.INVERTED,
        RefusalCode.CROPPED,
    }
)
_DOUBTFUL = frozenset({RefusalCode.DAMAGED, RefusalCode.CHANGED})


def meaning_of(code: str) -> str:
    """Return the sentence for a refusal code; empty for one without."""
    if code not in RefusalCode.__members__.values():
        return ""
    translate = QCoreApplication.translate
    if code in _OTHER_KIND:
        return translate(
            "Refusal",
            "The model has only learnt frontal chest films. For anything else it would still give"
            " a number, and the number would mean nothing.",
        )
    if code in _DOUBTFUL:
        return translate(
            "Refusal",
            "What could be read of this file may not be what was taken, and a wrong picture is"
            " worse than none.",
        )
    return translate(
        "Refusal", "The picture in this file could not be got at, so there is nothing to judge."
    )

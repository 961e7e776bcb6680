"""What the services refuse, as something a widget can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.errors import UserError

NoticeKind = Literal["info", "caution", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, and what to do next; plain text."""

    kind: NoticeKind
    text: str
    hint: str = ""


def notice_of(error: UserError) -> Notice:
    """Show a refusal in the person's language, where the catalogue "Messages" has the sentence."""
    translate = QCoreApplication.translate
    return Notice(
        "error",
        translate("Messages", error.message) if error.message else "",
        translate("Messages", error.hint) if error.hint else "",
    )

"""How a presenter tells a dialog what became of what it asked for."""

from __future__ import annotations

from collections.abc import Callable

from cxr_desktop.ui.errors import Notice

Saved = Callable[[], None]
Refused = Callable[[Notice], None]

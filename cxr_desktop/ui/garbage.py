"""When Python looks for groups of objects that only hold each other: never over all that is loaded.

Such a look stops every thread. Over the 185,000 objects of the loaded libraries it took 100 to 300
ms, in the middle of whatever made many objects, and it found nothing there.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject

from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.session import Session


class GarbageRest(QObject):
    """Looks for none until the first person signs in; what is there by then is left out for good.

    Make it before the window, which makes the screens at the same signal: those are thrown away at
    the sign-out, and must be found.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        gc.disable()
        session.signed_in.connect(self._on_signed_in)

    def _on_signed_in(self, _actor: Actor) -> None:
        self._session.signed_in.disconnect(self._on_signed_in)
        gc.freeze()
        gc.enable()

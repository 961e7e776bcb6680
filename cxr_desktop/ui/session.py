"""Who is signed in."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.roles import Actor


class Session(QObject):
    """The signed-in person, for everything that shows or asks on their behalf.

    `signed_in` carries the new `Actor`; `actor_changed` the same person with other permissions (or
    a changed password); `signed_out` nothing. Services check permissions again on every call.
    """

    signed_in = Signal(object)
    actor_changed = Signal(object)
    signed_out = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actor: Actor | None = None

    @property
    def actor(self) -> Actor | None:
        """The signed-in person, or None."""
        return self._actor

    def require(self) -> Actor:
        """Return the signed-in person. Raises RuntimeError when nobody is: a bug in the window."""
        if self._actor is None:
            raise RuntimeError("nobody is signed in")
        return self._actor

    def sign_in(self, actor: Actor) -> None:
        """Let this person in; whoever was there before is out first."""
        self.sign_out()
        self._actor = actor
        self.signed_in.emit(actor)

    def update(self, actor: Actor) -> None:
        """Take over what an administrator changed about the signed-in person."""
        if self._actor is None or actor.name != self._actor.name:
            raise ValueError("another person cannot take over a session")
        if actor != self._actor:
            self._actor = actor
            self.actor_changed.emit(actor)

    def sign_out(self) -> None:
        """Let nobody be there."""
        if self._actor is not None:
            self._actor = None
            self.signed_out.emit()

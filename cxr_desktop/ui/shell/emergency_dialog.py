"""Asking for emergency access, with a reason."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import EMERGENCY_OPENS, Actor, Permission
from cxr_desktop.services.emergency import LASTS, LONGEST_REASON, SHORTEST_REASON, EmergencyAccess
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.reason_field import ReasonField


class EmergencyDialog(FormDialog):
    """Accepted once it has begun."""

    def __init__(
        self,
        emergency: EmergencyAccess,
        runner: JobRunner,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, kind="danger")
        self._emergency, self._runner, self._session = emergency, runner, session
        minutes = int(LASTS.total_seconds() // 60)
        self.set_words(
            self.tr("Emergency access"), self.tr("&Begin, for {0} minutes").format(minutes)
        )
        self.body.addWidget(
            plain_label(
                self.tr(
                    "It opens the exams of all users, with the model's answers. That you asked for "
                    "it, your reason, and every exam you open are kept in the audit log."
                ),
                wrap=True,
            )
        )
        self.body.addSpacing(Space.ONE)
        asked = self.tr("Why now, in at least {0} characters").format(SHORTEST_REASON)
        self.reason = ReasonField(asked, SHORTEST_REASON, LONGEST_REASON)
        self.add_field(self.tr("&Reason, without the patient's name"), self.reason)
        self.reason.textChanged.connect(self._judge)
        self._judge()

    def save(self) -> None:
        """Ask the service; what it says is shown here."""
        actor, reason = self._session.require(), self.reason.toPlainText()
        self._runner.start(
            lambda _: self._emergency.begin(actor, reason),
            done=self._on_begun,
            failed=self._on_refused,
        )

    def _judge(self) -> None:
        self.set_valid(valid=self.reason.is_complete)

    def _on_begun(self, actor: Actor) -> None:
        self._session.update(actor)
        self.accept()

    def _on_refused(self, error: UserError) -> None:
        self.refuse(notice_of(error))


def may_need_it(actor: Actor) -> bool:
    """Whether emergency access would open anything to this person."""
    has_all = actor.permissions >= EMERGENCY_OPENS - actor.user.denied
    return actor.may(Permission.EMERGENCY) and (actor.in_emergency or not has_all)


LONGEST_NAME = 40
"""Characters of a name that the status line shows; a longer one would leave the rest no room."""


def person_words(actor: Actor) -> str:
    """Say who is signed in, and until when in an emergency (this computer's time)."""
    name = actor.user.full_name or actor.name
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1].rstrip()}…"
    until = actor.emergency_until
    translate = QCoreApplication.translate
    if until is None:
        return translate("StatusLine", "Signed in: {0}").format(name)
    text = translate("StatusLine", "{0}, emergency access until {1}")
    return text.format(name, f"{until.astimezone():%H:%M}")

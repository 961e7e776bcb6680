"""The Admin screen: the tabs that the signed-in person may use."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.tabs import TABS, TabSpec
from cxr_desktop.ui.theme import Palette, Space


class AdminView(QWidget):
    """Makes a tab when it is first permitted, and takes it away when it no longer is.

    `made` are tabs that were made before, in slices of their own.
    """

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        *,
        made: dict[TabSpec, QWidget] | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._ready = made or {}
        self._made: dict[TabSpec, QWidget] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        title = QLabel(self.tr("Admin"))
        title.setProperty("role", "title")
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        page.setSpacing(Space.ONE)
        page.addWidget(title)
        page.addWidget(self.tabs, 1)
        context.session.actor_changed.connect(self._show_tabs)
        self._show_tabs(context.session.require())

    def _show_tabs(self, actor: Actor) -> None:
        for spec in TABS:
            made = self._made.get(spec)
            if spec.is_for(actor) and made is None:
                made = self._ready.pop(spec) if spec in self._ready else spec.make(self._context)
                self._made[spec] = made
                place = sum(1 for other in TABS[: TABS.index(spec)] if other in self._made)
                text = QCoreApplication.translate("Admin", spec.title)
                self.tabs.insertTab(place, made, icon(spec.icon, Palette.MUTED), text)
            if made is not None:
                self.tabs.setTabVisible(self.tabs.indexOf(made), spec.is_for(actor))

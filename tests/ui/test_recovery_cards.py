"""The cards of the recovery key."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.screens.access.recovery_cards import KeyShownCard, RecoveringCard
from cxr_desktop.ui.screens.access.state import KeyShown, Recovering
from tests.support.world import World

KEY = "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567"


def test_the_key_is_shown_in_groups_and_must_be_confirmed(qtbot: QtBot, world: World) -> None:
    card = KeyShownCard()
    qtbot.addWidget(card)
    card.render_state(KeyShown(world.actor("admin"), KEY))
    assert card.key.text() == "ABCDE-FGHJK-LMNPQ\nRSTUV-WXYZ2-34567"
    assert not card.go_on.isEnabled()
    card.written.setChecked(True)
    with qtbot.waitSignal(card.kept):
        card.go_on.click()
    card.forget()
    assert card.key.text() == card.key.accessibleName() == ""


def test_key_name_and_password_are_needed(qtbot: QtBot) -> None:
    card = RecoveringCard(PasswordRules())
    qtbot.addWidget(card)
    card.render_state(Recovering())
    card.key.setText(KEY)
    for field in (card.password.first, card.password.again):
        field.setText("seven loud summer boats")
    assert not card.button.isEnabled()
    card.name.setText("amina")
    with qtbot.waitSignal(card.recover) as asked:
        card.button.click()
    assert asked.args == [KEY, "amina", "seven loud summer boats"]
    card.render_state(Recovering(busy=True))
    assert not card.button.isEnabled()
    assert not card.key.isEnabled()
    card.forget()
    assert card.key.text() == card.password.first.text() == ""

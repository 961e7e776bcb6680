"""Admin, Models: list, check, activate, import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.services.models import ManageModels
from cxr_desktop.ui.screens.admin.models.presenter import ModelsPresenter
from cxr_desktop.ui.screens.admin.models.state import Listed
from cxr_desktop.ui.screens.admin.models.view import ModelsView
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World


def a_pack(model_id: str, *, active: bool = False, problem: str = "") -> ModelInfo:
    return ModelInfo(
        ref=ModelRef(model_id, "1.0", "ab" * 32),
        title=f"Model {model_id}",
        intended_use="Frontal chest films of adults.",
        points=OperatingPoints(0.2, 0.6),
        licence="Apache-2.0",
        trained_on="Drawn films.",
        figures={"AUC, drawn films": "0.91"},
        active=active,
        problem=problem,
    )


class Shelf:
    """A `ModelCatalog` in a list."""

    def __init__(self) -> None:
        self.all = [
            a_pack("one", active=True),
            a_pack("two"),
            a_pack("bad", problem="The file “model.onnx” was changed."),
        ]

    def packs(self) -> Sequence[ModelInfo]:
        return tuple(self.all)

    def activate(self, model_id: str) -> ModelInfo:
        self.all = [replace(pack, active=pack.ref.id == model_id) for pack in self.all]
        return next(pack for pack in self.all if pack.active)

    def import_pack(self, path: Path) -> ModelInfo:
        if path.suffix != ".onnx":
            raise ModelUnavailable("This is no model.", hint="Choose another one.")
        self.all.append(a_pack(path.stem))
        return self.all[-1]


class Tab:
    """The tab over a shelf."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "admin") -> None:
        self.shelf = Shelf()
        service = ManageModels(self.shelf, world.access, world.audit, world.clock)
        self.runner, session = HeldRunner(), Session()
        session.sign_in(world.actor(person))
        self.presenter = ModelsPresenter(service, self.runner, session)
        self.view = ModelsView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.show()

    def words(self) -> str:
        """Return every sentence of the details."""
        return "\n".join(label.text() for label in self.view.details.findChildren(QLabel))

    @property
    def listed(self) -> Listed:
        """The state, when there is a list."""
        assert isinstance(self.presenter.state, Listed)
        return self.presenter.state


@pytest.fixture
def tab(qtbot: QtBot, world: World) -> Iterator[Tab]:
    made = Tab(world, qtbot)
    yield made
    made.view.close()


def test_while_the_packs_are_checked_nothing_can_be_done(tab: Tab) -> None:
    assert not tab.view.activate.isEnabled()
    assert not tab.view.import_.isEnabled()
    tab.runner.finish_all()
    assert tab.view.import_.isEnabled()


def test_the_active_pack_is_shown_with_all_it_says(tab: Tab) -> None:
    tab.runner.finish_all()
    assert tab.listed.chosen == "one"
    for words in (
        "Model one", "0.200", "0.600", "Drawn films.", "Apache-2.0", "AUC, drawn films", "0.91",
        "Frontal chest films of adults.", "abababab", "a qualified reader decides",
    ):  # fmt: skip
        assert words in tab.words()
    assert not tab.view.activate.isEnabled()


def test_another_pack_is_activated_by_a_job_and_said(tab: Tab) -> None:
    tab.runner.finish_all()
    tab.view.packs.setCurrentRow(1)
    tab.view.activate.click()
    assert tab.listed.doing
    assert not tab.view.activate.isEnabled()
    tab.runner.finish_all()
    assert [pack.ref.id for pack in tab.shelf.all if pack.active] == ["two"]
    assert "Stored answers stay as they are." in tab.view.notice.text


def test_the_model_is_asked_for_anew_once_another_pack_answers(tab: Tab) -> None:
    asked: list[list[str]] = []
    tab.presenter.activated.connect(
        lambda: asked.append([pack.ref.id for pack in tab.shelf.all if pack.active])
    )
    tab.runner.finish_all()
    tab.presenter.import_pack(Path("three.onnx"))
    tab.presenter.refresh()
    tab.runner.finish_all()
    assert asked == []
    tab.view.packs.setCurrentRow(1)
    tab.view.activate.click()
    tab.runner.finish_all()
    assert asked == [["two"]]


def test_a_damaged_pack_says_why_and_cannot_be_activated(tab: Tab) -> None:
    tab.runner.finish_all()
    tab.view.packs.setCurrentRow(2)
    assert "The file “model.onnx” was changed." in tab.words()
    assert not tab.view.activate.isEnabled()
    assert "cannot be used" in tab.view.packs.item(2).text()


def test_an_imported_pack_is_shown_but_not_used(tab: Tab) -> None:
    tab.runner.finish_all()
    tab.presenter.import_pack(Path("three.onnx"))
    tab.runner.finish_all()
    assert tab.listed.chosen == "three"
    assert tab.listed.pack is not None
    assert not tab.listed.pack.active
    assert "not used until you activate it" in tab.view.notice.text


def test_a_refused_import_says_why(tab: Tab) -> None:
    tab.runner.finish_all()
    tab.presenter.import_pack(Path("notes.txt"))
    tab.runner.finish_all()
    assert tab.view.notice.text == "This is no model.\nChoose another one."
    assert len(tab.listed.packs) == 3


def test_only_one_thing_is_done_at_a_time(tab: Tab) -> None:
    tab.runner.finish_all()
    tab.presenter.activate("two")
    tab.presenter.import_pack(Path("three.onnx"))
    assert len(tab.runner.held) == 1


def test_who_may_not_manage_models_is_refused(qtbot: QtBot, world: World) -> None:
    tab = Tab(world, qtbot, "rad")
    tab.runner.finish_all()
    tab.presenter.activate("two")
    tab.runner.finish_all()
    assert "may not" in tab.view.notice.text
    assert [pack.ref.id for pack in tab.shelf.all if pack.active] == ["one"]


def test_a_pack_without_figures_says_that_nothing_was_measured(tab: Tab) -> None:
    tab.shelf.all[0] = replace(tab.shelf.all[0], figures={})
    tab.runner.finish_all()
    assert "Nothing was measured" in tab.words()

"""The Help: the program's own documents, with their pictures, and links that stay inside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop import locations
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.shell.help_dialog import HelpDialog
from cxr_desktop.ui.shell.help_pages import IT_GUIDE, PAGES, USER_GUIDE, page_of, slug
from tests.support.door import open_door
from tests.support.world import World

DOCS = locations.documents()
LINK = re.compile(r"\]\(([^)]+)\)")
PICTURE = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")
PICTURE_BYTES = 1_500_000


class PaintCount(QObject):
    """Counts how often a widget is drawn."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


@pytest.fixture
def shown(qtbot: QtBot) -> HelpDialog:
    dialog = HelpDialog(DOCS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def headings(file: str) -> set[str]:
    text = (DOCS / file).read_text(encoding="utf-8")
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {slug(line) for line in re.findall(r"^#+ (.+)$", plain, re.MULTILINE)}


def test_it_opens_with_the_guide_of_whoever_reads_films(shown: HelpDialog) -> None:
    assert shown.page == USER_GUIDE
    assert "Decision support; a qualified reader decides." in shown.browser.toPlainText()


@pytest.mark.parametrize(("row", "file"), list(enumerate(file for file, _ in PAGES)))
def test_every_page_of_the_list_is_there_and_is_shown(
    shown: HelpDialog, row: int, file: str
) -> None:
    shown.pages.setCurrentRow(row)
    assert shown.page == file
    title = (DOCS / file).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert shown.browser.toPlainText().startswith(title.replace("`", ""))


def test_a_page_is_drawn_in_another_turn_than_it_is_laid_out(
    qtbot: QtBot, shown: HelpDialog
) -> None:
    drawn = PaintCount(shown.browser.viewport())
    shown.show_page("files.md")
    QApplication.sendPostedEvents()  # what is waiting now comes before the window is free again
    assert shown.browser.toPlainText().startswith("Files: what is read")
    assert drawn.count == 0
    qtbot.waitUntil(lambda: drawn.count > 0)


@pytest.mark.parametrize("file", [file for file, _ in PAGES])
def test_every_link_between_pages_leads_to_a_heading(shown: HelpDialog, file: str) -> None:
    lost = []
    for link in LINK.findall((DOCS / file).read_text(encoding="utf-8")):
        target = page_of(DOCS, f"{file}{link}" if link.startswith("#") else link)
        if target is not None and target[1] and target[1] not in headings(target[0].name):
            lost.append(link)
    assert lost == []


def test_a_link_opens_its_page_at_its_heading_and_back_leads_back(
    shown: HelpDialog, qtbot: QtBot
) -> None:
    shown.follow("administration.md#system")
    assert shown.page == "administration.md"
    assert shown.browser.verticalScrollBar().value() > 0
    assert shown.pages.currentItem().text() == "Administration"
    shown.follow("#audit-log")
    shown.back.click()
    assert shown.page == "administration.md"
    shown.back.click()
    assert shown.page == USER_GUIDE
    assert shown.pages.currentRow() == 0
    assert not shown.back.isEnabled()


@pytest.mark.parametrize(
    "link", ["https://example.org/", "../README.md", "adr/0001-x.md", "/etc/passwd", "file:///x"]
)
def test_a_link_that_leads_out_opens_nothing(
    shown: HelpDialog, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    shown.browser.anchorClicked.emit(QUrl(link))
    assert (shown.page, opened) == (USER_GUIDE, [])
    assert shown.found.text() == "That is not part of the Help."


@pytest.mark.parametrize("file", [USER_GUIDE, IT_GUIDE])
def test_the_pictures_of_a_guide_are_shown(shown: HelpDialog, file: str) -> None:
    shown.show_page(file)
    names = [name for _, name in PICTURE.findall((DOCS / file).read_text(encoding="utf-8"))]
    assert len(names) >= 3
    for name in names:
        kind = int(QTextDocument.ResourceType.ImageResource.value)
        assert shown.browser.loadResource(kind, QUrl(name)), name


def test_every_picture_is_used_and_together_they_are_small() -> None:
    pictures = list((DOCS / "pictures").iterdir())
    guides = [(DOCS / file).read_text(encoding="utf-8") for file in (USER_GUIDE, IT_GUIDE)]
    used = {name for text in guides for _, name in PICTURE.findall(text)}
    assert {f"pictures/{path.name}" for path in pictures} == used
    assert sum(path.stat().st_size for path in pictures) < PICTURE_BYTES


def test_words_are_found_round_the_end_of_the_page(shown: HelpDialog) -> None:
    shown.search.setText("recovery key")
    shown.find_next()
    first = shown.browser.textCursor().position()
    for _ in range(9):
        shown.find_next()
    assert shown.browser.textCursor().selectedText().casefold() == "recovery key"
    assert shown.browser.textCursor().position() >= first
    shown.search.setText("zebra crossing")
    shown.find_next()
    assert shown.found.text() == "Not on this page."


def test_without_the_documents_a_sentence_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = HelpDialog(tmp_path)
    qtbot.addWidget(dialog)
    assert "Install the program again" in dialog.browser.toPlainText()


def test_f1_opens_it_over_the_window_and_locking_closes_it(
    world: World, runner: JobRunner, qtbot: QtBot
) -> None:
    door = open_door(world, runner, qtbot)
    door.sign_in("rad")
    action = next(a for a in door.shell.actions() if a.shortcut().toString() == "F1")
    action.trigger()
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, HelpDialog)]
    assert [dialog.isVisible() for dialog in dialogs] == [True]
    door.presenter.lock()
    qtbot.waitUntil(lambda: door.is_locked)
    qtbot.waitUntil(
        lambda: (
            not any(
                w.isVisible() for w in QApplication.topLevelWidgets() if isinstance(w, HelpDialog)
            )
        )
    )


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("The policy of a computer", "the-policy-of-a-computer"),
        ("Not run by us: a checklist", "not-run-by-us-a-checklist"),
        ("self-test", "self-test"),
    ],
)
def test_a_heading_has_the_anchor_that_links_use(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor

"""A data folder that is open, over fakes: what the window needs of a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QLockFile

from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.logging_setup import LogFiles
from cxr_desktop.services.access import Access
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.services.emergency import EmergencyAccess
from cxr_desktop.services.film_list import SaveFilmList
from cxr_desktop.services.keys import ChooseKeys
from cxr_desktop.services.recovery import RecoverAccess
from cxr_desktop.services.selftest import SelfTest
from cxr_desktop.services.tour import OfferTour
from cxr_desktop.storage.steps import Steps
from cxr_desktop.ui.opening import OpenedData
from tests.support.engine_fakes import FakeClassifiers
from tests.support.fake_watch import FakeWatch
from tests.support.fakes import MemoryKeys, MemoryTours
from tests.support.self_tests import a_self_test
from tests.support.world import World

if TYPE_CHECKING:
    from cxr_desktop.bootstrap import Program
    from tests.support.engine_fakes import FakeClassifier


class FakeAssess:
    """Gives the active classifier."""

    def __init__(self, classifiers: FakeClassifiers) -> None:
        self._classifiers = classifiers

    def classifier(self) -> FakeClassifier:
        """Return the one there is."""
        return self._classifiers.get()


class FakeEngine:
    """Warms up at once; `warmed` counts."""

    runtime = "1.2.3"

    def __init__(self, classifiers: FakeClassifiers) -> None:
        self.assess = FakeAssess(classifiers)
        self.warmed = 0

    def warm_up(self) -> str:
        """Count, and fail as the classifiers do."""
        self.warmed += 1
        return self.assess.classifier().device


@dataclass(frozen=True)
class FakeData:
    """Names the folder."""

    root: Path


class FakeSettings:
    """The two settings that the window reads."""

    def __init__(self) -> None:
        self.values: dict[str, SettingValue] = {
            "session.idle_lock_minutes": 5,
            "general.institution": "",
        }

    def get(self, key: str) -> SettingValue:
        """Raise KeyError for any other one."""
        return self.values[key]


@dataclass
class FakeProgram:
    """Stands for `bootstrap.Program`; `closed` after `close`."""

    access: Access
    accounts: ManageAccounts
    emergency: EmergencyAccess
    recovery: RecoverAccess
    engine: FakeEngine
    data: FakeData
    keys: ChooseKeys
    self_test: SelfTest
    tours: MemoryTours
    tour: OfferTour
    save_film_list: SaveFilmList
    watch: FakeWatch = field(default_factory=FakeWatch)
    settings: FakeSettings = field(default_factory=FakeSettings)
    steps: Steps = field(default_factory=Steps)
    closed: bool = False

    def close(self) -> None:
        """Remember it."""
        self.closed = True


class NoLog:
    """Stands for the open log files."""

    def close(self) -> None:
        """Do nothing."""


def fake_program(world: World) -> FakeProgram:
    """Make one over the services of a world."""
    tours = MemoryTours(is_offered=False)
    return FakeProgram(
        world.access,
        world.accounts,
        world.emergency,
        world.recovery,
        FakeEngine(world.classifiers),
        FakeData(world.folder),
        ChooseKeys(MemoryKeys(), world.access),
        a_self_test(),
        tours,
        OfferTour(tours, world.access, world.clock),
        world.save_film_list,
    )


def opened(program: FakeProgram, folder: Path) -> OpenedData:
    """Open it like `open_data` does."""
    lock = QLockFile(str(folder / "window.lock"))
    return OpenedData(
        program=cast("Program", program),
        needs_first_administrator=program.access.needs_first_administrator(),
        institution=str(program.settings.get("general.institution")),
        idle_lock_minutes=int(program.settings.get("session.idle_lock_minutes")),
        lock=lock,
        log=cast("LogFiles", NoLog()),
    )

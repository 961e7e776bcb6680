"""Hand-written stand-ins for reader, classifier, catalogue, settings and clock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from cxr_desktop.domain.assessment import (
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    OperatingPoints,
    Timings,
)
from cxr_desktop.domain.errors import (
    FilmRefused,
    InvalidRequest,
    JobCancelled,
    ModelUnavailable,
    RefusalCode,
)
from cxr_desktop.domain.model_input import FilmRegion, InputSpec, ModelInput
from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.domain.radiograph import Caution, Radiograph, StudyInfo
from cxr_desktop.domain.settings import Setting, SettingValue
from tests.support.examples import NOON, POINTS

MODEL = ModelRef("fake", "1.0", "c" * 64)


class FakeClock:
    """Aware UTC time that moves only when told to; call it as `now`."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        """Move; a negative number sets the clock back."""
        self.time += timedelta(seconds=seconds)


class FakeReader:
    """A `FilmReader` whose films are the files' own bytes as grey; `refuses` maps a name to a code.

    `study` is what every file says of its patient.
    """

    def __init__(self, study: StudyInfo | None = None) -> None:
        self.study = study or StudyInfo()
        self.cautions: tuple[Caution, ...] = ()
        self.refuses: dict[str, RefusalCode] = {}
        self.closed = False

    def read(self, path: Path) -> Radiograph:
        """Refuse what the test said, else read the bytes."""
        return self.read_content(path.read_bytes(), path.name)

    def read_content(self, content: bytes, name: str) -> Radiograph:
        """Read the bytes, unless the test said something else of that name."""
        if name in self.refuses:
            raise FilmRefused(self.refuses[name], f"“{name}” cannot be read.")
        return Radiograph(
            pixels=np.full((4, 6), content[0] / 255 if content else 0.0, dtype=np.float32),
            sha256=hashlib.sha256(content).hexdigest(),
            file_name=name,
            file_format="PNG",
            study=self.study,
            cautions=self.cautions,
        )

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def fake_prepare(radiograph: Radiograph, spec: InputSpec) -> ModelInput:
    """Fill the tensor with the film's mean grey."""
    tensor = np.full(
        (1, 3, spec.height, spec.width), float(radiograph.pixels.mean()), dtype=np.float32
    )
    return ModelInput(tensor, FilmRegion(0, 0, radiograph.columns, radiograph.rows))


class FakeClassifier:
    """A `Classifier` whose P(abnormal) is the mean of its input."""

    model = MODEL
    input_spec = InputSpec(width=8, height=8)
    device = "CPU"
    notice = ""

    def __init__(self, points: OperatingPoints = POINTS) -> None:
        self.points = points
        self.runs = 0

    def assess(self, model_input: ModelInput) -> Assessment:
        """Answer from the pixels alone."""
        self.runs += 1
        probability = float(model_input.tensor.mean())
        return Assessment(
            model=self.model,
            scores=(LabelScore("normal", 1 - probability), LabelScore("abnormal", probability)),
            verdict=self.points.verdict(probability),
            points=self.points,
            device=self.device,
            heat_map=HeatMap(np.full((7, 7), 0.5, dtype=np.float32), model_input.region),
            timings=Timings(infer=5.0),
        )


class FakeClassifiers:
    """A `ClassifierSource`; `fails_with` stands for a model that may not be used."""

    def __init__(self) -> None:
        self.classifier = FakeClassifier()
        self.fails_with: ModelUnavailable | None = None

    def get(self) -> FakeClassifier:
        """Return the one classifier."""
        if self.fails_with is not None:
            raise self.fails_with
        return self.classifier


class FakeCheck:
    """A `FilmCheck`; `refusal` makes it refuse every film."""

    def __init__(self) -> None:
        self.cautions: tuple[Caution, ...] = ()
        self.refusal: FilmRefused | None = None

    def __call__(self, radiograph: Radiograph) -> tuple[Caution, ...]:
        if self.refusal is not None:
            raise self.refusal
        return self.cautions


class FakeCatalog:
    """A `ModelCatalog` with two packs."""

    def __init__(self) -> None:
        first = ModelInfo(MODEL, "Fake", "Tests", POINTS, active=True, built_in=True)
        other = replace(first, ref=ModelRef("other", "2.0", "d" * 64), active=False)
        self.infos = {"fake": first, "other": other}

    def packs(self) -> Sequence[ModelInfo]:
        """List both."""
        return tuple(self.infos.values())

    def activate(self, model_id: str) -> ModelInfo:
        """Mark one."""
        if model_id not in self.infos:
            raise ModelUnavailable("There is no such model.")
        self.infos = {
            key: replace(info, active=key == model_id) for key, info in self.infos.items()
        }
        return self.infos[model_id]

    def import_pack(self, path: Path) -> ModelInfo:
        """Add one named like the folder."""
        info = ModelInfo(ModelRef(path.name, "1", "e" * 64), path.name, "", POINTS)
        self.infos[path.name] = info
        return info


class FakeSettings:
    """A `SettingsStore` with settings for administrators and one for everybody."""

    def __init__(self) -> None:
        self.values: dict[str, SettingValue] = {}

    def rows(self) -> Sequence[Setting]:
        """List them."""
        return (
            Setting("backup.folder", "Folder", "", "folder", ""),
            Setting("backup.keep", "Keep", "", "integer", 7),
            Setting("retention.deleted_days", "Days", "", "integer", 0),
            Setting("retention.years", "Years", "", "integer", 0),
            Setting("model.device", "Device", "", "text", "auto"),
            Setting("view.invert", "Invert", "", "switch", default=False, admin_only=False),
        )

    def get(self, key: str) -> SettingValue:
        """Return the value or the default."""
        row = next((row for row in self.rows() if row.key == key), None)
        if row is None:
            raise KeyError(key)
        return self.values.get(key, row.default)

    def set(self, key: str, value: SettingValue) -> None:
        """Refuse the one bad value there is."""
        if value == "bad":
            raise InvalidRequest("This value cannot be used.")
        self.values[key] = value


class CancelAt:
    """A `JobContext` that is cancelled when a step begins whose name starts with `step`."""

    def __init__(self, step: str) -> None:
        self._step = step

    def report(self, step: str, fraction: float) -> None:
        """Raise `JobCancelled` at that step."""
        if step.startswith(self._step):
            raise JobCancelled


class Recorder:
    """A `JobContext` that keeps what was reported; `then` is called at each report."""

    def __init__(self, then: Callable[[str], None] | None = None) -> None:
        self.reports: list[tuple[str, float]] = []
        self._then = then

    def report(self, step: str, fraction: float) -> None:
        """Keep it."""
        self.reports.append((step, fraction))
        if self._then is not None:
            self._then(step)

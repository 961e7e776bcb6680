"""What reads and assesses films, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from cxr_desktop import locations
from cxr_desktop.domain.assessment import HeatMap, ModelRef, OperatingPoints
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.finder import FilmFinder
from cxr_desktop.imaging.labelled import labelled_films
from cxr_desktop.imaging.left_behind import remove_left_behind
from cxr_desktop.imaging.map_overlay import draw_map
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import FastMode
from cxr_desktop.inference.freed_memory import share_freed_memory
from cxr_desktop.inference.intended_use import check_film
from cxr_desktop.inference.runtime import runtime_words
from cxr_desktop.inference.source import ActiveClassifier, TogetherSource
from cxr_desktop.reporting.plots import draw_plots
from cxr_desktop.services.assess import AssessFilm
from cxr_desktop.services.quality import EvaluateModel, Labelled


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads and assesses films; stores nothing, knows no accounts.

    `assess_many` gives an `assess` for one run of many films in several threads: they share the
    model's runs.
    While a `long_run` is under way, the model is loaded for it.
    """

    reader: ChildFilmReader
    catalog: ModelCatalog
    assess: AssessFilm
    assess_many: Callable[[], AssessFilm]
    long_run: Callable[[], AbstractContextManager[None]]
    find_films: FilmFinder
    draw_map: Callable[[Radiograph, HeatMap], bytes]
    evaluate: EvaluateModel
    labelled_films: Callable[..., Sequence[Labelled]]
    draw_plots: Callable[[Sequence[ScoredFilm], OperatingPoints], dict[str, bytes]]

    def warm_up(self) -> str:
        """Start the decoder, load the active model and run it once; return the device it runs on.

        Tries also whether it takes several films at once, which the first run of many asks for.
        Raises `ModelUnavailable`.
        """
        self.reader.warm_up()
        return self.assess_many().classifier().device

    @property
    def runtime(self) -> str:
        """Version of the onnxruntime that answers, and whose it is; "" before it was needed."""
        return runtime_words()

    def active_points(self) -> tuple[ModelRef, OperatingPoints]:
        """Return the active model and its own operating points. Raises `ModelUnavailable`."""
        for info in self.catalog.packs():
            if info.active and not info.problem:
                return info.ref, info.points
        raise ModelUnavailable("There is no model in use.", hint="Activate one in Admin, Models.")

    def close(self) -> None:
        """End the decoder process."""
        self.reader.close()


def build_engine(
    *,
    own_models: Path,
    device: Callable[[], str],
    threads: Callable[[], int] = lambda: 0,
    model_id: str | None = None,
    built_in_models: Path | None = None,
    fast: FastMode | None = None,
) -> Engine:
    """Put the engine together; loads nothing heavy yet.

    `model_id` overrides the active pack, `built_in_models` the folder of the packs that came with
    the program. `fast` tells when it answers in bfloat16; without it never.
    """
    remove_left_behind()
    share_freed_memory()
    reader = ChildFilmReader()
    catalog = ModelCatalog(built_in_models or locations.models_folder(), own_models)
    classifiers = ActiveClassifier(
        catalog, prepare, device, model_id or "", threads=threads, fast=fast
    )
    assess = AssessFilm(reader, check_film, prepare, classifiers)
    return Engine(
        reader,
        catalog,
        assess,
        lambda: AssessFilm(reader, check_film, prepare, TogetherSource(classifiers)),
        classifiers.long_run,
        FilmFinder(reader.list_disc),
        draw_map,
        evaluate=EvaluateModel(assess),
        labelled_films=labelled_films,
        draw_plots=draw_plots,
    )

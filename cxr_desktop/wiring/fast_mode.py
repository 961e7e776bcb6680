"""The fast mode, put together: when it is wanted, and what it is tried on."""

from __future__ import annotations

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference.fast_mode import FastMode, OwnPoints

FILMS = 6
SIDE = 512


def make_fast_mode(settings: SettingsStore, own_points: OwnPoints) -> FastMode:
    """Return what decides about it, over the settings and the hospital's own operating points."""
    return FastMode(lambda: settings.get("model.fast") == "auto", drawn_films, own_points)


def drawn_films() -> list[Radiograph]:
    """Draw chest films, every second one with a patch of consolidation."""
    return [
        Radiograph(
            draw_chest(SIDE, SIDE, seed=seed, opacity=bool(seed % 2)), "0" * 64, "drawn", "drawn"
        )
        for seed in range(FILMS)
    ]

"""A negative that was turned: the model sees the positive, the exam says so, and shows it again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.negative import DOUBTFUL, TURNED, is_turned, turn_negative
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import Caution, Radiograph, Window
from tests.support.world import World

DARK = 26  # of 255: a film of this grey is answered as normal, turned as abnormal


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_turning_exchanges_black_and_white_and_every_window_with_them() -> None:
    pixels = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    other = Caution("lossy_compression", "Lossy.")
    film = Radiograph(
        pixels, "a" * 64, "film.png", "PNG", 16,
        window=Window(0.3, 0.2, "Lungs"), windows=(Window(0.9, 0.1, "Bone"),),
        cautions=(Caution(DOUBTFUL, "Swapped?"), other),
    )  # fmt: skip
    turned = turn_negative(film)
    assert np.allclose(turned.pixels, 1 - pixels, atol=1e-7)
    assert turned.pixels.dtype == np.float32
    assert (turned.window.width, turned.window.name) == (0.2, "Lungs")
    # What was shown at a grey is shown at the grey as far from white as that was from black.
    low, high = film.window.low, film.window.high
    assert (turned.window.low, turned.window.high) == pytest.approx((1 - high, 1 - low))
    assert turned.windows[0].centre == pytest.approx(0.1)
    assert turned.cautions == (TURNED, other)
    assert (turned.sha256, turned.bits) == (film.sha256, 16)
    assert is_turned(turned.cautions)
    assert not is_turned(film.cautions)


def test_the_model_is_asked_about_the_positive_and_exam_and_audit_log_say_so(
    world: World,
) -> None:
    doc = world.actor("doc")
    film = world.classify.open(doc, world.film(DARK), NoProgress())
    as_it_is = world.classify.run(doc, film, NoProgress())
    turned = world.classify.run(doc, world.classify.turn(film), NoProgress())
    assert as_it_is.assessment is not None
    assert turned.assessment is not None
    assert as_it_is.assessment.probability == pytest.approx(DARK / 255)
    assert turned.assessment.probability == pytest.approx(1 - DARK / 255)
    assert TURNED in world.history.get(turned.exam_id).cautions
    assert world.audit.log[-1].detail["negative"] == "turned"
    assert not is_turned(as_it_is.cautions)


def test_opened_again_each_exam_shows_the_film_as_it_was_shown(world: World) -> None:
    doc = world.actor("doc")
    film = world.classify.open(doc, world.film(DARK), NoProgress())
    as_it_is = world.classify.run(doc, film, NoProgress())
    turned = world.classify.run(doc, world.classify.turn(film), NoProgress())
    one = world.browse.film(doc, as_it_is.exam_id, NoProgress())
    other = world.browse.film(doc, turned.exam_id, NoProgress())
    assert np.allclose(one.pixels, film.radiograph.pixels)
    assert np.allclose(other.pixels, 1 - film.radiograph.pixels, atol=1e-6)
    assert one.sha256 == other.sha256  # the file that is kept is the one that was opened


def test_what_was_got_ready_for_the_turned_film_is_the_turned_film(world: World) -> None:
    doc = world.actor("doc")
    film = world.classify.turn(world.classify.open(doc, world.film(DARK), NoProgress()))
    ready = world.classify.get_ready(doc, film, NoProgress())
    exam = world.classify.run(doc, film, NoProgress(), ready=replace(ready))
    assert exam.assessment is not None
    assert exam.assessment.probability == pytest.approx(1 - DARK / 255)

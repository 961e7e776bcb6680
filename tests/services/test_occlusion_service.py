"""One more run with a part hidden: for whom, of which film, by which model; nothing is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.assessment import Assessment, ModelRef
from cxr_desktop.domain.errors import FilmRefused, InvalidRequest, PermissionDenied, RefusalCode
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.model_input import FilmRegion, ModelInput
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.services.occlusion import CheckOcclusion
from tests.support.engine_fakes import FakeClassifier, fake_prepare
from tests.support.examples import an_event
from tests.support.world import World

PART = FilmRegion(0, 0, 20, 20)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def check(world: World) -> CheckOcclusion:
    return CheckOcclusion(world.classifiers.get, fake_prepare, world.browse, world.access)


def film_of(exam: ExamView) -> Radiograph:
    """Grey 0.5 with a bright corner: the fake model's score is the mean."""
    pixels = np.full((40, 40), 0.5, dtype=np.float32)
    pixels[:20, :20] = 1.0
    return Radiograph(pixels, exam.film.sha256, "film.png", "PNG")


def test_the_score_without_the_part_stands_beside_the_stored_one(
    world: World, check: CheckOcclusion
) -> None:
    exam = world.exam("doc", 230)
    found = check(world.actor("doc"), exam.exam_id, film_of(exam), PART, NoProgress())
    assert found.before == world.history.get(exam.exam_id).assessment.probability
    assert found.after == pytest.approx(0.5)
    assert found.region == PART


def test_nothing_is_stored_and_the_answer_stays(world: World, check: CheckOcclusion) -> None:
    exam = world.exam("doc", 230)
    before = world.history.get(exam.exam_id)
    check(world.actor("doc"), exam.exam_id, film_of(exam), PART, NoProgress())
    assert world.history.records == [before]


@pytest.mark.parametrize("missing", [Permission.RUN, Permission.SEE_RESULT])
def test_it_needs_both_permissions(
    world: World, check: CheckOcclusion, missing: Permission
) -> None:
    exam = world.exam("doc")
    allowed = frozenset({Permission.RUN, Permission.SEE_RESULT}) - {missing}
    world.users.save_group(Group("Doctors", allowed), an_event())
    with pytest.raises(PermissionDenied):
        check(world.actor("doc"), exam.exam_id, film_of(exam), PART, NoProgress())
    assert world.classifiers.classifier.runs == 1


def test_who_reads_first_checks_nothing_before(world: World, check: CheckOcclusion) -> None:
    world.let_rad_read_first()
    exam = world.exam("rad")
    with pytest.raises(InvalidRequest, match="reading comes first"):
        check(world.actor("rad"), exam.exam_id, film_of(exam), PART, NoProgress())


def test_another_film_and_another_model_are_refused(world: World, check: CheckOcclusion) -> None:
    exam, doc = world.exam("doc"), world.actor("doc")
    other = replace(film_of(exam), sha256="0" * 64)
    with pytest.raises(InvalidRequest, match="another film"):
        check(doc, exam.exam_id, other, PART, NoProgress())
    newer = FakeClassifier()
    newer.model = ModelRef("newer", "2.0", "c" * 64)
    world.classifiers.classifier = newer
    with pytest.raises(InvalidRequest, match="not the one that answered"):
        check(doc, exam.exam_id, film_of(exam), PART, NoProgress())


@pytest.mark.parametrize(
    ("part", "why"), [(FilmRegion(0, 0, 7, 30), "too small"), (FilmRegion(0, 0, 40, 30), "half")]
)
def test_too_small_and_too_large_a_part_are_refused(
    world: World, check: CheckOcclusion, part: FilmRegion, why: str
) -> None:
    exam = world.exam("doc")
    with pytest.raises(InvalidRequest, match=why):
        check(world.actor("doc"), exam.exam_id, film_of(exam), part, NoProgress())


class Refusing(FakeClassifier):
    """A model whose gate takes what it is given for no chest film."""

    def assess(self, model_input: ModelInput) -> Assessment:
        raise FilmRefused(RefusalCode.NOT_A_CHEST, "Not a chest.")


def test_a_film_that_the_gate_refuses_with_the_part_hidden_says_so(
    world: World, check: CheckOcclusion
) -> None:
    exam = world.exam("doc")
    world.classifiers.classifier = Refusing()
    with pytest.raises(InvalidRequest, match="none that it may judge"):
        check(world.actor("doc"), exam.exam_id, film_of(exam), PART, NoProgress())

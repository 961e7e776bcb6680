"""Who may look at a film may look at its tags, and only at those of that very film."""

import hashlib
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied, StorageUnavailable
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.domain.tags import TagList, TagRow
from cxr_desktop.services.tags import ReadTags
from tests.support.examples import an_event
from tests.support.world import World

ROWS = (TagRow("(0010,0020)", "Patient ID", "LO", "P-1"),)


class Tags:
    """A `TagReader` that says the same of every file."""

    def list_tags(self, path: Path) -> TagList:
        """Hash the file."""
        return self.list_tags_of(path.read_bytes())

    def list_tags_of(self, content: bytes) -> TagList:
        """Hash the content."""
        return TagList(hashlib.sha256(content).hexdigest(), ROWS)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def tags(world: World) -> ReadTags:
    return ReadTags(Tags(), world.archive, world.browse, world.access)


def test_the_tags_of_an_opened_and_of_a_stored_film_are_read(world: World, tags: ReadTags) -> None:
    path = world.film()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    doc = world.actor("doc")
    assert tags.of_file(doc, path, sha256).rows == ROWS
    assert tags.of_exam(doc, world.exam("doc").exam_id).rows == ROWS


def test_a_file_that_changed_meanwhile_is_said(world: World, tags: ReadTags) -> None:
    with pytest.raises(InvalidRequest, match="has changed"):
        tags.of_file(world.actor("doc"), world.film(), "0" * 64)


def test_another_users_exam_and_a_lost_film_show_no_tags(world: World, tags: ReadTags) -> None:
    exam_id = world.exam("rad").exam_id
    with pytest.raises(PermissionDenied):
        tags.of_exam(world.actor("doc"), exam_id)
    world.archive.films.clear()
    with pytest.raises(StorageUnavailable):
        tags.of_exam(world.actor("rad"), exam_id)


def test_who_may_not_open_films_opens_none_for_its_tags(world: World, tags: ReadTags) -> None:
    doc, path = world.actor("doc"), world.film()
    world.users.save_group(Group("Doctors", frozenset({Permission.SEE_RESULT})), an_event())
    with pytest.raises(PermissionDenied):
        tags.of_file(doc, path, "0" * 64)

"""What the gate is fitted to and tested on: training films, and everything that is none."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.imaging.preprocess import prepare_pixels
from cxr_desktop.inference.film_gate import Numbers, grey_of, picture_values
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.training.augment import augment
from cxr_desktop.training.film_store import read_training_film
from cxr_desktop.training.films import VAL_SPLITS, Film
from cxr_desktop.training.gate_pictures import DRAWN, FROM_FILMS, MONTAGE, Picture, montage

log = logging.getLogger(__name__)

FILM = "film"
FILMS_PER_GROUP = 80  # of one source and label
AUGMENTED_SHARE = 2  # every second of them once more, augmented
MADE_PER_KIND = 60
DRAWN_PER_KIND = 24
TESTED_PER_KIND = 30
SEED = 20261123


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One picture: what kind it is ("film", or a kind of other picture), whose, and its pixels.

    `source` is the collection of a film, or of what was made from one; `group` what must stay on
    one side of a split.
    """

    kind: str
    source: str
    group: str
    pixels: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Samples as the gate sees them: rows of features and picture values, log-odds of abnormal."""

    kinds: NDArray[np.str_]
    sources: NDArray[np.str_]
    groups: NDArray[np.str_]
    features: Numbers
    pictures: Numbers
    log_odds: Numbers

    def where(self, chosen: NDArray[np.bool_]) -> Seen:
        """Return some rows."""
        return Seen(*(getattr(self, name)[chosen] for name in self.__slots__))

    def and_(self, other: Seen) -> Seen:
        """Return the rows of both."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return Seen(*(np.concatenate(pair) for pair in pairs))


def look(classifier: OnnxClassifier, spec: InputSpec, samples: Iterable[Sample]) -> Seen:
    """Run the network once on every sample."""
    rows = []
    for sample in samples:
        tensor = prepare_pixels(sample.pixels, spec).tensor
        answer = classifier.run(tensor)
        assert answer.features is not None
        picture = picture_values(grey_of(tensor, spec))[0]
        odds = answer.logits[1] - answer.logits[0]
        rows.append((sample, answer.features.astype(np.float64), picture, odds))
        if len(rows) % 100 == 0:
            log.info("ran the network on %d pictures", len(rows))
    return Seen(
        np.array([row[0].kind for row in rows], dtype=np.str_),
        np.array([row[0].source for row in rows], dtype=np.str_),
        np.array([row[0].group for row in rows], dtype=np.str_),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        np.array([row[3] for row in rows], dtype=np.float64),
    )


def film_samples(films: Iterable[Film]) -> Iterator[Sample]:
    """Yield films as they are."""
    for film in films:
        yield Sample(FILM, film.source, film.patient, _pixels(film))


def fitting_samples(films: Sequence[Film], side: int) -> Iterator[Sample]:
    """Yield what the gate is fitted to: training films, plain and augmented, and what is none."""
    rng = np.random.default_rng(SEED)
    chosen = balanced_films(films, rng, FILMS_PER_GROUP)
    yield from film_samples(chosen)
    for film in chosen[::AUGMENTED_SHARE]:
        yield Sample(FILM, film.source, film.patient, augment(_pixels(film), side, rng))
    yield from _made(chosen, MADE_PER_KIND, rng)
    yield from _drawn(DRAWN_PER_KIND, rng)


def testing_samples(films: Sequence[Film]) -> Iterator[Sample]:
    """Yield pictures of the kinds that fitting made, from validation films or drawn anew."""
    rng = np.random.default_rng(SEED + 1)
    yield from _made([film for film in films if film.split in VAL_SPLITS], TESTED_PER_KIND, rng)
    yield from _drawn(TESTED_PER_KIND // 3, rng)


def other_pictures(films: Iterable[Film]) -> Iterator[Sample]:
    """Yield the collected pictures that are no frontal chest films, by kind."""
    for film in films:
        if film.label == "ood":
            yield Sample(film.source, "", picture_group(film), _pixels(film))


def split_others(others: Seen) -> tuple[Seen, Seen]:
    """Part the collected pictures in a half to fit to and a half to test on, by group."""
    halves = np.array([half_of(str(group)) for group in others.groups], dtype=np.int64)
    return others.where(halves == 0), others.where(halves == 1)


def picture_group(film: Film) -> str:
    """Say which pictures belong together: one patient's slices and knees, one series of scans.

    That is the first number of a CT slice's or knee's name; else the name without its digits.
    """
    stem = film.path.stem
    number = re.match(r"\d{5,}", stem)
    return f"{film.source} {number.group() if number else re.sub(r'[0-9]+', '', stem)}"


def half_of(group: str) -> int:
    """Return 0 or 1, always the same for a group."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def _made(films: Sequence[Film], number: int, rng: np.random.Generator) -> Iterator[Sample]:
    for kind, make in FROM_FILMS.items():
        for index in rng.integers(0, len(films), number):
            film = films[index]
            pixels = np.ascontiguousarray(make(_pixels(film), rng), dtype=np.float32)
            yield Sample(kind, film.source, film.patient, pixels)
    for _ in range(number):
        four = tuple(_pixels(films[i]) for i in rng.integers(0, len(films), 4))
        yield Sample(MONTAGE, "", "", montage(four, rng))


def _drawn(number: int, rng: np.random.Generator) -> Iterator[Sample]:
    for kind, draw in DRAWN.items():
        for _ in range(number):
            yield Sample(kind, "", "", draw(rng))


def balanced_films(films: Sequence[Film], rng: np.random.Generator, number: int) -> list[Film]:
    """Return so many films of each source and label, or all where there are fewer."""
    groups: dict[tuple[str, str], list[Film]] = defaultdict(list)
    for film in films:
        groups[film.source, film.label].append(film)
    return [
        group[i]
        for _, group in sorted(groups.items())
        for i in sorted(rng.permutation(len(group))[:number])
    ]


def _pixels(film: Film) -> Picture:
    return np.asarray(read_training_film(film) / 255, dtype=np.float32)

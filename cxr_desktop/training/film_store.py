"""Training films in memory, and a thread that prepares batches ahead of the optimiser."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.imaging.preprocess import prepare_pixels
from cxr_desktop.training.films import Film

Batch = tuple[NDArray[np.float32], NDArray[np.int64]]


def read_training_film(film: Film) -> NDArray[np.uint8]:
    """Read one 8-bit grey film. Raises ValueError when it cannot be decoded."""
    pixels = cv2.imdecode(np.fromfile(film.path, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise ValueError(f"{film.path} could not be decoded")
    return np.asarray(pixels, dtype=np.uint8)


class FilmStore:
    """All films of a run, decoded once and kept as bytes (about 0.6 GB for 9,000 films)."""

    def __init__(self, films: Sequence[Film]) -> None:
        self.films = list(films)
        with ThreadPoolExecutor(2) as pool:
            self._pixels = list(pool.map(read_training_film, self.films))

    def pixels(self, index: int) -> NDArray[np.float32]:
        """Return film `index`, float32, 0..1."""
        return self._pixels[index].astype(np.float32) / np.float32(255)

    def labels(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return 1 for abnormal, 0 for normal."""
        return np.array([self.films[i].is_abnormal for i in indices], dtype=np.int64)

    def prepared(self, indices: Sequence[int], spec: InputSpec) -> NDArray[np.float32]:
        """Return films as the program would prepare them, (N, 3, H, W)."""
        return np.concatenate([prepare_pixels(self.pixels(i), spec).tensor for i in indices])


def ahead(make: Callable[[int], Batch], steps: range, depth: int = 4) -> Iterator[Batch]:
    """Yield make(step) for every step, computed by one thread up to `depth` batches ahead.

    An error in `make` is raised here, at its step.
    """
    ready: queue.Queue[Batch | BaseException] = queue.Queue(depth)
    stop = threading.Event()

    def produce() -> None:
        for step in steps:
            try:
                item: Batch | BaseException = make(step)
            except BaseException as error:  # noqa: BLE001 - handed to the consumer, who raises it
                item = error
            while not stop.is_set():
                try:
                    ready.put(item, timeout=0.2)
                    break
                except queue.Full:
                    continue
            if stop.is_set():
                return

    thread = threading.Thread(target=produce, name="film-batches", daemon=True)
    thread.start()
    try:
        for _ in steps:
            item = ready.get()
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join(timeout=5)

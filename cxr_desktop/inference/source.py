"""Gives the model that new films go to: loaded, warmed up and proven before its first answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from cxr_desktop.domain.ports import Classifier, Preparer
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import FastClassifier, FastMode
from cxr_desktop.inference.fast_network import NoFastMode
from cxr_desktop.inference.freed_memory import give_back_freed_memory
from cxr_desktop.inference.golden import check_golden
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import Pack
from cxr_desktop.inference.session import physical_cores
from cxr_desktop.inference.together import Together, answers_together

AnyClassifier = OnnxClassifier | FastClassifier


@dataclass(slots=True)
class _Loaded:
    """A classifier, what it was loaded for, and how many may run it at once."""

    state: tuple[Pack, str, int, bool, bool]
    classifier: AnyClassifier
    at_once: int
    together: Classifier | None = None


class ActiveClassifier:
    """Implements the domain's `ClassifierSource`; safe to call from several threads.

    `device` gives the wish of the moment: "auto", "cpu" or "cuda"; `threads` how many compute at
    once, 0 for the physical cores. The model is loaded on the first
    call and again when the active pack or a wish changes. `model_id` pins one pack instead of the
    active one. `fast` tells whether it shall answer in bfloat16 where this computer can.
    """

    def __init__(
        self,
        catalog: ModelCatalog,
        prepare: Preparer,
        device: Callable[[], str],
        model_id: str = "",
        *,
        threads: Callable[[], int] = lambda: 0,
        fast: FastMode | None = None,
    ) -> None:
        self._fast = fast
        self._catalog = catalog
        self._prepare = prepare
        self._device = device
        self._threads = threads
        self._model_id = model_id
        self._lock = Lock()
        self._cores = physical_cores()
        self._long_runs = 0
        self._loaded: _Loaded | None = None

    def get(self) -> AnyClassifier:
        """Return the classifier. Raises `ModelUnavailable`; a model that failed is tried again."""
        with self._lock:
            return self._ready().classifier

    def together(self) -> Classifier:
        """Return what shares the classifier's runs among many films at once; raises as `get`.

        It is the classifier itself, one film at a time, where that answers in bfloat16, and for a
        network that gives two films another answer than each of them.
        """
        with self._lock:
            loaded = self._ready()
            if loaded.together is None:
                one = loaded.classifier
                fits = isinstance(one, OnnxClassifier) and answers_together(one)
                loaded.together = Together(one, loaded.at_once) if fits else one  # type: ignore[arg-type]  # as asked
            return loaded.together

    @contextmanager
    def long_run(self) -> Iterator[None]:
        """While inside, the model is loaded for several callers at once, one thread each.

        There is one session at a time: what asks for a single film meanwhile has a thread, too.
        """
        with self._lock:
            self._long_runs += 1
        try:
            yield
        finally:
            with self._lock:
                self._long_runs -= 1

    def _ready(self) -> _Loaded:
        pack = self._catalog.pack(self._model_id or self._catalog.active_id())
        wish, threads = self._device(), self._threads()
        fast = self._fast if self._fast is not None and self._fast.is_wanted() else None
        cores = threads or self._cores
        split = self._long_runs > 0 and fast is None and cores > 1
        state = (pack, wish, threads, fast is not None, split)
        if self._loaded is not None and self._loaded.state == state:
            return self._loaded
        self._loaded = None  # frees the old model before the new one takes its memory
        exact = load_classifier(pack, self._prepare, wish, 1 if split else threads)
        classifier: AnyClassifier = exact
        if fast is not None:
            classifier = _fast_where_possible(fast, exact, pack, self._prepare, threads)
        at_once = cores if split and exact.device == "CPU" else 1
        self._loaded = _Loaded(state, classifier, at_once)
        return self._loaded


class TogetherSource:
    """The `ClassifierSource` of one run of many films: all get the model that the first one got.

    To look for each whether settings or the active model changed took 2 ms.
    """

    def __init__(self, source: ActiveClassifier) -> None:
        self._source = source
        self._lock = Lock()
        self._taken: Classifier | None = None

    def get(self) -> Classifier:
        """Return what shares runs. Raises `ModelUnavailable`."""
        with self._lock:
            if self._taken is None:
                self._taken = self._source.together()
            return self._taken


def _fast_where_possible(
    fast: FastMode, exact: OnnxClassifier, pack: Pack, prepare: Preparer, threads: int
) -> AnyClassifier:
    try:
        return fast.of(exact, pack, prepare, threads)
    except NoFastMode as reason:
        exact.add_notice(str(reason))
        return exact


def load_classifier(pack: Pack, prepare: Preparer, device: str, threads: int = 0) -> OnnxClassifier:
    """Load a pack, run it once and check its golden case. Raises `ModelUnavailable`."""
    gate = pack.film_gate()
    classifier = OnnxClassifier(
        pack.manifest, pack.model_bytes(), device, gate=gate, threads=threads
    )
    classifier.warm_up()
    if pack.manifest.golden is not None:
        check_golden(pack.manifest.golden, pack.folder, classifier, prepare)
    give_back_freed_memory()
    return classifier

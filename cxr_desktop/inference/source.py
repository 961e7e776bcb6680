"""Gives the model that new films go to: loaded, warmed up and proven before its first answer."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from cxr_desktop.domain.ports import Preparer
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import FastClassifier, FastMode
from cxr_desktop.inference.fast_network import NoFastMode
from cxr_desktop.inference.freed_memory import give_back_freed_memory
from cxr_desktop.inference.golden import check_golden
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import Pack

AnyClassifier = OnnxClassifier | FastClassifier


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
        self._loaded: tuple[Pack, str, int, bool, AnyClassifier] | None = None

    def get(self) -> AnyClassifier:
        """Return the classifier. Raises `ModelUnavailable`; a model that failed is tried again."""
        with self._lock:
            pack = self._catalog.pack(self._model_id or self._catalog.active_id())
            wish, threads = self._device(), self._threads()
            fast = self._fast if self._fast is not None and self._fast.is_wanted() else None
            state = (pack, wish, threads, fast is not None)
            if self._loaded is not None and self._loaded[:4] == state:
                return self._loaded[4]
            self._loaded = None  # frees the old model before the new one takes its memory
            exact = load_classifier(pack, self._prepare, wish, threads)
            classifier: AnyClassifier = exact
            if fast is not None:
                classifier = _fast_where_possible(fast, exact, pack, self._prepare, threads)
            self._loaded = (*state, classifier)
            return classifier


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

"""How fast one film is read, beside the same network in other programs' hands.

    python -m benchmarks.run_speed [TURNS]

One run, in turns, so that a busy machine hits all alike: the bare `InferenceSession.run` of the
model's file, and of what the program makes of it (without its zeros, `lean_graph`); Run of
the program for a drawn film of 3000 x 2500 pixels of 16 bits, as DICOM and as PNG, which was opened
and looked at before (warm: from Run pressed to the answer stored) or is opened and run at once
(cold); warm Runs in the fast mode; and peers, each skipped with a sentence where it is not
installed. No film was seen before, and every Run stores it durably. Prints medians, the middle half
of the turns, and the ratios to both bare runs. Then where the time of a warm Run goes.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.lines import say
from cxr_desktop import bootstrap
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference.fast_mode import FastClassifier
from cxr_desktop.inference.lean_graph import without_zeros
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.session import CPU, physical_cores
from tests.support.film_files import dicom, encoded

PASSWORD = "seven calm lanterns walk"  # noqa: S105 - of a folder that is thrown away
ROWS, COLUMNS = 3000, 2500
SPINNING = ("PyTorch", "onnxruntime, its")  # their threads go on turning for a while afterwards
SPIN_S = 0.25
BARE, LEAN = "bare session.run", "bare session.run, without zeros"
Act = Callable[[], object]


def main(turns: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        films = drawn(Path(folder))
        program = bootstrap.build(Path(folder) / "data", device="cpu")
        try:
            actor = program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
            program.engine.warm_up()
            roads = dict(own_roads(program, actor, films, Path(folder)))
            with fast_program(Path(folder) / "fast") as (fast, its_actor):
                if fast is not None:
                    roads |= dict(fast_roads(fast, its_actor, films, Path(folder)))
                roads |= dict(peers(program, films["DICOM"]))
                taken = in_turns(roads, turns)
            tell(taken)
            parts(program, actor, films)
        finally:
            program.close()


@contextmanager
def fast_program(data: Path) -> Iterator[tuple[Any, Any]]:
    """Give a program whose fast mode is on, and its user; (None, None) where there is none."""
    data.mkdir()
    (data / "settings.toml").write_text('[model]\nfast = "auto"\n', encoding="utf-8")
    program = bootstrap.build(data, device="cpu")
    try:
        actor = program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
        program.engine.warm_up()
        classifier = program.engine.assess.classifier()
        if isinstance(classifier, FastClassifier):
            say(classifier.proof.sentence)
            yield program, actor
        else:
            say(classifier.notice)
            yield None, None
    finally:
        program.close()


def fast_roads(
    program: Any, actor: Any, films: dict[str, Path], folder: Path
) -> Iterator[tuple[str, Act]]:
    """Give the network in bfloat16, with its second look where it must, and the Runs."""
    classifier = program.engine.assess.classifier()
    prepared = prepared_film(program, films["DICOM"])
    yield "fast mode, network and gate", lambda: classifier.assess(prepared)
    for kind, film in films.items():
        yield f"fast mode, Run, {kind}, warm", warm(program, actor, film, folder)


def drawn(folder: Path) -> dict[str, Path]:
    """Draw the film and write it both ways."""
    chest = draw_chest(ROWS // 4, COLUMNS // 4, seed=1).repeat(4, axis=0).repeat(4, axis=1)
    noise = np.random.default_rng(1).normal(0, 8, chest.shape)
    stored = np.clip(chest * 4000 + noise, 0, 4095).astype(np.uint16)
    films = {"DICOM": folder / "film.dcm", "PNG": folder / "film.png"}
    films["DICOM"].write_bytes(dicom(stored))
    films["PNG"].write_bytes(encoded(".png", stored))
    return films


def own_roads(
    program: Any, actor: Any, films: dict[str, Path], folder: Path
) -> Iterator[tuple[str, Act]]:
    """Give the bare run and the whole Run; each Run is of a film that was not seen before."""
    classifier = program.engine.assess.classifier()
    tensor = tensor_of(program, films["DICOM"])
    pack = program.engine.catalog.pack(classifier.model.id)
    whole = OnnxClassifier(pack.manifest, pack.model_bytes(), "cpu", whole=True)
    yield BARE, lambda: whole.run(tensor)
    yield LEAN, lambda: classifier.run(tensor)
    for kind, film in films.items():
        yield f"Run, {kind}, looked at before (warm)", warm(program, actor, film, folder)
        yield f"opened and run, {kind} (cold)", cold(program, actor, film, folder)


def warm(program: Any, actor: Any, film: Path, folder: Path) -> Act:
    """Run a film that is on the screen and was got ready, as the window does."""
    path = folder / f"warm-{uuid.uuid4().hex}{film.suffix}"
    waiting: list[tuple[Any, Any]] = []

    def make() -> None:
        path.write_bytes(another(film))
        opened = program.classify.open(actor, path, NoProgress())
        waiting.append((opened, program.classify.get_ready(actor, opened, NoProgress())))

    def act() -> None:
        opened, ready = waiting.pop()
        program.classify.run(actor, opened, NoProgress(), None, ready)

    act.before = make  # type: ignore[attr-defined]  # not part of the time
    return act


def cold(program: Any, actor: Any, film: Path, folder: Path) -> Act:
    """Open a film nobody opened before and run it at once."""
    path = folder / f"cold-{uuid.uuid4().hex}{film.suffix}"

    def act() -> None:
        program.classify(actor, path, NoProgress())

    act.before = lambda: path.write_bytes(another(film))  # type: ignore[attr-defined]  # as above
    return act


def another(film: Path) -> bytes:
    """Give the film's bytes, changed where nobody sees it."""
    content = film.read_bytes()
    return content + os.urandom(16) if film.suffix == ".png" else changed(content)


def changed(content: bytes) -> bytes:
    """Give a DICOM file whose last pixels are others."""
    return content[:-8] + bytes(byte & 0x0F for byte in os.urandom(8))


def tensor_of(program: Any, film: Path) -> Any:
    """Prepare a film as the program does."""
    return prepared_film(program, film).tensor


def prepared_film(program: Any, film: Path) -> Any:
    """Read and prepare it."""
    assess = program.engine.assess
    return assess.prepare(assess.open(film, NoProgress()), NoProgress()).model_input


def peers(program: Any, film: Path) -> Iterator[tuple[str, Act]]:
    """Give other programs on the same network, each with a film that lies prepared."""
    tensor = tensor_of(program, film)
    pack = program.engine.catalog.pack(program.engine.assess.classifier().model.id)
    content = pack.model_bytes()
    yield from onnxruntime_as_it_comes(content, tensor)
    yield from cv2_dnn(content, tensor)
    yield from openvino_runs(content, tensor)
    yield from openvino_runs(without_zeros(content), tensor, ", without zeros")
    yield from torch_eager(tensor, film)


def onnxruntime_as_it_comes(content: bytes, tensor: Any) -> Iterator[tuple[str, Act]]:
    """Give onnxruntime with its own defaults: spinning threads, logical cores."""
    import onnxruntime  # noqa: PLC0415 - after the program's own

    session = onnxruntime.InferenceSession(content, providers=[CPU])
    name = session.get_inputs()[0].name
    yield "onnxruntime, its defaults", lambda: session.run(None, {name: tensor})


def cv2_dnn(content: bytes, tensor: Any) -> Iterator[tuple[str, Act]]:
    """Give OpenCV's network reader."""
    try:
        network = cv2.dnn.readNetFromONNX(np.frombuffer(content, dtype=np.uint8))

        def act() -> object:
            network.setInput(tensor)
            return network.forward()

        act()
    except (cv2.error, AttributeError) as error:
        say(f"cv2.dnn is left out: {type(error).__name__} when it read the model.")
    else:
        yield "cv2.dnn", act


def openvino_runs(content: bytes, tensor: Any, which: str = "") -> Iterator[tuple[str, Act]]:
    """Give OpenVINO in single precision and in bfloat16."""
    try:
        import openvino  # noqa: PLC0415 - optional
    except ImportError:
        say("OpenVINO is left out: it is not installed.")
        return
    core = openvino.Core()
    for precision in ("f32", "bf16"):
        options = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": physical_cores(),
            "PERFORMANCE_HINT": "LATENCY",
        }
        request = core.compile_model(core.read_model(content), "CPU", options)
        request = request.create_infer_request()
        yield f"OpenVINO {precision}{which}", lambda request=request: request.infer({0: tensor})


def torch_eager(tensor: Any, film: Path) -> Iterator[tuple[str, Act]]:
    """Give the same network in PyTorch, and the road of a script that classifies a DICOM file.

    The weights are not the model's: they have no influence on the time.
    """
    try:
        import torch  # noqa: PLC0415 - optional
    except ImportError:
        say("PyTorch is left out: it is not installed.")
        return
    from pydicom import dcmread  # noqa: PLC0415 - only here

    from cxr_desktop.training.network import YoloV5Classifier  # noqa: PLC0415 - needs torch

    torch.set_num_threads(physical_cores() or 1)
    side = tensor.shape[2]
    network = YoloV5Classifier("x", 2).eval().to(memory_format=torch.channels_last)
    mean = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
    spread = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)

    def bare(half: bool) -> object:  # noqa: FBT001 - two roads
        picture = torch.from_numpy(tensor).contiguous(memory_format=torch.channels_last)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            return network(picture)

    def whole(half: bool) -> object:  # noqa: FBT001 - two roads
        stored = dcmread(film).pixel_array
        grey = cv2.normalize(stored, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]  # None is allowed
        short = min(grey.shape)
        top, left = (grey.shape[0] - short) // 2, (grey.shape[1] - short) // 2
        small = cv2.resize(grey[top : top + short, left : left + short], (side, side))
        picture = torch.from_numpy(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)).permute(2, 0, 1)
        ready = ((picture.float() / 255 - mean) / spread)[None]
        ready = ready.contiguous(memory_format=torch.channels_last)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            return network(ready).softmax(1)

    for half, name in ((False, "fp32"), (True, "bf16")):
        yield f"PyTorch eager {name}", lambda half=half: bare(half)
        yield f"PyTorch eager {name}, whole road, DICOM", lambda half=half: whole(half)


def in_turns(roads: dict[str, Act], turns: int) -> dict[str, list[float]]:
    """Time every road once a turn, each turn in another order; the first three are not counted.

    What ran just before decides what lies in the caches.
    """
    taken: dict[str, list[float]] = {name: [] for name in roads}
    chance = random.Random(1)  # noqa: S311 - an order
    for turn in range(turns + 3):
        for name, act in chance.sample(list(roads.items()), len(roads)):
            getattr(act, "before", lambda: None)()
            begun = time.perf_counter()
            act()
            if turn >= 3:
                taken[name].append((time.perf_counter() - begun) * 1000)
            if name.startswith(SPINNING):
                time.sleep(SPIN_S)
    return taken


def tell(taken: dict[str, list[float]]) -> None:
    """Print one line a road."""
    bare, lean = (statistics.median(taken[name]) for name in (BARE, LEAN))
    say(f"{physical_cores()} cores, load {os.getloadavg()[0]:.1f}, {len(taken)} roads in turns")
    say(f"{'road':<42} {'median ms':>9} {'middle half':>15} {'to bare':>8} {'to lean':>8}")
    for name, times in taken.items():
        low, middle, high = statistics.quantiles(times, n=4)
        half = f"{low:.1f}-{high:.1f}"
        say(f"{name:<42} {middle:9.1f} {half:>15} {middle / bare:8.2f} {middle / lean:8.2f}")


def parts(program: Any, actor: Any, films: dict[str, Path]) -> None:
    """Print where the time of a warm Run goes, and how long getting ready takes before it."""
    for kind, film in films.items():
        rows: list[tuple[float, ...]] = []
        for _ in range(9):
            opened = program.classify.open(actor, film, NoProgress())
            begun = time.perf_counter()
            ready = program.classify.get_ready(actor, opened, NoProgress())
            got_ready = time.perf_counter()
            exam = program.classify.run(actor, opened, NoProgress(), None, ready)
            whole = (time.perf_counter() - got_ready) * 1000
            timings = exam.assessment.timings
            ahead = (got_ready - begun) * 1000
            rows.append((timings.read, ahead, timings.infer, whole - timings.infer))
        read, ahead, infer, rest = (statistics.median(column) for column in zip(*rows, strict=True))
        say(
            f"{kind}: before Run: read {read:.1f} ms, get ready {ahead:.1f}; "
            f"Run: network {infer:.1f}, gate and storing {rest:.1f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)

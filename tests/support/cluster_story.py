"""A batch on a real cluster of processes, for `tests/distributed/test_cluster.py`.

It runs in a process of its own, because every test fails that opens a socket.
`python -m tests.support.cluster_story FOLDER [send] [kill | gone]` stores the films of FOLDER/films
with two workers. `send` sends the films' bytes, `kill` ends a worker while it works, `gone` ends
the scheduler, after which the rest is done on this computer. It prints what became of the films.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import dask
from distributed import LocalCluster

from cxr_desktop import __version__, bootstrap
from cxr_desktop.bootstrap import Program
from cxr_desktop.domain.errors import FilmRefused, UserError
from cxr_desktop.domain.history import ExamView, HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.wiring.cluster import Wanted, on_cluster
from cxr_desktop.wiring.films_at_once import in_threads
from tests.support.packs import make_pack

PASSWORD = "four quiet winter trains"  # an account of this story only
WORKERS = 2
HURT_AFTER = 4


def main(folder: Path, words: frozenset[str]) -> None:
    """Tell the story."""
    packs = folder / "packs"
    make_pack(packs, "tiny")
    films = sorted((folder / "films").iterdir())
    program = bootstrap.build(folder / "data", built_in_models=packs)
    program.access.create_first_administrator("ada", "", PASSWORD)
    actor = program.access.sign_in("ada", PASSWORD)
    wanted = Wanted(__version__, program.classify.model(), folder / "none", packs)
    said: dict[str, object] = {"alone": {path.name: alone(program, path) for path in films}}
    dask.config.set({"distributed.worker.daemon": False})
    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster:
        said |= on_workers(program, actor, films, cluster, wanted, words)
    said["total"] = program.history.search(actor, HistoryQuery()).total
    if "gone" in words:
        with in_threads(program.engine) as mapper:
            said["after"] = sum(
                bool(outcome.result or outcome.stored_before)
                for outcome in program.classify_many(actor, films, mapper, NoProgress())
            )
    program.close()
    sys.stdout.write(json.dumps(said))


def alone(program: Program, path: Path) -> float | None:
    """Return the answer that a film gets by itself."""
    try:
        return program.engine.assess(path, NoProgress()).assessment.probability
    except FilmRefused:
        return None


def on_workers(  # noqa: PLR0917 - what the story is about
    program: Program, actor: Actor, films: list[Path], cluster: LocalCluster, wanted: Wanted,
    words: frozenset[str],
) -> dict[str, object]:  # fmt: skip
    """Store the films, hurt the cluster after the first few, and ask once more for all of them."""
    told: list[dict[str, object]] = []
    said: dict[str, object] = {"told": told}
    address = cluster.scheduler_address
    try:
        with on_cluster(address, wanted, send_films="send" in words) as mapper:
            for outcome in program.classify_many(actor, films, mapper, NoProgress()):
                told.append(row_of(outcome))
                if len(told) == HURT_AFTER and "kill" in words:
                    said["killed"] = next(iter(cluster.workers.values())).pid
                    os.kill(int(str(said["killed"])), signal.SIGKILL)
                if len(told) == HURT_AFTER and "gone" in words:
                    cluster.close()
            said["again"] = [
                outcome.stored_before
                for outcome in program.classify_many(actor, films, mapper, NoProgress())
            ]
    except UserError as error:
        said["error"] = str(error)
    return said


def row_of(outcome: FileOutcome[ExamView]) -> dict[str, object]:
    """Tell one film."""
    exam = outcome.result
    return {
        "file": outcome.path.name,
        "refused": outcome.refusal is not None,
        "exam": exam.exam_id if exam else "",
        "probability": exam.assessment.probability if exam and exam.assessment else None,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), frozenset(sys.argv[2:]))

"""The training loop: progressive size, averaged weights, resumable at every checkpoint."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from cxr_desktop.imaging.preprocess import prepare_pixels
from cxr_desktop.training.assemble import assemble
from cxr_desktop.training.augment import augment
from cxr_desktop.training.blend import blend, check_blend, only_start
from cxr_desktop.training.domain_mixing import MixStyle
from cxr_desktop.training.film_store import Batch, FilmStore, ahead
from cxr_desktop.training.films import TRAIN_SPLITS, VAL_SPLITS, Film, check_held_out
from cxr_desktop.training.final_file import new_network, read_final
from cxr_desktop.training.grow import grow
from cxr_desktop.training.network import YoloV5Classifier
from cxr_desktop.training.precision import autocast
from cxr_desktop.training.recipe import Recipe
from cxr_desktop.training.sampler import BalancedSampler, sampling_weights
from cxr_desktop.training.validate import auc_per_group, score_films

log = logging.getLogger(__name__)

CHECKPOINT_EVERY = 100
VALIDATE_EVERY = 400
REFRESH_BATCHES = 64


def training_films(films: Sequence[Film], recipe: Recipe) -> list[Film]:
    """Select the films a recipe trains on; proves that a held-out hospital is not among them."""
    splits = TRAIN_SPLITS if recipe.use_non_commercial else TRAIN_SPLITS[:1]
    chosen = [
        film
        for film in films
        if film.split in splits and film.label != "ood" and film.hospital in recipe.hospital_shares
    ]
    chosen = [film for film in chosen if film.hospital != recipe.hold_out]
    if recipe.hold_out:
        check_held_out(chosen, recipe.hold_out)
    return chosen


def validation_films(films: Sequence[Film]) -> list[Film]:
    """Return the validation films of every source."""
    return [film for film in films if film.split in VAL_SPLITS and film.label != "ood"]


@dataclass
class Run:
    """All that changes while training, and how it is saved."""

    network: YoloV5Classifier
    averaged: YoloV5Classifier
    optimiser: torch.optim.Optimizer
    step: int = 0

    @classmethod
    def start(cls, recipe: Recipe, device: torch.device, seedlings: Sequence[Path] = ()) -> Run:
        """Fresh weights from the recipe's seed, or those of smaller trained networks.

        One seedling is grown, several are put side by side.
        """
        torch.manual_seed(recipe.seed)
        network = new_network(recipe)
        if len(seedlings) == 1:
            grow(load_weights(seedlings[0]), network)
        elif seedlings:
            assemble([load_weights(one) for one in seedlings], network)
        network.mix = MixStyle(recipe.mix_probability)
        averaged = new_network(recipe)
        averaged.load_state_dict(network.state_dict())
        for module in (network, averaged):
            module.to(device)
            module.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stub forgets it
        averaged.requires_grad_(requires_grad=False)
        return cls(network, averaged, make_optimiser(network, recipe))

    def save(self, folder: Path, recipe: Recipe) -> None:
        """Write `last.pt`, replacing it only when it is complete."""
        partial = folder / "last.pt.partial"
        torch.save(
            {
                "network": self.network.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "recipe": recipe.as_dict(),
            },
            partial,
        )
        partial.replace(folder / "last.pt")

    def load(self, folder: Path) -> None:
        """Continue from `last.pt`."""
        state: dict[str, Any] = torch.load(
            folder / "last.pt", map_location="cpu", weights_only=True
        )
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = int(state["step"])


def load_weights(final: Path) -> YoloV5Classifier:
    """Read the network of a `final.pt`, on the CPU, ready to score."""
    return read_final(final).network


def make_optimiser(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW; weight decay on weights only, not on BatchNorm or biases."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
        fused=True,
    )


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear warm-up, then cosine to 1 % of the peak."""
    if step < recipe.warmup_steps:
        return recipe.learning_rate * (step + 1) / recipe.warmup_steps
    done = (step - recipe.warmup_steps) / max(1, recipe.total_steps - recipe.warmup_steps)
    return recipe.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


@torch.no_grad()
def average_into(averaged: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Move the averaged weights towards the network's; a shorter memory at the start."""
    rate = 1 - min(decay, (step + 1) / (step + 10))
    source = network.state_dict()
    for name, value in averaged.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(source[name], rate)
        else:
            value.copy_(source[name])


class BatchMaker:
    """Makes the batch of a step; the same step gives the same batch, so a resumed run repeats."""

    def __init__(self, store: FilmStore, recipe: Recipe) -> None:
        self._store = store
        self._recipe = recipe
        self._weights = sampling_weights(store.films, recipe.hospital_shares)

    def __call__(self, step: int) -> Batch:
        """Return (tensor (N, 3, size, size), labels (N,))."""
        stage = self._recipe.stage_at(step)
        rng = np.random.default_rng((self._recipe.seed, step))
        indices = BalancedSampler(self._weights, rng).draw(stage.batch)
        spec = self._recipe.input_spec(stage.size)
        tensors = [
            prepare_pixels(augment(self._store.pixels(i), stage.size, rng), spec).tensor
            for i in indices
        ]
        return np.concatenate(tensors), self._store.labels(indices)


def train(
    films: Sequence[Film],
    recipe: Recipe,
    folder: Path,
    *,
    resume: bool,
    seedlings: Sequence[Path] = (),
) -> dict[str, float]:
    """Train to the end of the recipe; return the AUC per validation source of the averaged weights.

    Writes into `folder`: `last.pt` (checkpoint), `metrics.jsonl` (one line per measurement) and, at
    the end, `final.pt` (averaged weights with refreshed BatchNorm statistics). Raises ValueError
    when weights of the start are to be kept and there is not one start of the same shape.
    """
    if recipe.kept_from_start:
        start = load_weights(only_start(seedlings))
        check_blend(new_network(recipe), start, recipe.kept_from_start)
    folder.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_store = FilmStore(training_films(films, recipe))
    val_store = FilmStore(validation_films(films))
    run = Run.start(recipe, device, seedlings)
    if resume and (folder / "last.pt").exists():
        run.load(folder)
    log.info(
        "%d films to train on, %d to validate, from step %d of %d on %s",
        len(train_store.films), len(val_store.films), run.step, recipe.total_steps, device,
    )  # fmt: skip
    make_batch = BatchMaker(train_store, recipe)
    loss_of = nn.CrossEntropyLoss(label_smoothing=recipe.label_smoothing)
    started, recent = time.monotonic(), 0.0
    for tensor, labels in ahead(make_batch, range(run.step, recipe.total_steps)):
        loss = optimise(run, recipe, torch.from_numpy(tensor), torch.from_numpy(labels), loss_of)
        recent = loss if recent == 0 else 0.98 * recent + 0.02 * loss
        run.step += 1
        if run.step % 20 == 0:
            elapsed = time.monotonic() - started
            log.info("step %d loss %.4f elapsed %.0f s", run.step, recent, elapsed)
        if run.step % CHECKPOINT_EVERY == 0:
            run.save(folder, recipe)
        if run.step % VALIDATE_EVERY == 0:
            spec = recipe.input_spec(recipe.stage_at(run.step - 1).size)
            measure(run, val_store, spec, folder, recent)
    return finish(run, make_batch, val_store, recipe, folder, seedlings=seedlings)


def optimise(
    run: Run, recipe: Recipe, tensor: torch.Tensor, labels: torch.Tensor, loss_of: nn.Module
) -> float:
    """One optimiser step; returns the loss. Raises RuntimeError when it is not finite."""
    device = next(run.network.parameters()).device
    run.network.train()
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate(recipe, run.step)
    tensor = tensor.to(device).contiguous(memory_format=torch.channels_last)
    with autocast(device):
        logits = run.network(tensor)
    loss = loss_of(logits.float(), labels.to(device))
    if not torch.isfinite(loss):
        raise RuntimeError(f"the loss is not finite at step {run.step}")
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(run.network.parameters(), recipe.gradient_clip)
    run.optimiser.step()
    average_into(run.averaged, run.network, recipe.averaging, run.step)
    return float(loss.item())


def measure(run: Run, store: FilmStore, spec: Any, folder: Path, loss: float) -> dict[str, float]:
    """Validate the averaged weights and append the figures to `metrics.jsonl`."""
    areas = auc_per_group(store.films, score_films(run.averaged, store, spec))
    row = {"step": run.step, "size": spec.width, "loss": round(loss, 4), "auc": areas}
    with (folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    log.info("validation %s", json.dumps(row))
    return areas


def finish(
    run: Run,
    make_batch: BatchMaker,
    store: FilmStore,
    recipe: Recipe,
    folder: Path,
    *,
    seedlings: Sequence[Path] = (),
) -> dict[str, float]:
    """Refresh BatchNorm statistics and validate at the last stage's size, write `final.pt`."""
    run.save(folder, recipe)
    if recipe.total_steps:  # what was only put together already has the statistics of its members
        refresh_statistics(run.averaged, make_batch, recipe)
    if recipe.kept_from_start:
        blend(run.averaged, load_weights(only_start(seedlings)), recipe.kept_from_start)
    spec = recipe.input_spec(recipe.stages[-1].size)
    areas = measure(run, store, spec, folder, 0.0)
    history = recipe.as_dict()
    if seedlings:
        history["grown_from"] = [
            torch.load(one, map_location="cpu", weights_only=True)["recipe"] for one in seedlings
        ]
    torch.save(
        {"weights": run.averaged.state_dict(), "recipe": history, "auc": areas},
        folder / "final.pt",
    )
    return areas


@torch.no_grad()
def refresh_statistics(network: YoloV5Classifier, make_batch: BatchMaker, recipe: Recipe) -> None:
    """Recompute BatchNorm means and variances of averaged weights over some training batches."""
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain average over all batches
    network.train()
    device = next(network.parameters()).device
    first = recipe.total_steps
    for tensor, _ in ahead(make_batch, range(first, first + REFRESH_BATCHES)):
        with autocast(device):
            network(
                torch.from_numpy(tensor).to(device).contiguous(memory_format=torch.channels_last)
            )
    network.eval()
    for norm in norms:
        norm.momentum = 0.1

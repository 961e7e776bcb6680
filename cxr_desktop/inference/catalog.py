"""The installed model packs: those that came with the program and those a hospital added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.errors import ModelUnavailable, UserError
from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.inference.active_choice import ActiveChoice, read_choice, write_choice
from cxr_desktop.inference.importer import INCOMING, import_model
from cxr_desktop.inference.manifest import ID_PATTERN
from cxr_desktop.inference.pack import Pack, open_pack

NO_PACK = "No model is installed."
CHOOSE = "Choose or import a model in Admin, Models."


class ModelCatalog:
    """Implements the domain's `ModelCatalog` on two folders.

    `built_in` holds the packs of the program and is never written; `own` those of this
    installation, and `active.toml`. Where an id is in both, the built-in pack counts.
    """

    def __init__(self, built_in: Path, own: Path) -> None:
        self._built_in = built_in
        self._own = own

    def packs(self) -> Sequence[ModelInfo]:
        """List every pack, the built-in ones first; reads and hashes every model file."""
        try:
            active = self.active_id()
        except ModelUnavailable:
            active = ""  # nothing is marked; using the model says why
        return [
            self._inspect(folder, active, built_in=built_in) for folder, built_in in self._folders()
        ]

    def active_id(self) -> str:
        """Return the id that new films go to. Raises `ModelUnavailable` when there is none."""
        chosen = read_choice(self._own).active
        if chosen:
            return chosen
        for folder, built_in in self._folders():
            if built_in:
                return folder.name
        raise ModelUnavailable(NO_PACK, hint=CHOOSE)

    def pack(self, model_id: str) -> Pack:
        """Open a pack by its id, without reading its model. Raises `ModelUnavailable`."""
        if ID_PATTERN.fullmatch(model_id):
            for folder, built_in in self._folders():
                if folder.name == model_id:
                    return open_pack(folder, built_in=built_in)
        raise ModelUnavailable(f"There is no model “{model_id[:64]}” installed.", hint=CHOOSE)

    def active_pack(self) -> Pack:
        """Open the active pack. Raises `ModelUnavailable`; never turns to another one by itself."""
        return self.pack(self.active_id())

    def activate(self, model_id: str) -> ModelInfo:
        """Send new films to this pack, after checking its file.

        Raises `ModelUnavailable` when it may not be used, `StorageUnavailable` when the choice
        cannot be stored.
        """
        pack = self.pack(model_id)
        pack.model_bytes()
        pack.film_gate()
        try:
            former = self.active_id()
        except ModelUnavailable:
            former = ""
        if former != model_id:
            write_choice(self._own, ActiveChoice(model_id, former))
        return _info(pack, active=True)

    def roll_back(self) -> ModelInfo:
        """Go back to the pack that was active before. Raises `ModelUnavailable` without one."""
        former = read_choice(self._own).former
        if not former:
            raise ModelUnavailable("No other model was active before.", hint=CHOOSE)
        return self.activate(former)

    def import_pack(self, path: Path) -> ModelInfo:
        """Copy a pack folder, or a bare ONNX export with defaults, in; it is not active yet.

        Raises `ModelUnavailable`, `InvalidRequest` or `StorageUnavailable`; then nothing changed.
        """
        taken = [folder.name for folder, built_in in self._folders() if built_in]
        return _info(import_model(path, self._own, taken), active=False)

    def _folders(self) -> Iterator[tuple[Path, bool]]:
        """Yield (pack folder, built in or not); half-copied imports are no packs."""
        seen = set()
        for root, built_in in ((self._built_in, True), (self._own, False)):
            try:
                entries = sorted(entry for entry in root.iterdir() if entry.is_dir())
            except OSError:
                continue  # a folder that does not exist holds no packs
            for folder in entries:
                if folder.name.startswith((INCOMING, ".", "__")) or folder.name in seen:
                    continue
                seen.add(folder.name)
                yield folder, built_in

    def _inspect(self, folder: Path, active: str, *, built_in: bool) -> ModelInfo:
        is_active = folder.name == active
        try:
            pack = open_pack(folder, built_in=built_in)
        except UserError as error:
            return ModelInfo(
                ref=ModelRef(folder.name, "", ""),
                title=folder.name,
                intended_use="",
                points=OperatingPoints(0.0, 1.0),
                active=is_active,
                built_in=built_in,
                problem=error.message,
            )
        info = _info(pack, active=is_active)
        try:
            pack.model_bytes()
            pack.film_gate()
        except UserError as error:
            return replace(info, problem=error.message)
        return info


def _info(pack: Pack, *, active: bool) -> ModelInfo:
    manifest = pack.manifest
    return ModelInfo(
        ref=manifest.ref,
        title=manifest.title,
        intended_use="\n".join((manifest.intended_use, *manifest.limits)).strip(),
        points=manifest.points,
        licence=manifest.licence,
        trained_on=manifest.trained_on,
        figures=dict(manifest.figures),
        active=active,
        built_in=pack.built_in,
    )

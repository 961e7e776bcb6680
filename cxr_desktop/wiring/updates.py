"""What lies in the update folder that the policy of this computer names, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cxr_desktop import __version__
from cxr_desktop.domain.assessment import ModelRef
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.manifest_file import read_manifest
from cxr_desktop.storage.update_folder import newest_update

MANIFEST = "manifest.toml"


def check_updates(folder: Path, catalog: ModelCatalog, version: str = __version__) -> str:
    """Say what is newer there; a model pack's sum is checked when it is imported.

    Raises `InvalidRequest` for an installer that is not what its sum says.
    """
    try:
        update = newest_update(folder, version)
        models = list(_new_models(folder, catalog))
    except OSError:
        return f"{folder} cannot be read now: whether there is a newer version is not known."
    said = []
    if update is not None:
        said.append(
            f"Version {update.version} lies in {update.file}, its sum is right: close the program"
            " and install it (IT guide, Update)."
        )
    if models:
        names = ", ".join(f"{model.id} {model.version}" for model in models)
        said.append(f"Models that are not here yet: {names}. Import them in Admin, Models.")
    return " ".join(said) or f"Nothing in {folder} is newer than version {version} and its models."


def _new_models(folder: Path, catalog: ModelCatalog) -> Iterator[ModelRef]:
    here = {info.ref for info in catalog.packs()}
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            ref = read_manifest(manifest).ref
        except ModelUnavailable:  # the import would refuse it, and say why
            continue
        if ref not in here:
            yield ref

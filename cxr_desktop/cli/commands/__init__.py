"""All commands there are.

TO ADD A COMMAND: one module here with a `COMMAND`, and one line in `COMMANDS`; usage, `--help` and
the test that every command is documented (docs/command-line.md) follow.
"""

from __future__ import annotations

from cxr_desktop.cli.command import Command
from cxr_desktop.cli.commands import (
    admin,
    audit,
    backup,
    batch,
    classify,
    evaluate,
    export,
    history,
    models,
    self_test,
    support_bundle,
    watch,
)

COMMANDS: tuple[Command, ...] = (
    classify.COMMAND,
    batch.COMMAND,
    watch.COMMAND,
    history.COMMAND,
    models.COMMAND,
    export.COMMAND,
    evaluate.COMMAND,
    admin.COMMAND,
    audit.COMMAND,
    backup.COMMAND,
    self_test.COMMAND,
    support_bundle.COMMAND,
)

"""Every setting there is: one row each.

TO ADD A SETTING: one row in `SETTINGS`; the settings screen, the file and its checks follow. The
key is stored: never change one.
"""

from __future__ import annotations

import math

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.domain.watching import HANDLED

SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="model.device",
        title="Run the model on",
        help="“auto” takes an NVIDIA graphics card where there is one, else the processor.",
        kind="choice",
        default="auto",
        choices=("auto", "cpu", "cuda"),
        needs_restart=True,
    ),
    Setting(
        key="model.threads",
        title="Processor cores for the model",
        help="0 takes all physical cores; fewer leave room for other programs.",
        kind="integer",
        default=0,
        minimum=0,
        maximum=64,
        needs_restart=True,
    ),
    Setting(
        key="model.fast",
        title="Fast mode",
        help="“auto” computes in 16 bits where a test shows it to be quicker and as good.",
        kind="choice",
        default="off",
        choices=("off", "auto"),
        needs_restart=True,
    ),
    Setting(
        key="reading.run_automatically",
        title="Run as soon as a film is opened",
        help="When off, the model runs after Run is pressed.",
        kind="switch",
        default=False,
    ),
    Setting(
        key="reading.heat_map_at_once",
        title="Show the heat map with the answer",
        help="Not with “normal”, where it is shown on request. When off, always on request.",
        kind="switch",
        default=False,
    ),
    Setting(
        key="reading.by_urgency",
        title="List of films by urgency",
        help="Abnormal first, for who may see the answers. When off, films stay as they came.",
        kind="switch",
        default=False,
    ),
    Setting(
        key="reading.longest_wait_minutes",
        title="Longest wait in that list, in minutes",
        help="5 to 1440; a film that has waited longer goes to the top, whatever its answer.",
        kind="integer",
        default=60,
        minimum=5,
        maximum=1440,
    ),
    Setting(
        key="batch.other_computers",
        title="Films may be read on other computers",
        help="For “batch --scheduler”: films are sent to the workers of a Dask cluster.",
        kind="switch",
        default=False,
    ),
    Setting(
        key="accounts.password_length",
        title="Shortest new password",
        help="12 to 64 characters. Passwords that are in use already stay as they are.",
        kind="integer",
        default=12,
        minimum=12,
        maximum=64,
    ),
    Setting(
        key="session.idle_lock_minutes",
        title="Lock after minutes without use",
        help="1 to 15 minutes; then the password is asked for again.",
        kind="integer",
        default=5,
        minimum=1,
        maximum=15,
    ),
    Setting(
        key="backup.folder",
        title="Folder for backups",
        help="On another disk or a USB stick; a backup is made there once a day. Empty: none.",
        kind="folder",
        default="",
    ),
    Setting(
        key="backup.keep",
        title="How many backups are kept",
        help="1 to 60; older ones are removed after a new one was made and checked.",
        kind="integer",
        default=7,
        minimum=1,
        maximum=60,
    ),
    Setting(
        key="check.days",
        title="Days between full checks",
        help="Database, audit log and every film are read while the window is locked; 0 for never.",
        kind="integer",
        default=7,
        minimum=0,
        maximum=90,
    ),
    Setting(
        key="retention.deleted_days",
        title="Days that deleted exams are kept",
        help="After them Admin, Retention may remove them for good; 0 keeps them for ever.",
        kind="integer",
        default=0,
        minimum=0,
        maximum=36500,
    ),
    Setting(
        key="retention.years",
        title="Years that all exams are kept",
        help="After them Admin, Retention may remove them for good; 0 keeps them for ever.",
        kind="integer",
        default=0,
        minimum=0,
        maximum=100,
    ),
    Setting(
        key="watch.folder",
        title="Watched folder",
        help="New films in it are read by themselves while somebody is signed in. Empty: none.",
        kind="folder",
        default="",
    ),
    Setting(
        key="watch.seconds",
        title="Seconds before a new file is read",
        help="2 to 600: so long must a file of the watched folder stay as it is.",
        kind="integer",
        default=10,
        minimum=2,
        maximum=600,
    ),
    Setting(
        key="watch.handled",
        title="Files of the watched folder, when read",
        help="“remembered” leaves them where they are; “moved” into “read” and “refused” inside.",
        kind="choice",
        default="remembered",
        choices=HANDLED,
    ),
    Setting(
        key="general.language",
        title="Language",
        help="The language of the program.",
        kind="choice",
        default="en",
        choices=("en",),
        needs_restart=True,
    ),
    Setting(
        key="general.institution",
        title="Institution",
        help="The name of the hospital, as it is shown in the window.",
        kind="text",
        default="",
    ),
    Setting(
        key="report.letterhead",
        title="Name on reports",
        help="Stands at the top of a printed report; empty for the institution's name.",
        kind="text",
        default="",
    ),
    Setting(
        key="report.address",
        title="Address on reports",
        help="Below the name; a | starts a new line.",
        kind="text",
        default="",
    ),
    Setting(
        key="report.logo",
        title="Logo on reports",
        help="Where a PNG file lies, at most 1 MB and 2,000 pixels; empty for none.",
        kind="picture",
        default="",
    ),
    Setting(
        key="report.phrases",
        title="Phrases for readings",
        help="Offered beside the text of a reading; a | parts them. Empty for none.",
        kind="text",
        default=(
            "Lungs clear.|Heart not enlarged.|No pleural effusion.|No pneumothorax."
            "|Compared with the earlier film:"
        ),
        letters=2000,
    ),
    Setting(
        key="report.normal_text",
        title="Text of a normal reading",
        help="Filled in when a reader chooses Normal and has typed nothing. Empty for none.",
        kind="text",
        default="",
        letters=1000,
    ),
)


def check_value(setting: Setting, value: SettingValue) -> SettingValue:
    """Return the value as it is stored. Raises `InvalidRequest` for one the setting cannot take."""
    match setting.kind:
        case "switch":
            fits = isinstance(value, bool)
        case "integer":
            fits = isinstance(value, int) and not isinstance(value, bool)
        case "number":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            value = float(value) if fits else value
        case "text" | "folder" | "picture":
            fits = isinstance(value, str) and value.isprintable() and len(value) <= setting.letters
        case "choice":
            fits = value in setting.choices
    if not fits or not _in_bounds(setting, value):
        raise InvalidRequest(
            f"“{setting.title}” cannot be set to that value.", hint=_allowed(setting)
        )
    return value


def _in_bounds(setting: Setting, value: SettingValue) -> bool:
    if setting.kind not in {"integer", "number"}:
        return True
    number = float(value)
    low = -math.inf if setting.minimum is None else setting.minimum
    high = math.inf if setting.maximum is None else setting.maximum
    return math.isfinite(number) and low <= number <= high


def _allowed(setting: Setting) -> str:
    match setting.kind:
        case "switch":
            return "It is on or off."
        case "choice":
            return f"Choose one of: {', '.join(setting.choices)}."
        case "text" | "folder" | "picture":
            return f"Use at most {setting.letters} visible characters, in one line."
        case "integer" | "number":
            low, high = setting.minimum, setting.maximum
            kind = "a whole number" if setting.kind == "integer" else "a number"
            above = "" if low is None else f" from {low:g}"
            below = "" if high is None else f" up to {high:g}"
            return f"Use {kind}{above}{below}."

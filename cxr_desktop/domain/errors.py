"""The tree of errors that a person may see.

::

    UserError                  a sentence and a next step; shown as it is, never with a traceback
     ├─ FilmRefused            this file cannot or must not be read (code: RefusalCode)
     ├─ ModelUnavailable       no model, a damaged one, or one that does not fit the contract
     ├─ StorageUnavailable     disk full, read-only, locked, damaged, foreign or newer database
     ├─ SignInRefused          wrong name or password, disabled or locked account
     ├─ PasswordRefused        a new password that breaks the rules
     ├─ PermissionDenied       the account may not do this
     └─ InvalidRequest         anything else a person asked for that cannot be done
    JobCancelled               a person pressed Cancel: nothing is shown

Anything else is a bug: logged with an id and shown as one sentence and that id, never as exception
text, which may carry patient data.
"""

from __future__ import annotations

from enum import StrEnum


class UserError(Exception):
    """Something a person can understand and act on.

    `message` is one sentence that says what is wrong; `hint` one that says what to do next; `code`
    is stable and machine-readable.
    """

    code = "error"

    def __init__(self, message: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        """Message and hint, as one line."""
        return f"{self.message} {self.hint}".strip()


class RefusalCode(StrEnum):
    """Why a film was not read. The values are stored and printed: never change one."""

    UNSUPPORTED_FORMAT = "unsupported_format"
    UNSUPPORTED_COMPRESSION = "unsupported_compression"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    NO_PIXELS = "no_pixels"
    MULTI_FRAME = "multi_frame"
    NOT_A_RADIOGRAPH = "not_a_radiograph"
    NOT_A_CHEST = "not_a_chest"
    NOT_FRONTAL = "not_frontal"
    NOT_UPRIGHT = "not_upright"
    INVERTED = "inverted"
    CROPPED = "cropped"
    NOT_A_FILE = "not_a_file"
    CHANGED = "changed"
    TIME_OUT = "time_out"


class FilmRefused(UserError):
    """One stated refusal for one file; `code` is a `RefusalCode`."""

    def __init__(self, code: RefusalCode, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint, code=code.value)
        self.refusal = code

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the trip back from the decoder process."""
        return (_film_refused, (self.refusal, self.message, self.hint))


def _film_refused(code: RefusalCode, message: str, hint: str) -> FilmRefused:
    return FilmRefused(code, message, hint=hint)


class ModelUnavailable(UserError):
    """There is no model that may be used."""

    code = "model_unavailable"


class StorageUnavailable(UserError):
    """The data folder or the database cannot be used as asked."""

    code = "storage_unavailable"


class SignInRefused(UserError):
    """The same sentence for a wrong name and a wrong password."""

    code = "sign_in_refused"


class PasswordRefused(UserError):
    """A new password that breaks a rule; the message names the rule."""

    code = "password_refused"


class PermissionDenied(UserError):
    """The signed-in account lacks the permission."""

    code = "permission_denied"


class InvalidRequest(UserError):
    """A request that cannot be carried out as it stands."""

    code = "invalid_request"


class JobCancelled(Exception):
    """Raised by `JobContext.report` after Cancel was pressed."""

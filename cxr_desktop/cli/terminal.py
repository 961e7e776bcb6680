"""What the command line reads and writes: plain lines, JSON lines, sentences and passwords."""

from __future__ import annotations

import contextlib
import errno
import getpass
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from cxr_desktop.domain.errors import InvalidRequest, UserError

PASSWORD_LIMIT = 4096
CLOSED = frozenset({errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN})  # Windows says EINVAL


class OutputClosed(Exception):
    """Whoever read the output has gone (`| head`): nothing more needs to be said."""


class Terminal:
    """Standard input, output and error of one command.

    Nothing that could steer a terminal gets through: control characters of file names and messages
    are written as escapes.
    """

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        stdin: TextIO,
        ask: Callable[[str], str] = getpass.getpass,
    ) -> None:
        self.out = out
        self._err = err
        self._stdin = stdin
        self._ask = ask

    @classmethod
    def of_this_process(cls) -> Terminal:
        """Return the terminal of this process; what its encoding lacks is written as an escape."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return cls(sys.stdout, sys.stderr, sys.stdin)

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads the output as it comes."""
        return self.out.isatty()

    def line(self, text: str = "") -> None:
        """Write one line and flush. Raises `OutputClosed`."""
        with self.writing():
            print(shown(text), file=self.out, flush=True)

    def json_line(self, row: Mapping[str, object]) -> None:
        """Write one JSON object as one line of ASCII and flush. Raises `OutputClosed`.

        Undecodable bytes of a file name come out as lone surrogates (PEP 383), which Python's
        `json` and `os.fsencode` turn back into the same bytes.
        """
        with self.writing():
            text = json.dumps(row, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")
            print(text, file=self.out, flush=True)

    def say(self, sentence: str) -> None:
        """Write one line beside the output, on standard error."""
        with contextlib.suppress(OSError):
            print(shown(sentence), file=self._err, flush=True)

    def refuse(self, error: UserError) -> None:
        """Say what is wrong, and what to do next."""
        self.say(f"cxr-desktop: {error}")

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turn a closed or full output into `OutputClosed` or `InvalidRequest`."""
        try:
            yield
        except OSError as error:
            if error.errno in CLOSED:
                raise OutputClosed from error
            raise InvalidRequest(
                "The output cannot be written.", hint="Check that its disk is not full."
            ) from error

    def flush(self) -> None:
        """Write what is still waiting. Raises `OutputClosed`."""
        with self.writing():
            self.out.flush()

    def drop_output(self) -> None:
        """Send what is still waiting nowhere, so that the interpreter's last flush is silent."""
        with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.out.fileno())
            os.close(nowhere)

    def password(self, *, from_stdin: bool, question: str = "Password: ") -> str:
        """Read a password: one line of standard input, or typed without echo.

        Raises `InvalidRequest` when there is none.
        """
        if from_stdin:
            return self._password_line()
        if not self._stdin.isatty():
            raise InvalidRequest(
                "There is no terminal to type the password on.",
                hint="Send it on standard input and add --password-stdin.",
            )
        try:
            return self._ask(question)
        except EOFError as error:
            raise InvalidRequest("No password was given.", hint="Type one.") from error

    def new_password(self, *, from_stdin: bool) -> str:
        """Read a new password; typed ones twice. Raises `InvalidRequest` when the two differ."""
        first = self.password(from_stdin=from_stdin, question="New password: ")
        if not from_stdin and self.password(from_stdin=False, question="Once more: ") != first:
            raise InvalidRequest("The two passwords differ.", hint="Try again.")
        return first

    def _password_line(self) -> str:
        source = getattr(self._stdin, "buffer", None)
        try:
            if source is None:
                line = self._stdin.readline(PASSWORD_LIMIT)
            else:  # bytes, so that the locale of a script does not change the password
                line = source.readline(PASSWORD_LIMIT).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidRequest(
                "The password on standard input is not UTF-8 text.", hint="Send it as UTF-8."
            ) from error
        if not line:
            raise InvalidRequest(
                "There is no password on standard input.", hint="Send it as one line."
            )
        return line.rstrip("\r\n")


def shown(text: str) -> str:
    """Return text that can do nothing but be read: what is not printable becomes an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)

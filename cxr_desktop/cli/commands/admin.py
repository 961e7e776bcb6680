"""`admin`: the first administrator without a screen, the list of accounts, the recovery key."""

from __future__ import annotations

import argparse

from cxr_desktop.cli.command import (
    Command,
    Exit,
    Invocation,
    add_data_dir,
    add_json,
    add_password_stdin,
    add_sign_in,
)
from cxr_desktop.cli.sessions import opened_program, signed_in
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import User
from cxr_desktop.services.access import check_user_name


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make the first administrator of a data folder")
    create.add_argument("name", metavar="USER")
    create.add_argument("--full-name", metavar="N", default="", help="the person's name")
    add_password_stdin(create)
    add_data_dir(create)
    key = actions.add_parser("recovery-key", help="make a new recovery key and print it")
    add_sign_in(key)
    add_data_dir(key)
    recover = actions.add_parser(
        "recover", help="set an administrator's password with the recovery key"
    )
    recover.add_argument("name", metavar="USER")
    add_password_stdin(recover)
    add_data_dir(recover)
    listing = actions.add_parser("list", help="list all accounts")
    add_sign_in(listing)
    add_json(listing)
    add_data_dir(listing)


def _run(call: Invocation) -> int:
    match call.args.action:
        case "create":
            return _create(call)
        case "recovery-key":
            return _make_key(call)
        case "recover":
            return _recover(call)
        case _:
            return _list(call)


def _create(call: Invocation) -> int:
    check_user_name(call.args.name)
    with opened_program(call) as program:
        if not program.access.needs_first_administrator():
            raise InvalidRequest(
                "This data folder already has accounts.",
                hint="An administrator adds more in the window: Admin, Users.",
            )
        password = call.terminal.new_password(from_stdin=call.args.password_stdin)
        actor = program.access.create_first_administrator(
            call.args.name, call.args.full_name, password
        )
        call.terminal.line(f"“{actor.name}” is now an administrator of {program.data.root}.")
    return Exit.DONE


def _make_key(call: Invocation) -> int:
    with signed_in(call) as (program, actor):
        key = program.recovery.make_key(actor)
    _tell_key(call, key)
    return Exit.DONE


def _recover(call: Invocation) -> int:
    """Read the key, then the new password: two lines of standard input, or typed."""
    from_stdin = call.args.password_stdin
    with opened_program(call) as program:
        key = call.terminal.password(from_stdin=from_stdin, question="Recovery key: ")
        password = call.terminal.new_password(from_stdin=from_stdin)
        actor, following = program.recovery.reset(key, call.args.name, password)
    call.terminal.line(f"“{actor.name}” has a new password.")
    _tell_key(call, following)
    return Exit.DONE


def _tell_key(call: Invocation, key: str) -> None:
    call.terminal.line(f"Recovery key: {key}")
    call.terminal.line("Print it and lock it away: it is shown once, and older ones are void.")


def _list(call: Invocation) -> int:
    with signed_in(call) as (program, actor):
        users = program.accounts.users(actor)
    width = max(len(user.name) for user in users)
    for user in users:
        if call.args.json:
            call.terminal.json_line(_as_json(user))
        else:
            state = "disabled" if user.disabled else "active"
            call.terminal.line(
                f"{user.name:<{width}}  {state:<8}  {user.group}  {user.full_name}".rstrip()
            )
    return Exit.DONE


def _as_json(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "full_name": user.full_name,
        "group": user.group,
        "disabled": user.disabled,
        "must_change_password": user.must_change_password,
    }


COMMAND = Command("admin", "accounts and the recovery key", _arguments, _run)

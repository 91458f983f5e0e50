"""Hand-over to Django management commands, with server, settings and schema in place."""

from __future__ import annotations

import contextlib
import os
import sys

from hoptac.commands import environment

HELP = {"-h", "--help"}
# What every management command has and nobody needs who runs ./hoptac: known, but not told of.
_UNTOLD = {
    *("--version", "--verbosity", "--settings", "--pythonpath"),
    *("--traceback", "--no-color", "--force-color", "--skip-checks"),
}


def run(
    name: str, management: str, arguments: list[str], *, demo: bool = False, offline: bool = False
) -> int:
    """Run the management command ``management`` as ``./hoptac NAME``; return its exit code.

    :param offline: it needs no database, so none is started
    """
    if offline or HELP & set(arguments):
        _load(management)
        return execute(name, management, arguments)
    with environment.database():
        _load(management)
        # What the command prints may be read by a program: the rest goes to standard error.
        with contextlib.redirect_stdout(sys.stderr):
            if environment.pending_migrations():
                with environment.step("Bringing the database up to date"):
                    environment.migrate()
            if demo and environment.has_command("build_demo"):
                environment.call("build_demo", "--if-empty", stdout=sys.stderr)
        return execute(name, management, arguments)


def _load(management: str) -> None:
    environment.configure()
    environment.set_up_django()
    if not environment.has_command(management):
        raise environment.Trouble(f"this version has no management command {management!r}.")


def execute(name: str, management: str, arguments: list[str]) -> int:
    """Run one command in this process, so that its help speaks of ``./hoptac NAME``."""
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import BaseCommand, CommandError

    app = get_commands()[management]
    command = app if isinstance(app, BaseCommand) else load_command_class(str(app), management)
    command.suppressed_base_arguments = _UNTOLD
    command._called_from_command_line = True  # type: ignore[attr-defined]
    parser = command.create_parser("./hoptac", name)
    parser.prog = f"./hoptac {name}"
    try:
        options = vars(parser.parse_args(arguments))
        command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        print(f"hoptac: {error}", file=sys.stderr)
        return error.returncode
    except SystemExit as end:
        return code_of(end)
    finally:
        environment.disconnect()
    return 0


def code_of(end: SystemExit) -> int:
    """Return the exit code that a ``SystemExit`` stands for, printing its words if it has any."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def manage(arguments: list[str]) -> int:
    """Run any management command; the server is started unless only help is wanted."""
    from django.core.management import ManagementUtility

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", environment.PROD)
    environment.configure()
    utility = ManagementUtility(["./hoptac manage", *(arguments or ["help"])])
    utility.prog_name = "./hoptac manage"
    wants_help = not arguments or arguments[0] == "help" or HELP & set(arguments)
    with contextlib.nullcontext() if wants_help else environment.database():
        try:
            utility.execute()
        except SystemExit as end:
            return code_of(end)
    return 0

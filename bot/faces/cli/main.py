"""The command line's entry: the program and its commands, and what becomes of an error. Help comes at once.

Not here: the commands (bot.faces.cli.ask, bot.faces.cli.serve, bot.faces.cli.upkeep) and what they share
(bot.faces.cli.app).
"""

import sys
from contextlib import suppress

from bot.faces.cli import ask, serve, upkeep
from bot.faces.cli.app import FAILED, UNEXPECTED, app, say, told
from corpus.errors import DiscussionError

COMMANDS = (ask, serve, upkeep)
"""Importing them puts their commands into the program, in the order that help lists them."""


def main() -> None:
    """The program: whatever happens, a message and an exit code, never a traceback unless --debug asks for it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # not there on a replaced stream
    try:
        app()
    except DiscussionError as exc:
        say(exc.message, exc.next_step)
        sys.exit(FAILED)
    except Exception as exc:
        if told.debug:
            raise
        say(f"something failed that should not have: {type(exc).__name__}.", _where_it_is_told(exc))
        sys.exit(UNEXPECTED)


def _where_it_is_told(exc: Exception) -> str:
    import logging

    file = next((h.baseFilename for h in logging.getLogger().handlers if isinstance(h, logging.FileHandler)), None)
    logging.getLogger(__name__).error("unexpected error", exc_info=exc)
    seen = f"{file} has the details. " if file else ""
    return f"{seen}`digg-deeper --debug ...` shows them."

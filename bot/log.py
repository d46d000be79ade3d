"""The log: one file in the home folder, rotated. Not here: what is logged; never a word of a question or a comment."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from bot.settings import Settings, unknown_settings

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_MOST_BYTES = 2_000_000
_KEPT = 3
_NOT_FOR_PEOPLE = {"py.warnings", "bot.faces.cli.main"}
"""What developers read, and what the command line says itself."""
_OURS = ("bot", "corpus", "index", "uvicorn")


def start_log(settings: Settings, *, on_terminal: bool = False) -> Path | None:
    """Send what is logged to the log file, warnings also to stderr if so wished; None where no file can be kept."""
    logging.captureWarnings(capture=True)
    handlers: list[logging.Handler] = []
    file: Path | None = settings.log_file
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        handlers.append(
            RotatingFileHandler(
                settings.log_file, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
            )
        )
        settings.log_file.touch()
    except OSError:
        handlers, file = [logging.NullHandler()], None
    if on_terminal:
        handlers.append(_stderr())
    for handler in handlers:
        handler.setFormatter(handler.formatter or logging.Formatter(_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    for name in _OURS:  # others log requests with all that is in them once they are told to log more
        logging.getLogger(name).setLevel(settings.log_level.upper())
    for name in unknown_settings():
        logging.getLogger(__name__).warning("%s is no setting; .env.example lists them all", name)
    return file


def _stderr() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.addFilter(lambda record: record.name not in _NOT_FOR_PEOPLE)
    handler.setFormatter(_Brief())
    return handler


class _Brief(logging.Formatter):
    """One line: a traceback is for the file alone."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{record.levelname}: {record.getMessage()}"

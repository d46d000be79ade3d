"""The log: one file in the home folder, rotated. Not here: what is logged; never a word of a question or a comment."""

import logging
import sys
import warnings
from logging.handlers import RotatingFileHandler
from pathlib import Path

from bot.settings import Settings, unknown_settings

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_MOST_BYTES = 2_000_000
_KEPT = 3


def start_log(settings: Settings, *, on_terminal: bool = False) -> Path | None:
    """Send what is logged to the log file, warnings also to stderr if so wished; None where no file can be kept."""
    logging.captureWarnings(capture=True)
    warnings.simplefilter("default")
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
    logging.basicConfig(level=settings.log_level.upper(), handlers=handlers, force=True)
    for name in unknown_settings():
        logging.getLogger(__name__).warning("%s is no setting; .env.example lists them all", name)
    return file


def _stderr() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.addFilter(lambda record: record.name != "py.warnings")
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    return handler

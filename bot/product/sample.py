"""The sample story, which a new user finds on the page: read in at the first start, and never again.

A file in the home folder remembers that threads were there once: who deletes the sample does not get it back.
"""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from corpus.records.store import ThreadSummary

if TYPE_CHECKING:
    from bot.product.product import DiggDeeper


def read_first_story(
    product: "DiggDeeper", settings: Settings, *, progress: Callable[[str, int, int], None] | None = None
) -> tuple[ThreadSummary, ...]:
    """What was read in: nothing if anything was ever kept in this home."""
    if _marker(settings).exists():
        return ()
    read: tuple[ThreadSummary, ...] = ()
    if not product.threads(limit=1).threads:
        for name, content in samples():
            read += product.ingest(content, name=name, progress=progress).threads
    remember_filled(settings)
    return read


def remember_filled(settings: Settings) -> None:
    """From now on no sample is read in: called whenever something was."""
    settings.home.mkdir(parents=True, exist_ok=True)
    _marker(settings).touch()


def _marker(settings: Settings) -> Path:
    return settings.home / ".filled"


def samples() -> list[tuple[str, bytes]]:
    """Name and content of every sample that comes with the program."""
    found = [entry for entry in files("corpus.samples").iterdir() if entry.name.endswith((".json", ".txt"))]
    return sorted((entry.name, entry.read_bytes()) for entry in found)

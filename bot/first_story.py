"""The sample story, which a new user finds on the page: read in at the first start, and never again.

A file in the home folder remembers that threads were there once: who deletes the sample does not get it back.
"""

from importlib.resources import files

from bot.product import DiggDeeper
from bot.settings import Settings
from corpus.store import ThreadSummary


def read_first_story(product: DiggDeeper, settings: Settings) -> tuple[ThreadSummary, ...]:
    """What was read in: nothing if anything was ever kept in this home."""
    marker = settings.home / ".filled"
    if marker.exists():
        return ()
    read: tuple[ThreadSummary, ...] = ()
    if not product.threads(limit=1).threads:
        for name, content in samples():
            read += product.ingest(content, name=name).threads
    settings.home.mkdir(parents=True, exist_ok=True)
    marker.touch()
    return read


def samples() -> list[tuple[str, bytes]]:
    """Name and content of every sample that comes with the program."""
    found = [entry for entry in files("corpus.samples").iterdir() if entry.name.endswith((".json", ".txt"))]
    return sorted((entry.name, entry.read_bytes()) for entry in found)

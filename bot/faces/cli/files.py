"""Files and addresses that a command reads, and files that it writes: which can be read, bytes within the limit.

Not here: what is in them (corpus.readers), and what an address leads to (corpus.fetching.sources).
"""

import sys
from pathlib import Path

from bot.faces.connection import Product, Progress
from bot.settings import Settings
from bot.values.story import Ingested
from corpus.errors import AddressRefused, InputTooLarge, InvalidRequest, UnreadableInput
from corpus.fetching import addresses

STANDARD_INPUT = "-"


def wrong_use(path: str) -> str | None:
    """What is wrong with the path before anything is read; None where it is a file, or standard input."""
    if path == STANDARD_INPUT:
        return None
    if addresses.is_address(path):
        return _wrong_address(path)
    try:
        if not Path(path).exists():
            return f"{path!r} is not there."
        return f"{path!r} is a folder; give the files in it." if Path(path).is_dir() else None
    except (OSError, ValueError) as exc:  # a name that is too long, or no name at all
        return f"{path[:200]!r} is no path: {exc}."


def _wrong_address(address: str) -> str | None:
    try:
        addresses.discussion(address)
    except AddressRefused as exc:
        return str(exc)
    return None


def ingest(path: str, product: Product, *, settings: Settings, progress: Progress) -> Ingested:
    """Read in what the path or address leads to. Raises DiscussionError."""
    if addresses.is_address(path):
        return product.ingest_url(path, progress=progress)
    return product.ingest(content(path, settings), name=Path(path).name, progress=progress)


def content(path: str, settings: Settings) -> bytes:
    """The bytes of the file or of standard input, never more than allowed. Raises UnreadableInput, InputTooLarge."""
    most = settings.max_input_bytes
    try:
        with sys.stdin.buffer if path == STANDARD_INPUT else Path(path).open("rb") as stream:
            read = stream.read(most + 1)
    except OSError as exc:
        raise UnreadableInput(
            f"it cannot be read: {exc.strerror or exc}.", next_step="Look at its permissions."
        ) from exc
    if len(read) > most:
        raise InputTooLarge(f"it is larger than {most:,} bytes.", next_step="Split it, or raise DIGG_MAX_INPUT_BYTES.")
    return read


def write(path: Path, text: str) -> None:
    """Raises InvalidRequest where that cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise InvalidRequest(
            f"{str(path)!r} cannot be written: {exc.strerror or exc}.", next_step="Name another."
        ) from exc

"""Models that sentence-transformers loads, by name or path: from this disk, else from the hub.

Not here: what is done with one (index.encoders.torch_encoder, index.ranking.reranker).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def loaded_by_name(kind: Callable[..., Any], name: str) -> Any:
    """`kind(name)` from this disk; from the hub only where a name was given that is not on this disk.

    Raises whatever sentence-transformers raises.
    """
    with _no_progress_bar():
        try:
            return kind(name, local_files_only=True)
        except Exception:
            if _is_path(name):
                raise
        return kind(name)


def first_line(exc: Exception) -> str:
    """Why it failed, in one line: these messages go on for a page."""
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]


def _is_path(name: str) -> bool:
    return Path(name).expanduser().exists() or name.startswith((".", "/", "~")) or name.count("/") > 1


@contextmanager
def _no_progress_bar() -> Iterator[None]:
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]

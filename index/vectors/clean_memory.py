"""Memory handed out empty for a while: Chroma writes parts of its own that it never filled to its files.

Its HNSW index allocates room for vectors to come and writes all of it down. What stands there is what the process freed
before, which may be the words of a comment: so they would be in a file that no forgetting reaches. GNU's malloc can
clear what it hands out; other C libraries have no such switch, and this does nothing there.
"""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

_M_PERTURB = -6
_TO_ZERO = 0xFF
"""Memory is handed out filled with the complement of this byte."""
_lock = Lock()
_within = 0


@contextmanager
def clean_memory() -> Iterator[None]:
    """Whatever is allocated meanwhile, by any thread, holds zeros."""
    _enter(1)
    try:
        yield
    finally:
        _enter(-1)


def _enter(step: int) -> None:
    global _within  # noqa: PLW0603 - the switch is one for the process
    mallopt = _mallopt()
    if mallopt is None:
        return
    with _lock:
        _within += step
        if _within == (1 if step > 0 else 0):
            mallopt(_M_PERTURB, _TO_ZERO if step > 0 else 0)


@lru_cache(maxsize=1)
def _mallopt() -> Any:
    """The switch of GNU's malloc; None where there is another one."""
    if platform.libc_ver()[0] != "glibc":
        return None
    try:
        return ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return None

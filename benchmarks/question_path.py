"""How much code one question runs through, and how much there is.

    python -m benchmarks.question_path [--list]

Prints how many files of bot/ run at least one function while a question is answered: an open one over the sample story,
asked through DiggDeeper.ask without a language model. Another open question is asked first, so that imports, the index
and the encoder are ready and do not count. Then the lines of Python and TOML of each folder.
"""

import argparse
import inspect
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from bot.product.assemble import assemble
from bot.settings import Settings
from corpus.samples import SAMPLE_NAME, SAMPLE_THREAD_ID, sample

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("bot", "corpus", "index", "tests")
ENDINGS = (".py", ".toml")
FIRST = "Why do the labs publish their weights?"
SECOND = "What do the companies gain when everybody may run their models?"


class Calls:
    """The code of every function that runs in any thread while it is watching.

    Its hook has to be installed before other threads start: Python 3.11 cannot set one in a thread that runs.
    """

    def __init__(self) -> None:
        self._watching = False
        self.codes: set[CodeType] = set()

    def install(self) -> None:
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _called(self, frame: FrameType, event: str, _: Any) -> None:
        if self._watching and event == "call":
            self.codes.add(frame.f_code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name the files too")
    listed = parser.parse_args().list
    codes = codes_of_a_question()
    for name in FOLDERS[:3]:
        files = files_of(codes, ROOT / name)
        print(f"{name}/: a warm open question runs functions of {len(files)} files")
        if listed:
            print("".join(f"  {file.relative_to(ROOT).as_posix()}\n" for file in files), end="")
    lines = {name: lines_of(ROOT / name) for name in FOLDERS}
    for name, count in lines.items():
        print(f"{name}/: {count:,} lines of Python and TOML")
    print(f"in all: {sum(lines.values()):,}")


def codes_of_a_question() -> set[CodeType]:
    """The functions that the second of two open questions runs. Raises RuntimeError where one is not open."""
    calls = Calls()
    calls.install()
    try:
        with tempfile.TemporaryDirectory(prefix="digg-deeper-path-") as home:
            settings = Settings(home=Path(home), llm_url=None, llm_model=None)
            with closing(assemble(settings)) as product:
                product.ingest(sample(), name=SAMPLE_NAME)
                first = product.ask(FIRST, thread_ids=[SAMPLE_THREAD_ID])
                with calls.watching():
                    second = product.ask(SECOND, thread_ids=[SAMPLE_THREAD_ID])
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    for answer in (first, second):
        if answer.kind != "open" or answer.abstained:
            raise RuntimeError(f"{answer.question!r} is not answered as an open question; choose another")
    return calls.codes


def files_of(codes: set[CodeType], folder: Path) -> list[Path]:
    """The files below the folder that hold one of these functions; modules and class bodies are none."""
    functions = (code for code in codes if code.co_flags & inspect.CO_OPTIMIZED)
    return sorted(path for path in {Path(code.co_filename) for code in functions} if path.is_relative_to(folder))


def lines_of(folder: Path) -> int:
    """The lines of Python and TOML below the folder."""
    return sum(len(path.read_bytes().splitlines()) for path in folder.rglob("*") if path.suffix in ENDINGS)


if __name__ == "__main__":
    main()

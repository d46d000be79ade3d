"""Gold questions: one JSON object a line, and the threads that they are about. Reading and checking only.

What a question file holds: {thread_id, question, evidence: [comment id], answerable, kind, question_ids}, the last four
optional, other fields passed over. Not here: asking them (bot.evaluate).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpus import readers
from corpus.errors import BrokenExport, InputTooLarge, InvalidRequest, UnreadableInput
from corpus.thread import Thread

LIKE = 'Each line is like {"thread_id": "t", "question": "Why?", "evidence": ["c1"], "answerable": true}.'
ALL = "all"
"""The name under which the figures of a whole file stand; no kind may have it."""

CommentId = Annotated[str, BeforeValidator(lambda given: str(given) if isinstance(given, int) else given)]


class Gold(BaseModel):
    """A question with what a right answer rests on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line: int
    """Where it stands in its file, from 1."""
    thread_id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    evidence: tuple[CommentId, ...] = ()
    """The comments that answer it; none where it is not answerable, or nobody has marked them."""
    answerable: bool = True
    kind: str | None = None
    question_ids: tuple[CommentId, ...] = ()
    """Comments that are the question itself: left out of ranking and answer."""

    @property
    def marked(self) -> bool:
        """Whether rankings and citations of it can be judged."""
        return self.answerable and bool(self.evidence)


class Source(BaseModel):
    """A file of threads: read once to know whose they are, kept as bytes for the product to read for itself."""

    model_config = ConfigDict(frozen=True)

    name: str
    content: bytes
    threads: tuple[Thread, ...]


def read_questions(file: Path) -> tuple[Gold, ...]:
    """The questions of a JSONL file, at least one. Raises InvalidRequest or BrokenExport, which names the line."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidRequest(f"{str(file)!r} cannot be read: {exc}.", next_step="Give a JSONL file in UTF-8.") from exc
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise InvalidRequest(f"{str(file)!r} holds no question.", next_step="Give a file with a question a line.")
    return tuple(_question(file, number, line) for number, line in lines)


def _question(file: Path, number: int, line: str) -> Gold:
    try:
        told = json.loads(line)
        if not isinstance(told, dict):
            raise BrokenExport(f"{str(file)!r} line {number}: {line[:60]!r} is no JSON object.", next_step=LIKE)
        return Gold.model_validate({**told, "line": number})
    except json.JSONDecodeError as exc:
        wrong = f"{exc.msg} at column {exc.colno}"
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_context=False)[0]
        wrong = f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
    raise BrokenExport(f"{str(file)!r} line {number}: {wrong}.", next_step=LIKE)


def read_sources(folder: Path, wanted: Iterable[str], *, max_bytes: int) -> tuple[list[Source], list[str]]:
    """The files in or below the folder that hold a wanted thread, and what is wrong with others.

    Raises InvalidRequest where there is no such folder, no JSON in it, or one thread in two files.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise InvalidRequest(
            f"there is no .json file in or below {str(folder)!r}.", next_step="Give the folder of the threads."
        )
    found: dict[str, str] = {}
    sources: list[Source] = []
    wrong: list[str] = []
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            content = file.read_bytes()
            threads = readers.read(content, name=name, max_bytes=max_bytes).threads
        except InputTooLarge:
            raise
        except (OSError, UnreadableInput) as exc:
            wrong.append(f"{name}: {exc}")
            continue
        for thread in threads:
            if found.setdefault(thread.id, name) != name:
                raise InvalidRequest(
                    f"thread {thread.id!r} is in {found[thread.id]!r} and in {name!r}.",
                    next_step="Give a folder that holds each thread once.",
                )
        sources.append(Source(name=name, content=content, threads=threads))
    needed = set(wanted)
    return [source for source in sources if needed & {thread.id for thread in source.threads}], wrong


def askable(golds: Sequence[Gold], threads: Mapping[str, Thread]) -> tuple[list[Gold], list[str]]:
    """The questions whose thread is there, those of one thread together, and what is wrong with others."""
    asked = [gold for gold in golds if gold.thread_id in threads]
    wrong = [f"line {g.line}: thread {g.thread_id!r} is not there" for g in golds if g.thread_id not in threads]
    for gold in asked:
        lost = [comment for comment in gold.evidence if comment not in threads[gold.thread_id].by_id]
        wrong.extend(f"line {gold.line}: thread {gold.thread_id!r} has no comment {comment!r}" for comment in lost)
    return sorted(asked, key=lambda gold: gold.thread_id), wrong

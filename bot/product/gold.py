"""Gold questions: one JSON object a line, and the threads that they are about. Reading and checking only.

A line of a question file has one of two shapes; fields that are not listed are ignored:

    {"thread_id", "question", "evidence": [comment id], "qid", "answerable", "kind", "question_ids": [comment id]}
    {"thread", "question", "gold": {"must": [comment id], "need", "nice": [comment id]}, "turns": [question], ...}

Only the thread and the question are required. A thread is named by its id, or by its file's name without the ending.
Not here: asking the questions (bot.product.evaluate).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from corpus import readers
from corpus.errors import BrokenExport, InputTooLarge, InvalidRequest, UnreadableInput
from corpus.thread import Thread

LIKE = 'Each line is like {"thread_id": "t", "question": "Why?", "evidence": ["c1"], "answerable": true}.'
LIKE_NATURAL = 'Each line is like {"thread": "t", "question": "Why?", "gold": {"must": ["c1"], "need": 1}}.'
ALL = "all"
"""The name under which the figures of a whole file stand; no kind may have it."""

ENDINGS = (".json", ".txt")
"""Of the files of threads. A text file is read only where no JSON file of the same name lies beside it."""

CommentId = Annotated[str, BeforeValidator(lambda given: str(given) if isinstance(given, int) else given)]


class Gold(BaseModel):
    """A question with what a right answer rests on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line: int
    """The number of its line in the file, from 1."""
    qid: CommentId = ""
    """Its name in the file; "FILE-LINE" where the file gives none."""
    thread_id: str = Field(min_length=1, validation_alias=AliasChoices("thread_id", "thread"))
    question: str = Field(min_length=1)
    turns: tuple[str, ...] = ()
    """Earlier questions of the same conversation, oldest first."""
    evidence: tuple[CommentId, ...] = Field(
        default=(), validation_alias=AliasChoices("evidence", AliasPath("gold", "must"))
    )
    """The comments that answer it (`gold.must`); none where it is not answerable, or nobody has marked them."""
    need: int = Field(default=1, ge=0, validation_alias=AliasChoices("need", AliasPath("gold", "need")))
    """How many comments of `evidence` an answer needs."""
    nice: tuple[CommentId, ...] = Field(default=(), validation_alias=AliasChoices("nice", AliasPath("gold", "nice")))
    """Comments that help too."""
    answerable: bool = True
    kind: str | None = None
    question_ids: tuple[CommentId, ...] = ()
    """Comments that are the question itself: left out of ranking and answer."""

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.marked and not 1 <= self.need <= len(self.evidence):
            raise ValueError(f"need is {self.need!r}, it must be from 1 to {len(self.evidence)}, the comments of must")
        return self

    @property
    def marked(self) -> bool:
        """Whether rankings and citations of it can be judged."""
        return self.answerable and bool(self.evidence)

    @property
    def helpful(self) -> frozenset[str]:
        """Every gold comment, needed or nice."""
        return frozenset((*self.evidence, *self.nice))


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
    like = LIKE
    try:
        told = json.loads(line)
        if not isinstance(told, dict):
            raise BrokenExport(f"{str(file)!r} line {number}: {line[:60]!r} is no JSON object.", next_step=LIKE)
        like = LIKE_NATURAL if "thread" in told or "gold" in told else LIKE
        named = {"qid": f"{file.stem}-{number}"} if told.get("qid") is None else {}
        return Gold.model_validate({**told, **named, "line": number})
    except json.JSONDecodeError as exc:
        wrong = f"{exc.msg} at column {exc.colno}"
    except ValidationError as exc:
        wrong = _wrong(exc)
    raise BrokenExport(f"{str(file)!r} line {number}: {wrong}.", next_step=like)


def _wrong(invalid: ValidationError) -> str:
    """The first thing that is wrong, with its field and its value."""
    first = invalid.errors(include_url=False, include_context=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return message
    value = "" if first["type"] == "missing" else f", not {first['input']!r:.60}"
    return f"{'.'.join(map(str, first['loc']))}: {message.lower()}{value}"


def read_sources(folder: Path, wanted: Iterable[str], *, max_bytes: int) -> tuple[list[Source], list[str]]:
    """The files in or below the folder that hold a wanted thread, and what is wrong with others.

    A thread is wanted by its id or by its file's name. Raises InvalidRequest where there is no such folder, no file of
    threads in it, or one thread in two files.
    """
    files = _thread_files(folder)
    if not files:
        raise InvalidRequest(
            f"there is no .json or .txt file in or below {str(folder)!r}.", next_step="Give the folder of the threads."
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
            _once(found, thread.id, name)
        sources.append(Source(name=name, content=content, threads=threads))
    return _needed(sources, set(wanted), set(found)), wrong


def threads_by_name(sources: Iterable[Source]) -> dict[str, Thread]:
    """The threads by their ids, and those that have a file of their own also by its name without the ending."""
    sources = list(sources)
    by_file = {_stem(source): source.threads[0] for source in sources if len(source.threads) == 1}
    return {**by_file, **{thread.id: thread for source in sources for thread in source.threads}}


def _thread_files(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.rglob("*") if file.suffix in ENDINGS)
    return [file for file in files if file.suffix == ".json" or file.with_suffix(".json") not in files]


def _once(found: dict[str, str], thread: str, name: str) -> None:
    """Note which file holds the thread. Raises InvalidRequest where another does."""
    if found.setdefault(thread, name) != name:
        raise InvalidRequest(
            f"thread {thread!r} is in {found[thread]!r} and in {name!r}.",
            next_step="Give a folder that holds each thread once.",
        )


def _needed(sources: Sequence[Source], wanted: set[str], ids: set[str]) -> list[Source]:
    by_file: dict[str, str] = {}
    needed: list[Source] = []
    for source in sources:
        stem = _stem(source)
        by_name = len(source.threads) == 1 and stem in wanted - ids
        if by_name:
            _once(by_file, stem, source.name)
        if by_name or wanted & {thread.id for thread in source.threads}:
            needed.append(source)
    return needed


def _stem(source: Source) -> str:
    return Path(source.name).stem


def askable(golds: Sequence[Gold], threads: Mapping[str, Thread]) -> tuple[list[Gold], list[str]]:
    """The questions whose thread is there, those of one thread together, and what is wrong with others.

    `threads` has them by id or name (threads_by_name); the questions come back with the id of their thread.
    """
    asked: list[Gold] = []
    wrong = [f"line {g.line}: thread {g.thread_id!r} is not there" for g in golds if g.thread_id not in threads]
    for gold in golds:
        thread = threads.get(gold.thread_id)
        if thread is None:
            continue
        lost = [comment for comment in dict.fromkeys((*gold.evidence, *gold.nice)) if comment not in thread.by_id]
        wrong.extend(f"line {gold.line}: thread {gold.thread_id!r} has no comment {comment!r}" for comment in lost)
        asked.append(gold.model_copy(update={"thread_id": thread.id}))
    return sorted(asked, key=lambda gold: gold.thread_id), wrong

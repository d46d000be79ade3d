"""The one seam to a language model: prompts in, text or values out, with a deadline, an allowance and a bill.

    sitting = llm.sitting()                              # one question's calls: they share a deadline
    sitting.complete(prompt, purpose="digest")           # -> str
    sitting.structured(prompt, Shape, purpose="digest")  # -> Shape, a pydantic model
    sitting.stream(prompt, Shape, purpose="write")       # -> Iterator[str], pieces of JSON as they come

Every one raises LanguageModelFailed, whose `why` bot.values.fallback words. What comes back is trusted in nothing: it
is for bot.verification.verify to decide what of it may be shown. Not here: how one call is put and read (bot.llm.call),
what is asked (bot.llm.prompts), which model it is (bot.llm.providers).
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from bot.llm import json_stream
from bot.llm.call import Call, Failed, Shape
from bot.values.fallback import NEXT_STEPS, Why, told
from corpus.errors import LanguageModelFailed
from corpus.thread import Value, storable

if TYPE_CHECKING:
    from bot.llm.allowance import Allowance, Reserved

_log = logging.getLogger(__name__)
T = TypeVar("T", bound=BaseModel)
TRIES = 3
"""Times that a call is put to an endpoint that is busy or failing, while the deadline allows."""
LONGEST_REST_S = 15.0
"""A rest that is asked for is taken up to this; beyond it the model counts as busy."""
CHARACTERS_A_TOKEN = 3.5
"""For endpoints that do not say what they used, and to choose what fits: on the careful side for English. Characters
beyond ASCII count as one each."""
_FREE: frozenset[str] = frozenset(
    ["unreachable", "key refused", "unknown model", "request refused", "redirected", "busy", "failing", "too long"]
)
"""Outcomes of calls that were turned away before a model read anything."""
BELIEVED = 4
"""A report of what was used is taken within this many times less or more than its length lets expect."""


class Prompt(Value):
    """What a model is told by us, and what it is given to work on."""

    system: str
    user: str

    @property
    def tokens(self) -> int:
        return tokens(self.system) + tokens(self.user)


class Billed(Value):
    """What one call came to."""

    purpose: str
    outcome: Why | Literal["ok", "ended here"]
    """Why it failed; "ended here" where no more of it was wanted."""
    ms: float
    tokens_in: int
    tokens_out: int


def tokens(text: str) -> int:
    """About how many tokens a model makes of the text."""
    strange = sum(character > "\x7f" for character in text)
    return int((len(text) - strange) / CHARACTERS_A_TOKEN + strange) + 1


class Calls(Protocol):
    """Puts calls to a model, as bot.llm.call.Caller does."""

    def pieces(self, system: str, user: str, shape: Shape | None, call: Call) -> Iterator[str]: ...
    def warm(self) -> None: ...
    def state(self) -> str: ...
    def close(self) -> None: ...


class Llm:
    """A model behind an endpoint, whatever both are. Made by bot.llm.providers; may be used from many threads."""

    def __init__(
        self, caller: Calls, *, name: str, timeout_s: float, answer_tokens: int, allowance: "Allowance | None" = None
    ) -> None:
        self.name = name
        self._caller = caller
        self._timeout_s = timeout_s
        self._answer_tokens = answer_tokens
        self._allowance = allowance
        self._resting_until = 0.0
        self._lock = threading.Lock()
        self._hear: list[Callable[[Billed], None]] = []

    def sitting(self) -> "Sitting":
        """One question's calls. They are over when its time is."""
        self._caller.warm()
        return Sitting(self, time.monotonic() + self._timeout_s)

    def state(self) -> str:
        """Whether the endpoint can be reached now, in a few words that hold neither key nor address."""
        return self._caller.state()

    def close(self) -> None:
        self._caller.close()

    def begin(self, most: int) -> "Reserved | None":
        """What is set aside for a call of so many tokens, where a bill is kept.

        Raises where no call may be made now: the day's allowance does not hold so many any more, or the endpoint asked
        for a rest.
        """
        rest = self._resting_until - time.monotonic()
        if rest > 0:
            raise failure("busy", retry_after_s=rest)
        if self._allowance is None:
            return None
        reserved = self._allowance.reserve(most)
        if reserved is None:
            raise failure("spent")
        return reserved

    def end(self, billed: Billed, reserved: "Reserved | None") -> None:
        """The call is over: of what was set aside for it only what it used is kept.

        All of it is, where it took too long: the endpoint may be writing still.
        """
        if self._allowance is not None and reserved is not None and billed.outcome != "too slow":
            self._allowance.settle(reserved, billed.tokens_in + billed.tokens_out)
        for hear in self._hear:
            hear(billed)

    def on_call(self, hear: Callable[[Billed], None]) -> None:
        """Have every call told, once it is over."""
        self._hear.append(hear)

    def rest(self, seconds: float) -> None:
        """Leave the endpoint alone for as long as it asks."""
        with self._lock:
            self._resting_until = max(self._resting_until, time.monotonic() + min(seconds, 3_600))

    def pieces(self, prompt: Prompt, shape: Shape | None, call: Call) -> Iterator[str]:
        return self._caller.pieces(prompt.system, prompt.user, shape, call)

    @property
    def answer_tokens(self) -> int:
        return self._answer_tokens


class Sitting:
    """The calls that one question takes."""

    def __init__(self, llm: Llm, until: float) -> None:
        self._llm = llm
        self._until = until
        self.billed: list[Billed] = []

    @property
    def left_s(self) -> float:
        return self._until - time.monotonic()

    def complete(self, prompt: Prompt, *, purpose: str, most: int | None = None) -> str:
        """The model's answer as text, of at most `most` tokens."""
        said = storable(json_stream.spoken("".join(self._pieces(prompt, None, purpose, most)))).strip()
        if not said:
            raise failure("empty")
        return said

    def structured(self, prompt: Prompt, shape: type[T], *, purpose: str, most: int | None = None) -> T:
        """The model's answer as a value, by schema or tool where the endpoint has it; asked for once more if unfit."""
        said = "".join(self.stream(prompt, shape, purpose=purpose, most=most))
        value = _value(said, shape)
        if value is None:
            again = Prompt(
                system=prompt.system,
                user=f"{prompt.user}\n\nYour last reply could not be read as JSON of that form. Reply with that JSON "
                "object alone: no other word, no code fence.",
            )
            value = _value("".join(self.stream(again, shape, purpose=f"{purpose} again", most=most)), shape)
        if value is None:
            raise failure("unreadable")
        return value

    def stream(
        self, prompt: Prompt, shape: type[BaseModel], *, purpose: str, most: int | None = None
    ) -> Generator[str, None, None]:
        """The model's answer as it comes. What came before a failure has been given when that is raised."""
        yield from self._pieces(prompt, Shape.of(shape), purpose, most)

    @property
    def took(self) -> Mapping[str, float]:
        """Milliseconds by purpose."""
        took: dict[str, float] = {}
        for one in self.billed:
            took[f"llm {one.purpose}"] = round(took.get(f"llm {one.purpose}", 0.0) + one.ms, 2)
        return took

    @property
    def usage(self) -> Mapping[str, int]:
        """Calls, and tokens in and out: of all calls, then by purpose ("write tokens_in")."""
        used = dict.fromkeys(("calls", "tokens_in", "tokens_out"), 0)
        for one in self.billed:
            for name, n in (("calls", 1), ("tokens_in", one.tokens_in), ("tokens_out", one.tokens_out)):
                used[name] += n
                used[f"{one.purpose} {name}"] = used.get(f"{one.purpose} {name}", 0) + n
        return used

    def _pieces(self, prompt: Prompt, shape: Shape | None, purpose: str, most: int | None) -> Iterator[str]:
        for attempt in range(TRIES):
            if self.left_s <= 0:
                raise failure("too slow")
            call = Call(until=self._until, most=most or self._llm.answer_tokens)
            try:
                yield from self._put(prompt, shape, purpose, call)
            except Failed as exc:
                if call.said or not self._rested(exc, attempt):
                    raise failure(exc.why, retry_after_s=exc.retry_after_s) from exc
            else:
                return

    def _put(self, prompt: Prompt, shape: Shape | None, purpose: str, call: Call) -> Iterator[str]:
        """One call, with its tokens set aside before and its bill made after."""
        asked = prompt.tokens + (tokens(json.dumps(shape.schema)) if shape is not None else 0)
        reserved = self._llm.begin(asked + call.most)
        start = time.monotonic()
        outcome: Why | Literal["ok", "ended here"] = "failing"
        try:
            yield from self._llm.pieces(prompt, shape, call)
            outcome = "ok"
        except Failed as exc:
            outcome = exc.why
            raise
        except GeneratorExit:
            outcome = "ended here"
            raise
        finally:
            tokens_in, tokens_out = _used(call, asked, outcome)
            ms = round((time.monotonic() - start) * 1000, 2)
            billed = Billed(purpose=purpose, outcome=outcome, ms=ms, tokens_in=tokens_in, tokens_out=tokens_out)
            self._bill(billed, reserved)

    def _rested(self, exc: Failed, attempt: int) -> bool:
        """Whether it is worth to try again; the rest that this asks for has then been taken."""
        if exc.retry_after_s is not None and exc.retry_after_s > LONGEST_REST_S:
            self._llm.rest(exc.retry_after_s)
            return False
        rest = exc.retry_after_s if exc.retry_after_s is not None else 0.5 * 2**attempt
        if not exc.retryable or attempt + 1 == TRIES or rest >= self.left_s:
            return False
        time.sleep(rest)
        return True

    def _bill(self, billed: Billed, reserved: "Reserved | None") -> None:
        self.billed.append(billed)
        _log.info(
            "model call: %s, %s, %.0f ms, %d tokens in, %d out",
            billed.purpose,
            billed.outcome,
            billed.ms,
            billed.tokens_in,
            billed.tokens_out,
        )
        self._llm.end(billed, reserved)


def _used(call: Call, asked: int, outcome: str) -> tuple[int, int]:
    """Tokens in and out: as reported, where that is near what their length lets expect; else by length.

    A model that thinks where nobody sees it writes more than is seen, but no more than it was allowed to.
    """
    written = "".join((*call.said, *call.thought))
    out = tokens(written) if written else 0
    into = 0 if outcome in _FREE and not call.reached else asked
    if call.tokens_in is not None:
        into = min(max(call.tokens_in, asked // BELIEVED), asked * BELIEVED)
    if call.tokens_out is not None:
        out = min(max(call.tokens_out, out // BELIEVED), max(out * BELIEVED, call.most))
    return into, out


def failure(why: Why, *, retry_after_s: float | None = None) -> LanguageModelFailed:
    said = told(why)
    return LanguageModelFailed(
        why, f"{said[:1].upper()}{said[1:]}.", next_step=NEXT_STEPS.get(why, ""), retry_after_s=retry_after_s
    )


def _value(said: str, shape: type[T]) -> T | None:
    for found in json_stream.objects(json_stream.spoken(said)):
        try:
            return shape.model_validate(found)
        except ValidationError:
            continue
    return None

"""The one seam to a language model: prompts in, text or values out, with a deadline, an allowance and a bill.

    sitting = llm.sitting()                              # one question's calls: they share a deadline
    sitting.complete(prompt, purpose="digest")           # -> str
    sitting.structured(prompt, Shape, purpose="digest")  # -> Shape, a pydantic model
    sitting.stream(prompt, Shape, purpose="write")       # -> Iterator[str], pieces of JSON as they come

Every one raises LanguageModelFailed, whose `why` bot.fallback words. What comes back is trusted in nothing: it is for
bot.verify to decide what of it may be shown. Not here: how one call is put and read (bot.llm_call), what is asked
(bot.prompts), which model it is (bot.llm_models).
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from bot import partial_json
from bot.fallback import NEXT_STEPS, Why, told
from bot.llm_call import Call, Failed, Shape
from corpus.errors import LanguageModelFailed
from corpus.thread import Value

if TYPE_CHECKING:
    from bot.allowance import Allowance

_log = logging.getLogger(__name__)
T = TypeVar("T", bound=BaseModel)
TRIES = 3
"""Times that a call is put to an endpoint that is busy or failing, while the deadline allows."""
LONGEST_REST_S = 15.0
"""A rest that is asked for is taken up to this; beyond it the model counts as busy."""
CHARACTERS_A_TOKEN = 3.5
"""For endpoints that do not say what they used, and to choose what fits: on the careful side for English. Characters
beyond ASCII count as one each."""


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
    ms: float
    tokens_in: int
    tokens_out: int


def tokens(text: str) -> int:
    """About how many tokens a model makes of the text."""
    strange = sum(character > "\x7f" for character in text)
    return int((len(text) - strange) / CHARACTERS_A_TOKEN + strange) + 1


class Calls(Protocol):
    """Puts calls to a model, as bot.llm_call.Caller does."""

    def pieces(self, system: str, user: str, shape: Shape | None, call: Call) -> Iterator[str]: ...
    def warm(self) -> None: ...
    def state(self) -> str: ...
    def close(self) -> None: ...


class Llm:
    """A model behind an endpoint, whatever both are. Made by bot.llm_models; may be used from many threads."""

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

    def sitting(self) -> "Sitting":
        """One question's calls. They are over when its time is."""
        self._caller.warm()
        return Sitting(self, time.monotonic() + self._timeout_s)

    def state(self) -> str:
        """Whether the endpoint can be reached now, in a few words that hold neither key nor address."""
        return self._caller.state()

    def close(self) -> None:
        self._caller.close()

    def begin(self) -> None:
        """Raises where no call may be made now: the day's allowance is used up, or the endpoint asked for a rest."""
        if self._allowance is not None and self._allowance.left() <= 0:
            raise failure("spent")
        rest = self._resting_until - time.monotonic()
        if rest > 0:
            raise failure("busy", retry_after_s=rest)

    def rest(self, seconds: float) -> None:
        """Leave the endpoint alone for as long as it asks."""
        with self._lock:
            self._resting_until = max(self._resting_until, time.monotonic() + min(seconds, 3_600))

    def pieces(self, prompt: Prompt, shape: Shape | None, call: Call) -> Iterator[str]:
        return self._caller.pieces(prompt.system, prompt.user, shape, call)

    def bill(self, billed: Billed) -> None:
        if self._allowance is not None:
            self._allowance.spend(billed.tokens_in + billed.tokens_out)

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
        said = "".join(self._pieces(prompt, None, purpose, most)).strip()
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

    def stream(self, prompt: Prompt, shape: type[BaseModel], *, purpose: str, most: int | None = None) -> Iterator[str]:
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
        """Calls, and tokens in and out."""
        return {
            "calls": len(self.billed),
            "tokens_in": sum(one.tokens_in for one in self.billed),
            "tokens_out": sum(one.tokens_out for one in self.billed),
        }

    def _pieces(self, prompt: Prompt, shape: Shape | None, purpose: str, most: int | None) -> Iterator[str]:
        for attempt in range(TRIES):
            self._llm.begin()
            if self.left_s <= 0:
                raise failure("too slow")
            call = Call(within_s=self.left_s, most=most or self._llm.answer_tokens)
            start, said = time.monotonic(), False
            try:
                for piece in self._llm.pieces(prompt, shape, call):
                    said = said or bool(piece)
                    yield piece
            except Failed as exc:
                if said or not self._rested(exc, attempt):
                    raise failure(exc.why, retry_after_s=exc.retry_after_s) from exc
            else:
                return
            finally:
                self._bill(prompt, purpose, call, time.monotonic() - start)

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

    def _bill(self, prompt: Prompt, purpose: str, call: Call, seconds: float) -> None:
        billed = Billed(
            purpose=purpose,
            ms=round(seconds * 1000, 2),
            tokens_in=call.tokens_in if call.tokens_in is not None else prompt.tokens if call.reached else 0,
            tokens_out=call.tokens_out if call.tokens_out is not None else tokens(call.said) if call.said else 0,
        )
        self.billed.append(billed)
        self._llm.bill(billed)
        _log.info(
            "model call: %s, %.0f ms, %d tokens in, %d out", purpose, billed.ms, billed.tokens_in, billed.tokens_out
        )


def failure(why: Why, *, retry_after_s: float | None = None) -> LanguageModelFailed:
    said = told(why)
    return LanguageModelFailed(
        why, f"{said[:1].upper()}{said[1:]}.", next_step=NEXT_STEPS.get(why, ""), retry_after_s=retry_after_s
    )


def _value(said: str, shape: type[T]) -> T | None:
    for found in partial_json.objects(said):
        try:
            return shape.model_validate(found)
        except ValidationError:
            continue
    return None

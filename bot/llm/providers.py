"""The model that the settings name, through LlamaIndex. Nothing of that is imported until a model is made.

Not here: how its requests leave this machine (bot.llm.transport), what is asked and how (bot.llm.client, bot.llm.call).
"""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from bot.llm.call import Call, Caller, Failed, Shape
from bot.llm.client import Llm
from bot.settings import Settings
from corpus.errors import InvalidSetting

if TYPE_CHECKING:
    from bot.llm.allowance import Allowance

_log = logging.getLogger(__name__)
_KNOWN_FOR_S = 30.0
_NO_KEY = "none"
"""What is sent where no key is set: the SDK would else look for somebody's in the environment."""
ANTHROPIC = "https://api.anthropic.com"


def language_model(settings: Settings, allowance: "Allowance | None" = None) -> Llm | None:
    """The model that is set; None where none is. Raises InvalidSetting. It is imported when it is first called."""
    if settings.llm_model is None:
        return None
    return Llm(
        _Late(settings),
        name=settings.llm_model,
        timeout_s=settings.llm_timeout_s,
        answer_tokens=settings.llm_answer_tokens,
        allowance=allowance,
    )


class _Late:
    """The caller of the model that is set, made when it is first needed: importing it takes seconds."""

    def __init__(self, settings: Settings) -> None:
        if settings.llm_maker == "anthropic":
            _installed()
        self._settings = settings
        self._made: Caller | None = None
        self._making = Lock()
        self._seen: tuple[float, str] | None = None

    def pieces(self, system: str, user: str, shape: Shape | None, call: Call) -> Iterator[str]:
        return self._caller().pieces(system, user, shape, call)

    def warm(self) -> None:
        """Import it beside what else is to be done."""
        if self._made is None:
            Thread(target=self._import, name="model import", daemon=True).start()

    def _import(self) -> None:
        with suppress(Failed):
            self._caller()

    def _caller(self) -> Caller:
        with self._making:
            if self._made is None:
                make = _anthropic if self._settings.llm_maker == "anthropic" else _openai
                try:
                    self._made = make(self._settings)
                except Exception as exc:  # whatever LlamaIndex or an SDK finds wrong with a model's name, or lacks
                    _log.error("the language model cannot be set up: %s", type(exc).__name__)
                    raise Failed("unknown model") from None
            return self._made

    def state(self) -> str:
        now = time.monotonic()
        if self._seen is None or now - self._seen[0] > _KNOWN_FOR_S:
            self._seen = (now, _reached(self._settings))
        return self._seen[1]

    def close(self) -> None:
        if self._made is not None:
            self._made.close()


def _openai(settings: Settings) -> Caller:
    from llama_index.llms.openai_like import OpenAILike

    from bot.llm.transport import client

    way = client(_base(settings))
    model = OpenAILike(
        model=settings.llm_model or "",
        api_base=_base(settings),
        api_key=_key(settings),
        is_chat_model=True,
        temperature=0.0,
        max_retries=0,
        timeout=settings.llm_timeout_s,
        http_client=way,
    )
    return Caller(model, format=settings.llm_format, close=way.close)


def _anthropic(settings: Settings) -> Caller:
    from llama_index.llms.anthropic import Anthropic  # an extra

    from bot.llm.transport import client

    way = client(_base(settings))
    model = Anthropic(
        model=settings.llm_model or "",
        base_url=_base(settings),
        api_key=_key(settings),
        max_tokens=settings.llm_answer_tokens,
        temperature=0.0,
        max_retries=0,
        timeout=settings.llm_timeout_s,
    )
    _ = model.metadata  # which raises for a name that it does not know
    # LlamaIndex lets nobody hand it a client
    model._client = model._client.with_options(http_client=way)  # noqa: SLF001
    return Caller(model, openai=False, close=way.close)


def _installed() -> None:
    from importlib.util import find_spec

    try:
        found = find_spec("llama_index.llms.anthropic") is not None
    except ModuleNotFoundError:
        found = False
    if not found:
        raise InvalidSetting(
            "DIGG_LLM_MAKER is 'anthropic', and what it takes is not installed.",
            next_step="Install it with pip install 'digg-deeper[anthropic]'.",
        )


def _base(settings: Settings) -> str:
    return settings.llm_url or ANTHROPIC


def _key(settings: Settings) -> str:
    return settings.llm_key.get_secret_value() if settings.llm_key is not None else _NO_KEY


def _reached(settings: Settings) -> str:
    """Whether the endpoint answers: asked for its models, which costs nothing."""
    import httpx

    from bot.llm.transport import PROBE_S, client

    key = _key(settings)
    headers = {"authorization": f"Bearer {key}"}
    base = _base(settings)
    if settings.llm_maker == "anthropic":
        headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
        base = f"{base}/v1"
    try:
        with client(base) as endpoint:
            status = endpoint.get(f"{base}/models", headers=headers, timeout=PROBE_S).status_code
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return "not reachable"
    if status in {401, 403}:
        return "reachable, and refuses the key"
    if 300 <= status < 400:
        return "leads elsewhere"
    return "reachable" if status < 500 else "reachable, and failing"

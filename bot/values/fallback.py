"""Why a language model's choice of quotes is not given, or not given whole, in words for the asker.

One of a few reasons, worded here: neither a model's words nor its endpoint's can then stand in a note.
Not here: finding out which it is (bot.llm.client, bot.writers.generative).
"""

from typing import Literal, get_args

Why = Literal[
    "unreachable",
    "too slow",
    "busy",
    "failing",
    "broke off",
    "key refused",
    "unknown model",
    "request refused",
    "too long",
    "redirected",
    "declined",
    "empty",
    "unreadable",
    "unverified",
    "spent",
    "partly read",
    "unchosen",
]

_WORDS: dict[Why, str] = {
    "unreachable": "the language model could not be reached",
    "too slow": "the language model took too long",
    "busy": "the language model is busy",
    "failing": "the language model failed",
    "broke off": "the language model broke off",
    "key refused": "the language model refused the key that is set",
    "unknown model": "the endpoint does not know the model that is set",
    "request refused": "the language model's endpoint refused the request",
    "too long": "this was too long for the language model",
    "redirected": "the language model's address leads elsewhere, where the key is not sent",
    "declined": "the language model declined to answer",
    "empty": "the language model said nothing",
    "unreadable": "what the language model said could not be read",
    "unverified": "no quote that the language model chose could be verified",
    "spent": "today's allowance for the language model is used up",
    "partly read": "the language model did not get through the whole discussion",
    "unchosen": "the language model did not choose among the points that it found",
}
assert set(_WORDS) == set(get_args(Why))  # noqa: S101 - a reason without words must not get past the first import

NEXT_STEPS: dict[Why, str] = {
    "unreachable": "Check DIGG_LLM_URL and that the endpoint runs.",
    "too slow": "Raise DIGG_LLM_TIMEOUT_S, or take a faster model.",
    "key refused": "Check DIGG_LLM_KEY.",
    "unknown model": "Check DIGG_LLM_MODEL.",
    "redirected": "Set DIGG_LLM_URL to the address that it leads to.",
    "too long": "Lower DIGG_LLM_EVIDENCE_TOKENS, or give the model a larger context.",
    "spent": "Raise DIGG_LLM_TOKENS_PER_DAY, or wait until midnight UTC.",
}


def instead(why: Why) -> str:
    """The note on an answer that was made without the model, since the model's could not be given."""
    said = _WORDS[why]
    return f"{said[:1].upper()}{said[1:]}, so this answer was made without a language model."


def beside(why: Why) -> str:
    """The note on an answer whose quotes the model chose in part."""
    said = _WORDS[why]
    return f"{said[:1].upper()}{said[1:]}. The answer may be incomplete."


def told(why: Why) -> str:
    """What happened, as part of a sentence."""
    return _WORDS[why]

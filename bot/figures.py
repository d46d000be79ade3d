"""Whether a question asks for a number or an amount of money, and whether words hold one.

By forms, English. Not here: what a number in a claim comes to (bot.claim_numbers).
"""

import re
from typing import Literal

Wanted = Literal["number", "money"]

_HOW_MUCH = re.compile(
    r"\bhow (?:much|many|long|far|fast|often|old|big|large)\b|\bwhat (?:\w+ ){0,3}?(?:number|share|percentage)\b",
    re.IGNORECASE,
)
_WHAT_COST = re.compile(
    r"\bhow (?:expensive|cheap)\b|\b(?:what|how much)\b[^?]*\b(?:costs?|prices?|pay|paid|worth|spen[dt])\b",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d[\d.,]{0,20}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|"
    r"million|billion|dozen|zero|half)"
)
_FIGURE = re.compile(rf"(?<![\w-]){_NUMBER}(?:\s?%|(?![\w-]))", re.IGNORECASE)
_MONEY = re.compile(
    rf"[$€£¥]\s?\d|(?<![\w-]){_NUMBER}(?:\s?(?:k|m|bn|million|billion|thousand|hundred))?\s(?:dollars?|euros?|pounds?|cents?|"
    rf"yuan|yen|rupees|crowns|francs|usd|eur|gbp)\b|"
    rf"(?<![\w.,-])\d[\d.,]{0, 20}\s?(?:million|billion)\b|\bfor nothing\b|"
    rf"\bcosts? (?:\w+ )?(?:nothing|{_NUMBER})\b",
    re.IGNORECASE,
)
"""An amount of money, or at least one that is no part of a name."""


def wanted(question: str) -> Wanted | None:
    """What the question asks for: a number ("how long"), an amount of money ("what did it cost"); None for neither."""
    if _WHAT_COST.search(question):
        return "money"
    return "number" if _HOW_MUCH.search(question) else None


def held(words: str, what: Wanted) -> bool:
    """Whether the words hold one."""
    return (_MONEY if what == "money" else _FIGURE).search(words) is not None

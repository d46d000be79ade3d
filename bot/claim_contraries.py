"""Words and their contraries: a closed list, and what prefixes and suffixes make of a word."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bot.claim_words import stem

_PAIRS = (
    "rise/fall rise/drop rise/decline rise/shrink rise/decrease increase/decrease increase/fall increase/drop "
    "grow/shrink grow/fall gain/lose climb/fall cheap/expensive cheap/dear cheap/costly safe/dangerous safe/risky "
    "safe/unsafe likely/unlikely good/bad good/poor good/terrible great/terrible great/awful better/worse "
    "best/worst up/down more/less more/fewer most/least high/low big/small large/small fast/slow quick/slow "
    "early/late open/close open/shut open/closed win/lose love/hate like/dislike agree/disagree support/oppose "
    "favour/oppose favor/oppose true/false right/wrong legal/illegal fair/unfair honest/dishonest "
    "possible/impossible accept/reject allow/ban allow/forbid allow/prohibit permit/forbid help/hurt help/harm "
    "help/hinder improve/worsen buy/sell start/stop begin/end start/end start/finish before/after with/without "
    "hire/fire strong/weak rich/poor hot/cold warm/cold old/new old/young hard/easy hard/soft difficult/easy "
    "guilty/innocent convict/clear convict/acquit condemn/praise criticise/praise success/failure succeed/fail "
    "profit/loss friend/enemy always/never first/last alive/dead clean/dirty public/private trust/distrust "
    "raise/lower raise/cut expand/cut add/remove build/demolish save/waste create/destroy protect/harm "
    "protect/endanger full/empty light/heavy light/dark near/far long/short wide/narrow deep/shallow loud/quiet "
    "noisy/quiet happy/sad happy/unhappy useful/useless reliable/unreliable stable/unstable healthy/sick "
    "attack/defend arrive/leave enter/leave join/leave pass/fail approve/reject affirm/deny admit/deny "
    "remember/forget lend/borrow import/export inside/outside above/below left/right north/south east/west "
    "men/women male/female majority/minority positive/negative optimistic/pessimistic benefit/harm benefit/suffer "
    "advantage/disadvantage beautiful/ugly smart/stupid clever/stupid brave/cowardly modern/outdated "
    "simple/complicated simple/complex transparent/opaque keep/drop hide/show hide/reveal stay/leave remain/leave "
    "hope/fear war/peace victory/defeat victim/culprit employer/employee landlord/tenant buyer/seller "
    "teacher/student doctor/patient left-wing/right-wing conservative/liberal upgrade/downgrade enable/disable "
    "encourage/discourage appear/disappear connect/disconnect comfortable/uncomfortable guilty/clear cured/ill"
).split()
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti", "de")
_SHORTEST_TURNED = 5


@cache
def _contraries() -> Mapping[str, frozenset[str]]:
    """Stem -> the stems of its contraries."""
    read: dict[str, set[str]] = {}
    for pair in _PAIRS:
        one, other = (_base(word) for word in pair.split("/"))
        read.setdefault(one, set()).add(other)
        read.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in read.items()}


def contrary(words: Sequence[str], theirs: Sequence[str]) -> str | None:
    """A word of the claim, not in the quotes, whose contrary is in them. Both are plain words in order."""
    held = set(theirs)
    known = {_base(word) for word in theirs}
    for word in words:
        if word in held or _base(word) in known:
            continue
        if known & _contraries().get(_base(word), frozenset()) or any(form in held for form in _turned(word)):
            return word
    return None


def _turned(word: str) -> Iterator[str]:
    """The word with a prefix that turns it, or without the one that it has; "harmful" for "harmless"."""
    for prefix in _PREFIXES:
        yield prefix + word
        if word.startswith(prefix) and len(word) > _SHORTEST_TURNED:
            yield word.removeprefix(prefix)
    for ending, other in (("less", "ful"), ("ful", "less")):
        if word.endswith(ending):
            yield word.removesuffix(ending) + other


def _base(word: str) -> str:
    return stem(word) or word

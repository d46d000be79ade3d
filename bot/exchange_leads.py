"""What an answer about an exchange opens with: who disagrees, who agrees, who replied, what was left open.

From everything that is counted, shown or not (bot.told). Not here: the other leads (bot.leads).
"""

from bot.answer import Kind, Role
from bot.roles import Roles
from bot.told import Told, keys, not_shown, who_posted
from bot.wording import capital, listed, number, people


def exchange(told: Told) -> str:
    """ "2 commenters disagree, 1 in part. 3 more replies give no sign either way. 1 objection has no reply here." """
    if not told.standing_as(*_SIGNS[told.kind]):
        what = "disagreement" if told.kind == "disagreement" else "agreement"
        return f"No reply carries a mark of {what}; {_without_sign(told)}:"
    unclear = told.count.unclear
    more = f" {_replies_of(unclear, 'more ')} {_give(unclear)} no sign either way." if unclear else ""
    return f"{capital(listed(_parts(told)))}.{more}{not_shown(told)}{_unanswered(told)}"


def _without_sign(told: Told) -> str:
    replies = told.standing_as("replies", "agrees", "disagrees", "partly")
    if replies:
        return f"replies from {told.voices(replies)}"
    bearing = told.standing_as("against") or keys(told.citations)
    return f"posts from {told.voices(bearing)} bear on it"


def _replies_of(amount: int, which: str = "") -> str:
    """ "1 reply", "2 more replies"."""
    return number(amount, f"{which}reply").replace("replys", "replies")


_SIGNS: dict[Kind, tuple[Role, ...]] = {
    "agreement": ("agrees",),
    "disagreement": ("disagrees", "partly", "says the contrary"),
}
_SAID: dict[Role, tuple[str, str]] = {
    "agrees": ("agrees", "agree"),
    "disagrees": ("disagrees", "disagree"),
    "partly": ("agrees in part only", "agree in part only"),
    "says the contrary": ("says the contrary elsewhere", "say the contrary elsewhere"),
}


def _parts(told: Told) -> list[str]:
    parts = []
    for role in _SIGNS[told.kind]:
        places = told.standing_as(role)
        if places:
            one, several = _SAID[role]
            parts.append(f"{told.voices(places)} {one if told.number(places) == 1 else several}")
    return parts


def _unanswered(told: Told) -> str:
    """How many of the objections nobody replied to, and whose they are."""
    if told.kind != "disagreement":
        return ""
    roles = Roles(told.threads, None)
    objections = told.tally(told.standing_as("disagrees", "partly")).members
    places = [place for place in told.standing_as("disagrees", "partly") if place[1] in set(objections)]
    left = [place for place in places if roles.alone(place)]
    if not left:
        return ""
    by = who_posted(left, told.threads)
    has = _has(len(left))
    return f" {len(left):,} of {number(len(objections), 'objection')} {has} no reply here. Unanswered: {by}."


def replies(told: Told) -> str:
    alone = told.standing_as("unanswered")
    if alone and len(alone) == len(keys(told.citations)):
        posts = capital(number(told.count.matched, "post"))
        hidden = not_shown(told).strip()
        asked = f"{posts} by {people(told.count)} asked or objected, with no reply from anybody else here"
        return f"{asked}. {hidden}" if hidden else f"{asked}:"
    standing_how: tuple[tuple[Role, str], ...] = (
        ("agrees", "agreeing"),
        ("partly", "agreeing in part"),
        ("disagrees", "disagreeing"),
    )
    by_role = {role: told.standing_as(role) for role, _ in standing_how}
    told_of = [f"{told.number(by_role[role]):,} {words}" for role, words in standing_how if by_role[role]]
    how = f", {listed(told_of)} by their words" if told_of else ""
    return f"{_replies_of(told.count.matched)} from {people(told.count)}{how}.{not_shown(told)}{_without_reply(told)}"


def _without_reply(told: Told) -> str:
    targets = told.finding.targets if told.finding is not None else ()
    roles = Roles(told.threads, None)
    left = [target for target in targets if roles.alone(target)]
    if not left or len(left) == len(targets):
        return ""
    return f" {len(left):,} of the {len(targets):,} posts asked about {_has(len(left))} no reply here."


def _give(amount: int) -> str:
    return "gives" if amount == 1 else "give"


def _has(amount: int) -> str:
    return "has" if amount == 1 else "have"

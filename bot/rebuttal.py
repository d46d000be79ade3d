"""The strongest reply that contradicts: by somebody else, to the comment that is shown, with a cue that it disagrees.

Not here: how a reply stands to what it answers (bot.stance), which post answers which (bot.replies).
"""

from collections.abc import Collection

from bot import stance
from bot.answer import Evidence
from bot.quotable import cost
from bot.replies import edges
from bot.viewpoints import evidence, sayings, shown_to_reply, speaker_key
from corpus.thread import Comment, Thread
from index.lexical import terms

ENOUGH_TERMS = 12
"""Terms from which on a longer rebuttal is no stronger."""
FIRST = 3
"""Sentences of a rebuttal that may be shown."""
PARTLY = 0.5
"""What one who half agrees counts."""


def rebuttal(thread: Thread, shown: str, members: Collection[str] = ()) -> Evidence | None:
    """The first words of the strongest disagreeing reply to the comment `shown`, if there is one.

    By none of the authors of `members`, who say nearly what it says. A reply to one of these is no reply to the words
    that a reader sees above it.
    """
    of_members = {speaker_key(thread.by_id[member]) for member in (shown, *members)}
    replies = edges([(thread.id, shown)], {thread.id: thread})
    found = {
        reply.id: (_strength(reply, post, thread), reply)
        for reply, post in replies
        if reply.id not in members
        and not reply.is_bot
        and speaker_key(reply) not in of_members
        and shown_to_reply(reply, thread)
    }
    for strength, reply in sorted(found.values(), key=lambda each: -each[0]):
        said = sayings(reply)
        if strength > 0 and said:
            return evidence(reply, *_telling(reply, said))
    return None


def _strength(reply: Comment, post: Comment, thread: Thread) -> float:
    """0 where it does not disagree; more the more it says and the more people took notice of it."""
    how = stance.of_reply(reply, post)
    if how not in {"disagrees", "partly"}:
        return 0.0
    says = min(1.0, len(set(terms(reply.text))) / ENOUGH_TERMS)
    noticed = thread.activity[reply.id] / (5 + thread.activity[reply.id])
    return (says + noticed) * (PARTLY if how == "partly" else 1.0)


def _telling(reply: Comment, said: list[tuple[int, int]]) -> tuple[int, int]:
    """Of its first sentences that say more than "no" the one that is best quoted alone, the first of several."""
    full = [(a, b) for a, b in said if len(set(terms(reply.text[a:b]))) >= 3][:FIRST]
    return min(full, key=lambda span: cost(reply.text[slice(*span)]), default=said[0])

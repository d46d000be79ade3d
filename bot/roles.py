"""Whether a statement's role is borne out: by the reply edges and the cues of its words, never by a writer's say-so."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from bot import attitude, stance
from bot.answer import Citation, Manner, Role
from bot.manner import manner
from bot.replies import Replies, replies_of
from corpus.thread import Comment, Thread

TO_A_POST: frozenset[Role] = frozenset(["agrees", "disagrees", "partly", "replies"])
OF_A_CLAIM: frozenset[Role] = frozenset(["says so", "says the contrary"])


class Roles:
    """What the threads say of roles; `claim` is what is asked about, None where it is not known any more."""

    def __init__(self, threads: Mapping[str, Thread], claim: str | None) -> None:
        self._threads = threads
        self._claim = claim

    @cached_property
    def _replies(self) -> dict[str, Replies]:
        return replies_of(self._threads)

    def borne_out(self, role: Role | None, citations: Sequence[Citation]) -> Role | None:
        """The role, if every citation bears it out; else None."""
        return role if role is not None and all(self._bears(role, cited) for cited in citations) else None

    def answered(self, citation: Citation) -> Comment | None:
        """The post that the cited one answers."""
        return self._replies[citation.thread_id].answered_by(citation.comment_id)

    def in_turns(self, citation: Citation) -> bool:
        """Whether that is told by the turns of a talk alone."""
        return self._replies[citation.thread_id].in_turns

    def _bears(self, role: Role, cited: Citation) -> bool:
        comment = self._threads[cited.thread_id].by_id[cited.comment_id]
        if role in TO_A_POST:
            answered = self.answered(cited)
            if answered is None:
                return False
            return role == "replies" or stance.of_reply(comment, answered) == role
        if role == "unanswered":
            return not self._replies[cited.thread_id].from_others(cited.comment_id)
        if role in OF_A_CLAIM:
            return self._claim is None or stance.of_claim(cited.quote, self._claim) == role
        return attitude.side(cited.quote) == role


def manner_of(citations: Sequence[Citation], threads: Mapping[str, Thread]) -> Manner | None:
    """How all of the citations are meant, where they are meant alike."""
    found = {manner(threads[c.thread_id].by_id[c.comment_id], c.start, c.end) for c in citations}
    return found.pop() if len(found) == 1 else None

"""Whether a statement's role is borne out: by the reply edges and the cues of its words, never by a writer's say-so."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from bot import attitude, stance
from bot.answer import Citation, Manner, Role
from bot.inquiry import Key
from bot.manner import manner
from bot.replies import Replies, replies_of
from bot.subject import naming, title_terms
from corpus.thread import Comment, Thread
from index.lexical import terms

TO_A_POST: frozenset[Role] = frozenset(["agrees", "disagrees", "partly", "replies"])
OF_A_CLAIM: frozenset[Role] = frozenset(["says so", "says the contrary"])


_POINTING = re.compile(r"\b(?:it|this|that|these|those|them|they|idea|plan|proposal|move|here)\b", re.IGNORECASE)


class Roles:
    """What the threads say of roles; `claim` is what is asked about, None where it is not known any more."""

    def __init__(self, threads: Mapping[str, Thread], claim: str | None) -> None:
        self.threads = threads
        self._claim = claim

    @cached_property
    def _replies(self) -> dict[str, Replies]:
        return replies_of(self.threads)

    def borne_out(self, role: Role | None, citations: Sequence[Citation]) -> Role | None:
        """The role, if every citation bears it out; else None."""
        return role if role is not None and all(self._bears(role, cited) for cited in citations) else None

    def answered(self, citation: Citation) -> Comment | None:
        """The post that the cited one answers."""
        return self._replies[citation.thread_id].answered_by(citation.comment_id)

    def in_turns(self, citation: Citation) -> bool:
        """Whether that is told by the turns of a talk alone."""
        return self._replies[citation.thread_id].in_turns

    def standing(self, place: Key) -> Role | None:
        """How a comment stands to the post that it answers; None where it answers none, or is not there."""
        thread = self.threads.get(place[0])
        comment = thread.by_id.get(place[1]) if thread is not None else None
        answered = self._replies[place[0]].answered_by(place[1]) if comment is not None else None
        return None if comment is None or answered is None else stance.of_reply(comment, answered)

    def alone(self, place: Key) -> bool:
        """Whether nobody else replied to a comment."""
        thread = self.threads.get(place[0])
        return thread is not None and place[1] in thread.by_id and not self._replies[place[0]].from_others(place[1])

    def _bears(self, role: Role, cited: Citation) -> bool:
        comment = self.threads[cited.thread_id].by_id[cited.comment_id]
        if role in TO_A_POST:
            answered = self.answered(cited)
            return answered is not None and (role == "replies" or _shows(role, comment, answered, cited))
        if role == "unanswered":
            return self.alone((cited.thread_id, cited.comment_id))
        if role in OF_A_CLAIM:
            said = manner(comment, cited.start, cited.end) is None
            return said and (self._claim is None or stance.of_claim(cited.quote, self._claim) == role)
        return attitude.side(cited.quote) == role and self._on_the_subject(comment)

    def _on_the_subject(self, comment: Comment) -> bool:
        """Whether the comment names what is asked about, or points at what it answers, which does: a side is one of
        something."""
        if self._claim is None:
            return True
        wanted = naming(terms(self._claim)) or title_terms(self.threads[comment.thread_id].title)
        answered = self._replies[comment.thread_id].answered_by(comment.id)
        pointing = answered is not None and _POINTING.search(comment.text) is not None
        said = {*terms(comment.text), *(terms(answered.text) if answered is not None and pointing else ())}
        return not wanted or bool(wanted & said)


def _shows(role: Role, comment: Comment, answered: Comment, cited: Citation) -> bool:
    """Whether the comment stands so, and the cited words are those that show it."""
    shown = stance.shown(comment, answered)
    return shown.stance == role and cited.start < shown.end and shown.start < cited.end


def manner_of(citations: Sequence[Citation], threads: Mapping[str, Thread]) -> Manner | None:
    """How all of the citations are meant, where they are meant alike."""
    found = {manner(threads[c.thread_id].by_id[c.comment_id], c.start, c.end) for c in citations}
    return found.pop() if len(found) == 1 else None

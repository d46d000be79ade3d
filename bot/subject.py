"""Whether words speak of a subject: in its own words or near ones, or, in a short reply, by pointing at what is above.

Not here: what is said of it (bot.attitude), ranking (index).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from bot.replies import Replies
from bot.scope import Scope
from corpus.text import bare
from corpus.thread import Comment
from index.lexical import terms

HELD = 0.6
"""Of a subject's terms in the mean, near ones in part, what words must hold: of one or two all of it, of three two."""
SHORT = 40
"""Words up to which a reply may point at its subject instead of naming it."""
_POINTING = re.compile(
    r"\b(?:it|this|that|them|these|those)\b|\b(?:the|such a|what an?|a) (?:plan|change|law|bill|rule|policy|project"
    r"|deal|measure|news)\b|\b(?:idea|move|decision|choice|step|proposal)\b",
    re.I,
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
WEAK = frozenset(
    terms(
        "one two three four five first second thing things way ways time times year years day days lot bit kind "
        "sort people person everyone everybody somebody someone nobody nothing something anything everything "
        "every point fact part reason question answer word words example case number rest half side end place "
        "line world country man guy life idea problem same whole next last new old other long short good bad "
        "great best better real big ask show tell give gives giving get gets make makes making go going come "
        "takes take put keep want know say says think need use used using look looks work run call mean seem help "
        "start find like love hate try feel become leave let happen really much many still ever never always "
        "maybe actually even yet back today now away here why would could well right hard easy sure only also "
        "than less more most enough "
    )
)
"""Words that many comments share and that name no subject."""


class Subject:
    """What a question is about; "" for what the thread is about, by its title."""

    def __init__(self, words: str, scope: Scope) -> None:
        self._asked = tuple(dict.fromkeys(terms(words)))
        self._scope = scope
        self._replies: dict[str, Replies] = {}

    def spoken_of(self, texts: Sequence[str], thread_id: str) -> list[bool]:
        """For each text of a thread, whether it names the subject."""
        if not self._asked:
            named = self._titles.get(thread_id, frozenset())
            return [not named.isdisjoint(terms(text)) for text in texts]
        held = self._scope.held(self._asked, texts)
        return [bool(row.mean() >= HELD) for row in held]

    def pointed_at(self, words: str, reply: Comment) -> bool:
        """Whether the words of a short reply point at the subject that the post above speaks of: "a terrible idea"."""
        above = self.above(reply)
        if above is None or len(_WORD.findall(reply.text)) > SHORT:
            return False
        if not _POINTING.search(words) and len(set(terms(words))) > 1:
            return False
        thread = self._scope.threads[reply.thread_id]
        said = f"{thread.title} {above.text}" if thread.parents[above.id] is None else above.text
        return self.spoken_of([said], reply.thread_id)[0]

    def above(self, reply: Comment) -> Comment | None:
        """The post that the thread itself shows the reply to answer; none where only the order of a talk tells."""
        thread = self._scope.threads[reply.thread_id]
        if thread.parents[reply.id] is None and not reply.addressed:
            return None
        if thread.id not in self._replies:
            self._replies[thread.id] = Replies(thread)
        post = self._replies[thread.id].answered_by(reply.id)
        return post if post is not None and not post.deleted else None

    @cached_property
    def _titles(self) -> dict[str, frozenset[str]]:
        return {thread.id: title_terms(thread.title) for thread in self._scope.threads.values()}


def title_terms(title: str) -> frozenset[str]:
    """The terms of a title that name what is spoken of; of a title of weak words alone all of them."""
    every = frozenset(terms(bare(title)))
    return naming(every) or every


def naming(words: Iterable[str]) -> frozenset[str]:
    """Of terms those that may name a subject: no weak ones, no bare numbers."""
    return frozenset(term for term in words if term not in WEAK and not term.replace(".", "").isdigit())

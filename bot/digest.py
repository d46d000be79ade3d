"""The digest of a thread: what a writer proposes of it, and what is left of that once everything false is dropped.

A draft refers to comments and names nobody; `verified` is the only maker of a Digest with findings. It lets every line
through bot.verify, counts, and has bot.wording put in who said what. Not here: proposing (bot.digest_extractive,
bot.digest_generative), keeping (bot.digest_store), making it once a revision (bot.digests).
"""

from collections import Counter
from collections.abc import Collection, Sequence

from bot import wording
from bot.answer import Citation, Count, DraftStatement, Evidence, Statement
from bot.replies import Replies
from bot.story import Digest, Findings, Side, Viewpoint
from bot.verify import count, judge
from bot.points import speaker_key
from bot.viewpoints import REPEATED, texts
from corpus.text import bare
from corpus.thread import Comment, Sentiment, Thread, Value

MOST_VIEWPOINTS, MOST_QUOTES, MOST_LINES, MOST_QUESTIONS = 12, 3, 4, 4
FEWEST_VOICES = 3
"""Fewer commenters have no shares: of two people, one is no half of a public."""
RULES = 6
"""Raised when a digest would be made otherwise, so that a kept one is made anew."""


class SideDraft(Value):
    evidence: tuple[Evidence, ...] = ()
    claim: str | None = None
    """A generative writer's own words for what these posts highlight or fear."""
    members: tuple[str, ...] = ()
    """Ids of the posts that are positive, or negative."""


class ViewpointDraft(Value):
    statements: tuple[DraftStatement, ...]
    members: tuple[str, ...]
    rebuttal: DraftStatement | None = None


class DigestDraft(Value):
    """What a writer proposes."""

    headline: DraftStatement | None = None
    tldr: tuple[DraftStatement, ...] = ()
    positive: SideDraft = SideDraft()
    negative: SideDraft = SideDraft()
    viewpoints: tuple[ViewpointDraft, ...] = ()
    questions: tuple[str, ...] = ()
    """Made by code, each found to be answered."""
    writer: str
    note: str | None = None


def verified(draft: DigestDraft, thread: Thread) -> Digest:
    """The Digest that a draft amounts to, without what the page says of itself. Never raises for what a draft says."""
    judge_ = _Judge(thread)
    viewpoints = tuple(filter(None, map(judge_.viewpoint, draft.viewpoints[:MOST_VIEWPOINTS])))
    findings = Findings(
        headline=judge_.statement(draft.headline),
        tldr=judge_.statements(draft.tldr[:MOST_LINES]),
        positive=judge_.side("positive", draft.positive, apart_from=()),
        negative=judge_.side("negative", draft.negative, apart_from=draft.positive.members),
        voices=judge_.voices,
        questions=draft.questions[:MOST_QUESTIONS],
        writer=draft.writer,
        note=draft.note,
    )
    return Digest(
        headline=findings.headline.text if findings.headline else None,
        tldr=" ".join(line.text for line in findings.tldr) or None,
        sentiment=_sentiment(findings),
        viewpoints=viewpoints,
        questions=findings.questions,
        made_by=draft.writer if findings.headline or findings.tldr else None,
        findings=findings,
        state="made",
    )


def still_holds(digest: Digest, thread: Thread) -> bool:
    """Whether a kept digest says of the thread as it is now exactly what verification would let through again."""
    return digest.findings is not None and verified(_drafted(digest, digest.findings), thread) == digest


class _Judge:
    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._threads = {thread.id: thread}
        self._replies = Replies(thread)
        said = texts(thread)
        self.voices = len({speaker_key(text.comment) for text in said})
        self._copied = Counter(
            {bare(text.comment.text): text.repeated + 1 for text in said if text.repeated + 1 >= REPEATED}
        )

    def statement(self, drafted: DraftStatement | None) -> Statement | None:
        return judge(drafted, self._threads).statement if drafted is not None else None

    def statements(self, drafted: Sequence[DraftStatement]) -> tuple[Statement, ...]:
        return tuple(dict.fromkeys(filter(None, map(self.statement, drafted))))

    def viewpoint(self, drafted: ViewpointDraft) -> Viewpoint | None:
        """The viewpoint by those of its quotes that hold; whom they cite is always among whom it counts.

        What many posted word for word is counted nowhere but under these very words.
        """
        said = self.statements(drafted.statements[:MOST_QUOTES])
        if not said:
            return None
        cited = [citation.comment_id for statement in said for citation in statement.citations]
        shown = {bare(self._thread.by_id[comment_id].text) for comment_id in cited}
        members = [
            c.id for c in self._comments(drafted.members) if bare(c.text) in shown or not self._copied[bare(c.text)]
        ]
        counted = self._count([*members, *cited])
        rebuttal = self.statement(drafted.rebuttal)
        if rebuttal is not None and not self._answers(rebuttal, said[0], counted.members):
            rebuttal = None
        return Viewpoint(statements=said, count=counted, repeated=self._repeated(counted.members), rebuttal=rebuttal)

    def _answers(self, rebuttal: Statement, shown: Statement, members: Collection[str]) -> bool:
        """Whether every post that the rebuttal cites answers a post whose words stand above it, and is no member."""
        above = {cited.comment_id for cited in shown.citations}
        answered = {cited.comment_id: self._replies.answered_by(cited.comment_id) for cited in rebuttal.citations}
        return all(post is not None and post.id in above for post in answered.values()) and answered.keys().isdisjoint(
            members
        )

    def side(self, name: str, drafted: SideDraft, *, apart_from: Collection[str]) -> Side | None:
        """One side; who is on the other one already is not on this one. None for a side that nobody takes."""
        taken = {speaker_key(comment) for comment in self._comments(apart_from)}
        counted = self._count([c.id for c in self._comments(drafted.members) if speaker_key(c) not in taken])
        people = counted.commenters + counted.unattributed
        if not people:
            return None
        said = self.statement(DraftStatement(evidence=drafted.evidence))
        if said is not None and any(cited.comment_id not in counted.members for cited in said.citations):
            said = None
        return Side(
            text=wording.side(name, said.citations) if said is not None else None,
            citations=said.citations if said is not None else (),
            count=counted,
            share=min(1.0, people / self.voices) if self.voices >= FEWEST_VOICES else None,
        )

    def _count(self, members: Sequence[str]) -> Count:
        return count([(self._thread.id, member) for member in members], (), self._threads)

    def _comments(self, ids: Collection[str]) -> list[Comment]:
        return [self._thread.by_id[comment_id] for comment_id in ids if comment_id in self._thread.by_id]

    def _repeated(self, members: Collection[str]) -> int:
        by_text: dict[str, set[str]] = {}
        for comment in self._comments(members):
            by_text.setdefault(bare(comment.text), set()).add(speaker_key(comment))
        most = max((len(speakers) for speakers in by_text.values()), default=0)
        return most if most >= REPEATED else 0


def _sentiment(findings: Findings) -> Sentiment | None:
    positive, negative = findings.positive, findings.negative
    if positive is None and negative is None:
        return None
    known = findings.voices >= FEWEST_VOICES
    return Sentiment(
        positive=positive.text if positive else None,
        negative=negative.text if negative else None,
        positive_share=(positive.share if positive else 0.0) if known else None,
        negative_share=(negative.share if negative else 0.0) if known else None,
    )


def _drafted(digest: Digest, findings: Findings) -> DigestDraft:
    """The draft of which verification would make this digest again."""

    def statement(said: Statement) -> DraftStatement:
        return DraftStatement(evidence=_evidence(said.citations))

    def side(found: Side | None) -> SideDraft:
        if found is None:
            return SideDraft()
        return SideDraft(evidence=_evidence(found.citations), members=found.count.members, claim=found.claim)

    return DigestDraft(
        headline=statement(findings.headline) if findings.headline else None,
        tldr=tuple(map(statement, findings.tldr)),
        positive=side(findings.positive),
        negative=side(findings.negative),
        viewpoints=tuple(
            ViewpointDraft(
                statements=tuple(map(statement, view.statements)),
                members=view.count.members,
                rebuttal=statement(view.rebuttal) if view.rebuttal else None,
            )
            for view in digest.viewpoints
        ),
        questions=findings.questions,
        writer=findings.writer,
        note=findings.note,
    )


def _evidence(citations: Sequence[Citation]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(thread_id=c.thread_id, comment_id=c.comment_id, quote=c.quote, start=c.start) for c in citations
    )

"""The digest of a thread: what a writer proposes of it, and what is left of that once everything false is dropped.

A draft refers to comments and names nobody; `verified` is the only maker of a Digest with findings. Every quote goes
through bot.verification.verify.judge, and people are counted here. Not here: proposing (bot.digests.quotes), keeping
(bot.digests.store), making it once a revision (bot.digests.service).
"""

from collections.abc import Collection, Sequence

from bot.evidence.points import speaker_key
from bot.evidence.positions import REPEATED, texts
from bot.evidence.tone import FEWEST_VOICES
from bot.values.answer import Citation, Count, DraftStatement, Evidence, Statement
from bot.values.story import Digest, Findings, Side, Viewpoint
from bot.verification.counting import count
from bot.verification.verify import judge
from corpus.text.plain import bare
from corpus.thread import Comment, Sentiment, Thread, Value

MOST_VIEWPOINTS, MOST_QUOTES, MOST_QUESTIONS = 12, 3, 4
RULES = 7
"""Raised when a digest would be made differently, so that a kept one is made anew."""


class ViewpointDraft(Value):
    statements: tuple[DraftStatement, ...]
    members: tuple[str, ...]


class DigestDraft(Value):
    """What a writer proposes."""

    positive: tuple[str, ...] = ()
    """Ids of the posts whose tone is positive."""
    negative: tuple[str, ...] = ()
    viewpoints: tuple[ViewpointDraft, ...] = ()
    questions: tuple[str, ...] = ()
    """Each was answered from this thread."""
    writer: str


def verified(draft: DigestDraft, thread: Thread) -> Digest:
    """The Digest that a draft amounts to, without the page's own lines. Never raises for what a draft says."""
    checked = _Checked(thread)
    findings = Findings(
        positive=checked.side(draft.positive, apart_from=()),
        negative=checked.side(draft.negative, apart_from=draft.positive),
        voices=checked.voices,
        questions=draft.questions[:MOST_QUESTIONS],
        writer=draft.writer,
    )
    return Digest(
        sentiment=_sentiment(findings),
        viewpoints=tuple(filter(None, map(checked.viewpoint, draft.viewpoints[:MOST_VIEWPOINTS]))),
        questions=findings.questions,
        made_by=draft.writer,
        findings=findings,
        state="made",
    )


def still_holds(digest: Digest, thread: Thread) -> bool:
    """Whether verification would make exactly this digest again from the present thread."""
    return digest.findings is not None and verified(_drafted(digest, digest.findings), thread) == digest


class _Checked:
    """What of a draft about one thread is true."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._threads = {thread.id: thread}
        said = texts(thread)
        self.voices = len({speaker_key(text.comment) for text in said})
        self._copied = {bare(text.comment.text) for text in said if text.repeated + 1 >= REPEATED}

    def viewpoint(self, drafted: ViewpointDraft) -> Viewpoint | None:
        """The viewpoint by the quotes of it that hold; the cited commenters are always counted.

        A text that many posted word for word is counted only under these very words.
        """
        verdicts = (judge(statement, self._threads).statement for statement in drafted.statements[:MOST_QUOTES])
        said = tuple(dict.fromkeys(statement for statement in verdicts if statement is not None))
        if not said:
            return None
        cited = [citation.comment_id for statement in said for citation in statement.citations]
        shown = {bare(self._thread.by_id[comment_id].text) for comment_id in cited}
        others = self._copied - shown
        members = [comment.id for comment in self._comments(drafted.members) if bare(comment.text) not in others]
        counted = self._count([*members, *cited])
        return Viewpoint(statements=said, count=counted, repeated=self._repeated(counted.members))

    def side(self, members: Sequence[str], *, apart_from: Collection[str]) -> Side | None:
        """One side, without commenters who are on the other one; None where nobody is left."""
        taken = {speaker_key(comment) for comment in self._comments(apart_from)}
        counted = self._count([c.id for c in self._comments(members) if speaker_key(c) not in taken])
        people = counted.commenters + counted.unattributed
        if not people:
            return None
        return Side(count=counted, share=min(1.0, people / self.voices) if self.voices >= FEWEST_VOICES else None)

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
    """Shares alone: sentences about the sides are the page's."""
    positive, negative = findings.positive, findings.negative
    if findings.voices < FEWEST_VOICES or (positive is None and negative is None):
        return None
    return Sentiment(
        positive_share=positive.share if positive else 0.0, negative_share=negative.share if negative else 0.0
    )


def _drafted(digest: Digest, findings: Findings) -> DigestDraft:
    """The draft that verification would make this digest from."""
    return DigestDraft(
        positive=findings.positive.count.members if findings.positive else (),
        negative=findings.negative.count.members if findings.negative else (),
        viewpoints=tuple(
            ViewpointDraft(statements=tuple(map(_pointed_to, view.statements)), members=view.count.members)
            for view in digest.viewpoints
        ),
        questions=findings.questions,
        writer=findings.writer,
    )


def _pointed_to(said: Statement) -> DraftStatement:
    """The words that the statement was made from: what is shown around them follows from them."""
    return DraftStatement(evidence=tuple(map(_fitting, said.citations)), heading=said.heading)


def _fitting(cited: Citation) -> Evidence:
    start, end = cited.focus or (cited.start, cited.end)
    words = cited.quote[max(0, start - cited.start) : max(0, end - cited.start)]
    return Evidence(thread_id=cited.thread_id, comment_id=cited.comment_id, quote=words, start=start)

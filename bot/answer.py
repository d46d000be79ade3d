"""Citation, Statement, Count, Coverage, Answer: what a question gets back, and Draft: what a writer proposes.

Only bot.verify makes an Answer; a writer makes a Draft, which refers to comments and never names people.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import AwareDatetime, Field

from bot.fallback import Why
from corpus.thread import Author, Candidate, Value

Kind = Literal[
    "open",
    "who",
    "says",
    "count",
    "agreement",
    "disagreement",
    "replies",
    "sides",
    "summary",
    "superlative",
    "time",
    "quote",
    "comparison",
    "yes-no",
    "greeting",
    "thanks",
    "empty",
]
"""What is asked: openly, who said something, what a named person says, how many, who agrees, who disagrees, whether
anybody replied, both sides, what it is all about, the most of something, when, the exact words, how two people differ,
whether something is so; or nothing that a thread answers."""

BY_CODE: frozenset[Kind] = frozenset(
    ["count", "agreement", "disagreement", "replies", "superlative", "time", "quote", "greeting", "thanks", "empty"]
)
"""Kinds that are answered from the data alone: no model writes these, whatever the writer."""

Role = Literal[
    "agrees",
    "disagrees",
    "partly",
    "replies",
    "unanswered",
    "in favour",
    "against",
    "says so",
    "says the contrary",
]
"""How a statement's words stand to what is asked: as a reply to another post, towards the subject, towards a claim.

From lexical cues, checked again by bot.verify; null where no cue tells."""

Manner = Literal["asks", "jokes", "quotes"]
"""How words are meant that are no view of their writer."""

Measure = Literal[
    "likes", "reposts", "replies", "views", "activity", "length", "time", "posts", "likes got", "replies got"
]
"""What a superlative goes by: of a post, its likes, reposts, replies, views, activity, length or time; of a person,
their posts, or the likes or replies that these got."""

State = Literal["lexical", "full"]


class Citation(Value):
    """One contiguous span of one comment: comment.text[start:end] == quote, in Unicode code points."""

    thread_id: str
    comment_id: str
    author: Author | None
    """Who wrote the cited comment, if that is proven."""
    author_candidate: Candidate | None
    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    url: str | None
    posted_at: AwareDatetime | None


class Statement(Value):
    """Never without a citation. `text` is rendered by code from verified speakers and quotes."""

    text: str
    citations: tuple[Citation, ...] = Field(min_length=1)
    claim: str | None = None
    """A generative writer's own words, which `text` opens with: a paraphrase, carried by the quotes as far as words
    tell."""
    role: Role | None = None
    manner: Manner | None = None
    """Is "asks", "jokes" or "quotes" where the words only do that, and are nobody's view; null where they are said."""


class Count(Value):
    """Computed in code over distinct authors."""

    matched: int = Field(ge=0)
    """Comments that bear on the question, copies by one author once."""
    commenters: int = Field(ge=0)
    """Distinct proven authors of these."""
    unattributed: int = Field(ge=0)
    """Comments of these without a proven author; each its own unknown."""
    unclear: int = Field(ge=0)
    """Comments that may bear on the question, in none of the other figures."""
    members: tuple[str, ...]
    """Ids of the matched comments, best first."""


class Coverage(Value):
    """How much of the discussion the answer rests on."""

    used: int
    """Comments that were looked at for this answer."""
    indexed: int
    known: int | None
    """Comments known to exist at the source; null where it does not tell."""
    as_of: AwareDatetime | None
    """When the thread was fetched; the oldest where several were asked."""
    state: State
    """Is "lexical" while vectors are still being made, or cannot be read."""
    broken: bool = False
    """Whether they cannot be read: damaged, or out of reach. Waiting is of no use then; `/readyz` says why."""
    outdated: bool = False
    """Whether they were made by another encoder than the one that is set: `digg-deeper reindex` makes them anew."""
    only: str | None = None
    """The filter that the question was asked under, in words ("by @ada, since 1 March 2026"); indexed counts what
    passes it."""


class Answer(Value):
    id: str
    thread_ids: tuple[str, ...]
    conversation_id: str | None = None
    question: str
    """As it was asked."""
    kind: Kind
    lead: str
    """One or two sentences made by code from `count`; on an abstention what is missing; never a quote."""
    statements: tuple[Statement, ...] = ()
    count: Count | None = None
    abstained: bool = False
    reason: str | None = None
    """Why nothing is answered, in words for the asker; null unless abstained."""
    nearest: tuple[Citation, ...] = ()
    """On an abstention: the nearest comments, which do not answer the question."""
    dropped: int = 0
    """Statements that a writer proposed and verification refused."""
    coverage: Coverage
    writer: str
    """Is "extractive", or the generative writer's model."""
    note: str | None = None
    """What the asker should know of how the answer came about: why a language model had no part in it, or only some."""
    took: Mapping[str, float] = Field(default_factory=dict)
    """Stage -> milliseconds; calls to a language model by their purpose, "llm write"."""
    usage: Mapping[str, int] = Field(default_factory=dict)
    """What a language model used: calls, tokens_in, tokens_out, and each by purpose ("write tokens_in"). Empty where
    none was asked."""
    created_at: AwareDatetime


class Evidence(Value):
    """A writer's pointer to words: found again and checked by bot.verify, which trusts none of it."""

    thread_id: str
    comment_id: str
    quote: str
    start: int | None = None
    """Where the quote starts, if the writer knows; where it does not stand there, it is looked for."""


class DraftStatement(Value):
    evidence: tuple[Evidence, ...]
    claim: str | None = None
    """A generative writer's own words. Shown as a claim beside its quotes; None from the extractive writer."""
    role: Role | None = None
    """What the writer takes it for. Where the words and the replies do not bear it out, it is not shown."""


Gap = Literal[
    "unsaid",
    "absent",
    "silent",
    "the other",
    "premise",
    "unwritten",
    "undisputed",
    "sideless",
    "unsupported",
    "unanswered",
    "left open",
    "ungiven",
    "untimed",
    "no such time",
    "no more",
    "unindexed",
    "greeting",
    "thanks",
    "empty",
]
"""Nobody says it; nobody of that name posted; that person says nothing of it; the other of two people does; the person
does not say what the question takes for granted; nobody uses these exact words; nobody disagrees; no words take a
side; nobody agrees; nobody replied; somebody asked it here and nobody answered, as far as can be told; the source gives
no such figures; it gives no times; nothing was posted then; nothing more is there; nothing is indexed; nothing was
asked."""


class Finding(Value):
    """What code found in the data beside the words themselves: bot.verify works it out again before it is told."""

    measure: Measure | None = None
    least: bool = False
    """The fewest, the shortest, the first, instead of the most."""
    top: int = 1
    """How many of the first are asked for."""
    among: tuple[tuple[str, str], ...] | None = None
    """(thread id, comment id) of the posts that were compared; None for all."""
    targets: tuple[tuple[str, str], ...] = ()
    """(thread id, comment id) of the posts whose replies were looked at."""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Draft(Value):
    """What a writer proposes."""

    statements: tuple[DraftStatement, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()
    """(thread id, comment id) of the comments that bear on the question, best first: what is counted."""
    unclear: tuple[tuple[str, str], ...] = ()
    finding: Finding | None = None
    gap: Gap | None = None
    """Why there is nothing to say: a reason of ours, worded by code; a writer's own words never stand in a reason."""
    nearest: tuple[Evidence, ...] = ()
    writer: str
    dropped: int = Field(default=0, ge=0)
    """Statements that the writer gave up itself, since they did not hold."""
    trouble: Why | None = None
    """Why a language model's answer is not given, or not given whole; worded by code."""
    usage: Mapping[str, int] = Field(default_factory=dict)
    took: Mapping[str, float] = Field(default_factory=dict)
    """Milliseconds of its calls, by purpose."""

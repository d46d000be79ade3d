"""Citation, Statement, Count, Coverage, Answer: what a question gets back, and Draft: what a writer proposes.

Only bot.verification.verify makes an Answer; a writer makes a Draft, which refers to comments and never names people.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, model_validator

from bot.values.fallback import Why
from corpus.thread import Author, Candidate, Value

Span = tuple[int, int]
"""[start, end) in code points of a comment's text."""


class Kept(Value):
    """A value that is kept in the store and exported: fields of an earlier edition are dropped on reading."""

    model_config = ConfigDict(extra="ignore")


_KindName = Literal[
    "open",
    "person",
    "mentions",
    "superlative",
    "time",
    "quotation",
    "replies",
    "comparison",
    "sides",
    "overview",
    "listing",
    "greeting",
    "thanks",
    "empty",
]
KINDS: tuple[str, ...] = get_args(_KindName)


def _known_kind(given: object) -> object:
    """A kind that is gone, as kept answers of the first edition hold, reads as open."""
    return given if not isinstance(given, str) or given in KINDS else "open"


Kind = Annotated[_KindName, BeforeValidator(_known_kind)]
"""The form of a question: what a named person says, how many or who mention something, the most of something, when,
exact words, who replied, two people compared, both sides, a summary, a list; else open, or nothing is asked."""

BY_CODE: frozenset[str] = frozenset(
    ["mentions", "superlative", "time", "quotation", "listing", "greeting", "thanks", "empty"]
)
"""Kinds that code answers from the data: no language model writes these, whatever the writer."""

Measure = Literal[
    "likes", "reposts", "replies", "views", "activity", "length", "time", "posts", "likes got", "replies got"
]
"""What a superlative goes by: of a post, its likes, reposts, replies, views, activity, length or time; of a person,
their posts, or the likes or replies that these got."""

State = Literal["lexical", "full"]


class Citation(Kept):
    """One contiguous span of one comment: comment.text[start:end] == quote, in Unicode code points."""

    thread_id: str
    comment_id: str
    author: Author | None
    """Who wrote the cited comment, if that is proven."""
    author_candidate: Candidate | None
    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    focus: Span | None = None
    """Where the words that fit the question stand, inside [start, end); null where no part stands out."""
    cut: bool = False
    """Whether the quote stops inside a paragraph, a list or a block of code, since that is too long to be shown."""
    url: str | None
    posted_at: AwareDatetime | None


class Statement(Kept):
    """Never without a citation. `text` is rendered by code from verified speakers and quotes."""

    text: str
    citations: tuple[Citation, ...] = Field(min_length=1)
    heading: str | None = None
    """The heading of the part of the answer that begins with this statement, such as "Others on this"; else null."""

    @model_validator(mode="before")
    @classmethod
    def _without_claim(cls, given: Any) -> Any:
        """A statement of the first edition without the model's sentence, which its text began with."""
        if not isinstance(given, Mapping) or not isinstance(given.get("claim"), str):
            return given
        return {**given, "text": str(given.get("text", "")).removeprefix(f"{given['claim']} — ")}


class Count(Kept):
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
    by: str = "mentions"
    """What was counted: "data" is what the source tells, "mentions" is who speaks of something, whatever they say."""


class Coverage(Kept):
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


class Answer(Kept):
    id: str
    thread_ids: tuple[str, ...]
    conversation_id: str | None = None
    question: str
    """As it was asked."""
    kind: Kind
    lead: str
    """Plain text that answers first, for a notification or a screen reader: the best quote and its speaker, a number
    that code counted, or the person that code measured; on an abstention what nobody mentions."""
    statements: tuple[Statement, ...] = ()
    more: tuple[Statement, ...] = ()
    """What was found beyond the first points."""
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
    """A writer's pointer to words: found again and checked by bot.verification.verify, which trusts none of it."""

    thread_id: str
    comment_id: str
    quote: str
    start: int | None = None
    """Where the quote starts, if the writer knows; where it does not stand there, it is looked for."""


class DraftStatement(Value):
    evidence: tuple[Evidence, ...]
    heading: str | None = None
    """Words of ours that stand over this statement and what follows it."""


Gap = Literal[
    "unsaid",
    "absent",
    "silent",
    "unmentioned",
    "no links",
    "unwritten",
    "unanswered",
    "ungiven",
    "untimed",
    "no such time",
    "no more",
    "unindexed",
    "greeting",
    "thanks",
    "empty",
]
"""Why there is nothing to say, or what a form did not find: nobody says it; nobody of that name posted; that person
says nothing of it; nobody mentions it in its words; nobody posted a link; nobody uses these exact words; nobody
replied; the source gives no such figures; it gives no times;
nothing was posted then; nothing more is there; nothing is indexed; nothing was asked."""


Note = Literal["sides", "mentions", "tone"]
"""Telling sides needs a language model; a number counts who mentions something; the tone is told by the digest."""


class Finding(Value):
    """What code found in the data beside the words themselves: bot.verification.verify works it out again before it is
    told."""

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
    more: tuple[DraftStatement, ...] = ()
    """What was found beyond the first points."""
    matched: tuple[tuple[str, str], ...] = ()
    """(thread id, comment id) of the comments that bear on the question, best first: what is counted."""
    unclear: tuple[tuple[str, str], ...] = ()
    finding: Finding | None = None
    counted_by: str | None = None
    """What `matched` counts, "data" or "mentions"; None where nothing is counted."""
    gap: Gap | None = None
    """Why there is nothing to say; beside statements, what the form of the question did not find. Worded by code."""
    note: Note | None = None
    """What the asker should know beside the answer; worded by code."""
    nearest: tuple[Evidence, ...] = ()
    writer: str
    dropped: int = Field(default=0, ge=0)
    """Statements that the writer gave up itself, since they did not hold."""
    trouble: Why | None = None
    """Why a language model's answer is not given, or not given whole; worded by code."""
    usage: Mapping[str, int] = Field(default_factory=dict)
    took: Mapping[str, float] = Field(default_factory=dict)
    """Milliseconds of its calls, by purpose."""

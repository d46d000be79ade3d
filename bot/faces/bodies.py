"""What goes over HTTP beside the product's own values: request bodies, short answers, and examples for the document.

Not here: the values themselves (corpus.thread, bot.values.answer), or what a route does (bot.faces.http.api).
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from bot.values.job import Job
from bot.values.narrowing import read_filter
from bot.values.story import SearchHit
from corpus.records.filters import Filter
from corpus.thread import THREAD_ID, Value, Words

Typed = Annotated[Words, StringConstraints(max_length=200)]
When = Annotated[
    Typed,
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
"""Read by bot.values.narrowing, which also takes a month; the document names the two forms that every client can
write."""
ThreadId = Annotated[str, StringConstraints(pattern=f"^{THREAD_ID.pattern}$")]


class _Body(BaseModel):
    """A request body: what is not named here is refused, so that a misspelt field is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionAsked(_Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "Why did the night ferry stop?"}]})

    question: Words = Field(min_length=1)
    """In any words; its greatest length is a setting of the server."""
    conversation_id: Words | None = Field(default=None, min_length=1, max_length=200)
    """As an earlier answer gave it, for a follow-up ("and what about the price?"); made anew when left out."""
    author: Typed | None = None
    """Only comments by this author: a handle, with or without @, or an author's id."""
    after: When | None = None
    """Only comments posted on this day or at this moment, or later: 2026-03-01, 2026-03 or 2026-03-01T09:30:00Z."""
    before: When | None = None
    """Only comments posted earlier than this."""

    def within(self) -> Filter | None:
        """The filter of these fields. Raises InvalidRequest."""
        return read_filter(author=self.author, after=self.after, before=self.before)


class QuestionOverThreads(QuestionAsked):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Who mentions the harbour tax?", "thread_ids": ["digg:night-ferry"]},
                {"question": "Who mentions the harbour tax?", "source": "digg", "after": "2026-03-01"},
            ]
        }
    )

    thread_ids: tuple[ThreadId, ...] | None = Field(default=None, min_length=1, max_length=1_000)
    """The threads to ask; all of them when it is left out."""
    source: Typed | None = None
    """Only comments of this source, such as digg or hackernews."""

    def within(self) -> Filter | None:
        return read_filter(source=self.source, author=self.author, after=self.after, before=self.before)


class Progress(Value):
    """How far an answer is that takes several calls of a language model."""

    stage: str
    """What is being done, in a few words."""
    done: int
    total: int


class Feedback(_Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"helpful": True, "note": "The second quote says it all."}]}
    )

    helpful: bool
    note: Words | None = Field(default=None, max_length=2_000)


class SearchHits(Value):
    hits: tuple[SearchHit, ...]
    """Best first."""


class JobAccepted(Value):
    job: Job


class JobList(Value):
    jobs: tuple[Job, ...]
    """Newest first."""


class Health(Value):
    status: str
    version: str
    instance: str
    """Drawn anew whenever a server starts."""
    parts: Mapping[str, str] = Field(default_factory=dict)
    """At /readyz: what each part is."""


_AUTHOR = {"id": "x:ada_ferry", "handle": "ada_ferry", "name": "Ada"}
_COMMENT_ID = "c2"
_QUOTE = "The crew was cut to one shift."
_COMMENT = {
    "id": _COMMENT_ID,
    "thread_id": "digg:night-ferry",
    "parent_id": "c1",
    "author": _AUTHOR,
    "author_candidate": None,
    "text": f"@mo_pier {_QUOTE} Nobody is left for the night.",
    "quoted": [],
    "addressed": ["mo_pier"],
    "quotes": [],
    "posted_at": "2026-03-01T20:15:00Z",
    "edited_at": None,
    "engagement": {"likes": 12, "reposts": 1, "replies": 0, "views": None},
    "url": "https://x.example/ada_ferry/status/2",
    "deleted": False,
    "is_bot": False,
}
_CITATION = {
    "thread_id": "digg:night-ferry",
    "comment_id": _COMMENT_ID,
    "author": _AUTHOR,
    "author_candidate": None,
    "quote": _QUOTE,
    "start": 9,
    "end": 9 + len(_QUOTE),
    "focus": None,
    "cut": False,
    "url": "https://x.example/ada_ferry/status/2",
    "posted_at": "2026-03-01T20:15:00Z",
}
_COVERAGE = {"used": 40, "indexed": 40, "known": 44, "as_of": "2026-03-02T08:00:00Z", "state": "full"}
_SUMMARY = {
    "id": "digg:night-ferry",
    "source": "digg",
    "title": "The night ferry stops for good",
    "url": "https://digg.example/night-ferry",
    "comments": 40,
    "commenters": 25,
    "unattributed": 2,
    "known_total": 44,
    "revision": 1,
    "state": "full",
    "fetched_at": "2026-03-02T08:00:00Z",
}
_STATEMENT = {"text": f"@ada_ferry: “{_QUOTE}”", "citations": [_CITATION], "heading": None}
_ANSWER = {
    "id": "a3f0c2",
    "thread_ids": ["digg:night-ferry"],
    "conversation_id": "9b1d",
    "question": "Why did the night ferry stop?",
    "kind": "open",
    "lead": _STATEMENT["text"],
    "statements": [_STATEMENT],
    "more": [],
    "count": None,
    "abstained": False,
    "reason": None,
    "nearest": [],
    "dropped": 0,
    "coverage": _COVERAGE,
    "writer": "extractive",
    "note": None,
    "took": {"retrieve": 8.1, "write": 3.2, "verify": 0.4},
    "usage": {},
    "created_at": "2026-03-02T09:00:00Z",
}

_JOB = {
    "id": "5f0c1be2a9d34e77",
    "state": "running",
    "stage": "embedding",
    "done": 1_024,
    "total": 5_000,
    "name": "story.txt",
    "threads": [{**_SUMMARY, "state": "lexical"}],
    "skipped": [],
    "notes": [],
    "outcome": "",
    "error": None,
    "created_at": "2026-03-02T08:00:00Z",
    "updated_at": "2026-03-02T08:00:07Z",
    "ended_at": None,
}

EXAMPLES: dict[str, Any] = {
    "forgotten": {
        "threads": ["digg:night-ferry"],
        "comments": 1,
        "questions": 0,
        "remains": [{"thread_id": "digg:night-ferry", "comment_id": "c4", "why": "quotes it"}],
    },
    "job": _JOB,
    "jobs": {"jobs": [_JOB]},
    "accepted": {"job": _JOB},
    "ingested": {"threads": [_SUMMARY], "skipped": [{"where": "line 7", "reason": "it has no text"}], "notes": []},
    "threads": {"threads": [_SUMMARY], "next_cursor": None},
    "story": {
        "id": "digg:night-ferry",
        "title": "The night ferry stops for good",
        "source": "digg",
        "url": "https://digg.example/night-ferry",
        "page": {"headline": "Islanders ask who pays", "tldr": None, "sentiment": None, "questions": []},
        "digest": {
            "headline": "Islanders ask who pays",
            "tldr": None,
            "sentiment": None,
            "viewpoints": [
                {
                    "statements": [_STATEMENT],
                    "count": {
                        "matched": 1,
                        "commenters": 1,
                        "unattributed": 0,
                        "unclear": 0,
                        "members": [_COMMENT_ID],
                    },
                    "repeated": 0,
                }
            ],
            "questions": ["Why did the night ferry stop?"],
            "made_by": "page",
            "findings": {
                "positive": None,
                "negative": None,
                "voices": 1,
                "questions": ["What does @ada_ferry say?"],
                "writer": "extractive",
            },
            "state": "made",
        },
        "coverage": _COVERAGE,
        "comments": 40,
        "commenters": 25,
        "unattributed": 2,
    },
    "thread": {
        "id": "digg:night-ferry",
        "source": "digg",
        "title": "The night ferry stops for good",
        "url": "https://digg.example/night-ferry",
        "comments": [_COMMENT],
        "fetched_at": "2026-03-02T08:00:00Z",
        "known_total": 44,
        "page": None,
    },
    "comments": {"comments": [_COMMENT], "next_cursor": None},
    "hits": {
        "hits": [
            {
                "comment_id": _COMMENT_ID,
                "score": 0.064,
                "author": _AUTHOR,
                "author_candidate": None,
                "text": _COMMENT["text"],
                "url": _COMMENT["url"],
            }
        ]
    },
    "answer": _ANSWER,
    "answer events": "event: progress\n"
    'data: {"stage":"reading the discussion","done":2,"total":12}\n\n'
    "event: statement\ndata: {...}\n\nevent: answer\ndata: {...}\n\n",
    "answers": {"answers": [_ANSWER], "next_cursor": None},
    "health": {"status": "ok", "version": "0.1.0", "instance": "5f0c1be2a9d34e77", "parts": {}},
}

THREAD_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "thread": {
                        "type": "object",
                        "description": "A thread in the generic shape, as GET /v1/threads/{id}/export gives it; "
                        "`author` may be a handle, `created_at` stand for `posted_at` and `score` for likes.",
                    },
                    "url": {
                        "type": "string",
                        "maxLength": 2_000,
                        "description": "A discussion to fetch and read: https://news.ycombinator.com/item?id=N. Of a "
                        "comment, the whole story is read; `notes` says so.",
                    },
                },
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
            "examples": {
                "thread": {
                    "summary": "A thread in the generic shape",
                    "value": {
                        "thread": {
                            "id": "forum:night-ferry",
                            "source": "forum",
                            "title": "The night ferry stops for good",
                            "comments": [
                                {"id": "c1", "author": "mo_pier", "text": "Who decided this?"},
                                {"id": "c2", "parent_id": "c1", "author": "ada_ferry", "text": _QUOTE},
                            ],
                        }
                    },
                }
            },
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary", "description": "The export, whole."}},
                "required": ["file"],
            }
        },
    },
}

"""Row: one comment of the generic shape, whose columns go by the names that exports commonly give them.

Not here: how rows make threads (corpus.readers.generic).
"""

import re
from functools import lru_cache
from typing import Any

from corpus.readers.moments import moment
from corpus.readers.reading import BadRecord, shown
from corpus.text.plain import content_id, opening, quoted_lines
from corpus.thread import Author, Comment, Engagement

COLUMNS = {
    "id": ("id", "comment_id"),
    "parent_id": ("parent_id", "parent", "reply_to", "replyto"),
    "author": ("author", "user", "username", "speaker"),
    "text": ("text", "body", "content", "comment_text"),
    "posted_at": ("posted_at", "created_at", "timestamp", "date_utc"),
    "likes": ("score", "points", "likes"),
    "url": ("url", "permalink"),
    "thread_id": ("thread_id", "thread", "conversation_id"),
}
"""Field of Comment -> the columns it may stand in; the first that holds something counts. Case does not matter."""

NEEDED = f"a comment needs a column for its words ({', '.join(COLUMNS['text'])})"
_NESTED = frozenset({"quoted", "addressed", "quotes", "engagement", "author_candidate", "meta", "metadata"})
_GONE = frozenset({"[deleted]", "[removed]"})


@lru_cache(maxsize=256)
def _folded(column: str) -> str:
    return column.strip().casefold().replace("-", "_").replace(" ", "_")


class Row:
    """A record as it came, and the names of its columns understood."""

    def __init__(self, record: dict[str, Any]) -> None:
        self._values: dict[str, Any] = {}
        for key, value in record.items():
            name = _folded(key)
            if key == name or name not in self._values:
                self._values[name] = value
        self.faults: list[str] = []
        """What `comment` had to leave out of the comment, in words."""

    @property
    def is_a_comment(self) -> bool:
        """Whether it looks like one of ours, and not like another program's record that has a text as well."""
        text, author = self._of("text"), self._of("author")
        if not isinstance(text, str) and not (text is None and self._has("text") and self._has("id")):
            return False
        if not self._has("author"):
            return all(not isinstance(v, dict | list) for name, v in self._values.items() if name not in _NESTED)
        return not isinstance(author, list | bool) and (not isinstance(author, dict) or "handle" in author)

    @property
    def tells_quotes(self) -> bool:
        """Whether it says itself which of its words are quoted."""
        return self._values.get("quoted") is not None

    @property
    def thread_id(self) -> str | None:
        """Raises BadRecord where the column holds no id."""
        return _identifier(self._of("thread_id"), "thread id")

    @property
    def words(self) -> str:
        """What tells this row from others, for a thread that has no id of its own."""
        return f"{shown(self._of('id'))} {self._of('text')}"

    def comment(self, thread_id: str, *, source: str) -> Comment:
        """The comment. Raises BadRecord or ValidationError where it lacks something or contradicts itself."""
        text = self._text()
        author = self._author(source)
        posted_at = self._moment("posted_at")
        parent_id = _identifier(self._of("parent_id"), "parent's id")
        made = (thread_id, author.handle if author else "", str(posted_at or ""), parent_id or "", text)
        told = {name: value for name in _TOLD if (value := self._values.get(name)) is not None}
        fields = {
            "id": _identifier(self._of("id"), "id") or content_id(*made),
            "thread_id": thread_id,
            "parent_id": parent_id,
            "author": author,
            "text": text,
            "quoted": quoted_lines(text),
            "addressed": opening(text).handles,
            "posted_at": posted_at,
            "edited_at": self._moment("edited_at"),
            "engagement": self._engagement(),
            "url": self._link("url"),
            "deleted": self._is_gone(),
        }
        return Comment.model_validate(fields | told)

    def _of(self, field: str) -> Any:
        for name in COLUMNS.get(field, (field,)):
            if (value := self._values.get(name)) is not None:
                return value
        return None

    def _has(self, field: str) -> bool:
        return any(name in self._values for name in COLUMNS[field])

    def _text(self) -> str:
        text = self._of("text")
        if isinstance(text, str):
            return text
        if text is None and self._has("text"):
            return ""  # its words were taken away: it stays as a node
        raise BadRecord(f"has no words: {NEEDED}" if text is None else f"has words that are {shown(text)}, not text")

    def _author(self, source: str) -> Author | None:
        found = self._of("author")
        if isinstance(found, dict):
            if not found.get("handle"):
                raise BadRecord("has an author without a handle")
            own_id = found.get("id") or f"{source}:{found['handle']}"
            return Author.model_validate({"id": own_id, "handle": found["handle"], "name": found.get("name")})
        name = (_identifier(found, "author") or "").strip()
        if not name.strip("@ ") or name in _GONE:
            return None
        return Author.of_handle(source, name)

    def _is_gone(self) -> bool:
        """Where the record does not say it: whether it lost its words or its author."""
        author, text = self._of("author"), self._of("text")
        return text is None or text.strip() in _GONE or (isinstance(author, str) and author.strip() in _GONE)

    def _moment(self, field: str) -> Any:
        found = self._of(field)
        if found is None or found == "":
            return None
        try:
            return moment(found)
        except ValueError as error:
            self.faults.append(f"{field} {shown(found)} {error}")
            return None

    def _engagement(self) -> Engagement:
        given = self._values.get("engagement")
        counts = given if isinstance(given, dict) else {"likes": self._of("likes")}
        if given is not None and not isinstance(given, dict):
            self.faults.append(f"engagement {shown(given)} is no object")
        return Engagement(**{name: self._count(name, counts.get(name)) for name in Engagement.model_fields})

    def _count(self, name: str, found: Any) -> int | None:
        if found is None or found == "":
            return None
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if isinstance(found, float) and found.is_integer():
            return int(found)
        if isinstance(found, str) and _COUNT.fullmatch(found.strip()):
            return int(found)
        self.faults.append(f"{name} {shown(found)} is no whole number")
        return None

    def _link(self, field: str) -> str | None:
        link, fault = web_address(self._of(field))
        if fault:
            self.faults.append(f"{field} {fault}")
        return link


_TOLD = ("quoted", "addressed", "quotes", "author_candidate", "deleted", "is_bot")
_COUNT = re.compile(r"[-+]?[0-9]{1,18}")
_CONTROLS = re.compile("[\x01-\x1f\x7f-\x9f\u2028\u2029]")
"""What ends a line or steers what shows it. (NUL is replaced by the values.)"""


def web_address(found: Any) -> tuple[str | None, str]:
    """A link that a page may show, and else why it is none. Addresses within their site lead nowhere from here."""
    if found is None or found == "" or (isinstance(found, str) and found.startswith("/")):
        return None, ""
    if isinstance(found, str) and found.lower().startswith(("http://", "https://")) and not _CONTROLS.search(found):
        return found, ""
    return None, f"{shown(found)} is no http address"


def _identifier(found: Any, what: str) -> str | None:
    """An id as a string, unchanged; numbers without a fraction as whole ones."""
    if found is None or isinstance(found, str):
        return found or None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    raise BadRecord(f"its {what} is {shown(found)}")

"""Hacker News item trees as Algolia's /api/v1/items/ID gives them -> Threads.

An item may be a story, a poll or a comment (then the thread is what hangs below it). The story is the opening Comment:
its words are its text, or its title where it is a link. What was deleted stays as a node without words.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from corpus.readers.document import Document
from corpus.readers.moments import moment
from corpus.readers.reading import BadRecord, Gathered, Reading, joined, reason_of, shown
from corpus.text.markup import Plain, from_html
from corpus.text.plain import borrowed_words, merged, opening
from corpus.thread import Author, Comment, Engagement, Thread, storable

READS = "Hacker News items with their comments, as hn.algolia.com/api/v1/items/ID gives them"
SOURCE = "hackernews"
_PERMALINK = "https://news.ycombinator.com/item?id={}"
_TAKEN_DOWN = frozenset({"[deleted]", "[dead]", "[flagged]", "[flagged][dead]"})
_STEPS_SHOWN = 3
_ITEM_ID = re.compile(r"[0-9]{1,20}")


def recognise(document: Document) -> bool:
    return any(_is_item(value) for _, value in document.records())


def _is_item(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and {"id", "author"} <= value.keys()
        and isinstance(value.get("children"), list)
        and not value.keys().isdisjoint({"type", "story_id", "created_at_i", "points"})
    )


def read(document: Document) -> Reading:
    gathered = document.gathered("a Hacker News item")
    for where, item in document.records():
        if _is_item(item):
            _add_thread(item, where, document, gathered)
        else:
            gathered.skip(where, "is no Hacker News item with its children")
    return gathered.reading()


def _add_thread(root: dict[str, Any], where: str, document: Document, gathered: Gathered) -> None:
    walked = _comments(root, where, gathered)
    first = next(walked, None)
    if first is None or first[1].id != _id(root):
        return  # the item itself could not be read, and that has been reported
    comments = gathered.distinct((first, *walked))
    told = [root[key] for key in ("num_comments", "descendants") if _is_count(root.get(key))]
    thread = Thread(
        id=first[1].thread_id,
        source=SOURCE,
        title=_title(root, first[1]),
        url=first[1].url,
        comments=comments,
        fetched_at=document.fetched_at,
        known_total=max(told[0] + 1, len(comments)) if told else None,
    )
    gathered.add(thread, where=where)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _title(root: dict[str, Any], first: Comment) -> str:
    if isinstance(root.get("title"), str) and root["title"].strip():
        return str(root["title"])
    return f"Comment by {first.author.handle} on Hacker News" if first.author else "Comment on Hacker News"


class _Place:
    """A node of the tree and the way to it; `str` shows the way, such as "children[3].children[0]"."""

    __slots__ = ("above", "node", "step", "within")

    def __init__(self, node: Any, *, step: str, above: "_Place | None" = None, within: str = "") -> None:
        self.node = node
        self.step = step
        self.above = above
        self.within = within

    def __str__(self) -> str:
        steps: list[str] = []
        at: _Place | None = self
        while at is not None:
            steps.append(at.step)
            within, at = at.within, at.above
        steps = [step for step in reversed(steps) if step]
        if len(steps) > 2 * _STEPS_SHOWN:
            steps = [*steps[:_STEPS_SHOWN], f"… {len(steps) - 2 * _STEPS_SHOWN:,} levels …", *steps[-_STEPS_SHOWN:]]
        return joined(within, ".".join(steps))


def _comments(root: dict[str, Any], where: str, gathered: Gathered) -> Iterator[tuple[_Place, Comment]]:
    """Every node as a comment, each followed by its replies; the item itself first, or nothing at all.

    Without recursion: chains may be long.
    """
    words: dict[str, str] = {}
    thread_id = ""
    waiting: list[tuple[_Place, str | None]] = [(_Place(root, step="", within=where), None)]
    while waiting:
        place, parent_id = waiting.pop()
        try:
            comment = _comment(place.node, parent_id, thread_id or f"{SOURCE}-{_id(root)}", words)
        except (BadRecord, ValidationError) as error:
            gathered.skip(str(place), reason_of(error))
            if place.above is None:
                return
            comment = None
        if comment is not None:
            thread_id = comment.thread_id
            words.setdefault(comment.id, comment.text)
            for field in _unread(place.node, comment):
                gathered.skip(
                    f"{place}", f"has a {field} of {shown(place.node[field])}: the comment is kept without it"
                )
            yield place, comment
        waiting.extend((below, comment.id if comment else None) for below in reversed(_below(place)))


def _below(place: _Place) -> list[_Place]:
    if not isinstance(place.node, dict):
        return []
    found: list[_Place] = []
    for key in ("options", "children"):
        nodes = place.node.get(key)
        if isinstance(nodes, list):
            # Options may be given by their ids alone, which says nothing that could be cited.
            kept = ((at, node) for at, node in enumerate(nodes) if key == "children" or not isinstance(node, int))
            found.extend(_Place(node, step=f"{key}[{at}]", above=place) for at, node in kept)
    return found


def _comment(node: Any, parent_id: str | None, thread_id: str, words: dict[str, str]) -> Comment:
    """The node as a Comment. Raises BadRecord where it is none. `words` has the texts of those above it."""
    if not isinstance(node, dict):
        raise BadRecord(f"is no item but {shown(node)}")
    own_id = _id(node)
    parent_id = parent_id or _parent_id(node)
    author = _author(node.get("author"))
    plain = _plain(node)
    quoted = (*plain.quoted, *borrowed_words(plain.text, words.get(parent_id or "", ""), emphasised=plain.emphasised))
    taken_down = node.get("text") is None and parent_id is not None
    return Comment(
        id=own_id,
        thread_id=thread_id,
        parent_id=parent_id,
        author=author,
        text=plain.text,
        quoted=merged(quoted),
        addressed=opening(plain.text).handles,
        posted_at=_posted_at(node),
        engagement=Engagement(likes=_points(node)),
        url=_PERMALINK.format(own_id),
        deleted=author is None or taken_down or plain.text in _TAKEN_DOWN,
    )


def _unread(node: dict[str, Any], comment: Comment) -> Iterator[str]:
    """Fields that say something which could not be read."""
    if comment.posted_at is None and node.get("created_at") is not None:
        yield "created_at"
    if comment.engagement.likes is None and node.get("points") is not None:
        yield "points"


def _points(node: dict[str, Any]) -> int | None:
    found = node.get("points")
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _plain(node: dict[str, Any]) -> Plain:
    """The words: of a story without text, its title."""
    text = node.get("text")
    if not isinstance(text, str | None):
        raise BadRecord(f"has a text that is {shown(text)}")
    plain = from_html(storable(text or ""))
    title = node.get("title")
    return Plain(title) if not plain.text and isinstance(title, str) and node.get("type") != "comment" else plain


def _id(node: dict[str, Any]) -> str:
    found = node.get("id")
    written = str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
    if not _ITEM_ID.fullmatch(written):
        raise BadRecord(f"has no item number as its id but {shown(found)}")
    return written


def _parent_id(node: dict[str, Any]) -> str | None:
    found = node.get("parent_id")
    written = str(found) if isinstance(found, int | str) else ""
    return written if _ITEM_ID.fullmatch(written) else None


def _author(found: Any) -> Author | None:
    if not isinstance(found, str | None):
        raise BadRecord(f"has an author that is {shown(found)}")
    return Author.of_handle(SOURCE, found.strip()) if found and found.strip(" @") else None


def _posted_at(node: dict[str, Any]) -> datetime | None:
    for key in ("created_at", "created_at_i"):
        try:
            return moment(node.get(key))
        except ValueError:
            continue
    return None

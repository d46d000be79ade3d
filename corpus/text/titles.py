"""Titles that are a post's own words: made where a source gives none, and made anew where that post is gone.

Not here: when a post is gone (corpus.records.forgotten).
"""

from collections.abc import Sequence

from corpus.text.plain import normal, opening
from corpus.thread import Comment, Thread

LONGEST = 80
_FEWEST_WORDS = 4
"""So many words of a title are a post's beginning and no chance; fewer where the title is all that it says."""


def made_title(comments: Sequence[Comment]) -> str:
    """How the first comment that has words begins."""
    for comment in comments:
        words = " ".join(comment.text[opening(comment.text).end :].split()) if comment.citable else ""
        if words:
            return words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0] or words}…"
    return ""


def retitled(before: Thread, after: Thread) -> Thread:
    """`after` with a title of what it still has, where its own is the words of a post whose words it lost.

    Told by the words themselves: so it does not matter who made the title, nor when.
    """
    now = after.by_id
    gone = [c.text for c in before.comments if c.text and (c.id not in now or now[c.id].text != c.text)]
    if not any(_begins_with(text, after.title) for text in gone):
        return after
    return after.model_copy(update={"title": made_title(after.comments)})


def _begins_with(text: str, title: str) -> bool:
    sought = normal(title).casefold().rstrip(" .…")
    if not sought:
        return False
    for said in (text, text[opening(text).end :]):
        words = normal(said).casefold()
        if words.rstrip(" .…") == sought:
            return True
        if words.startswith(sought) and (len(sought.split()) >= _FEWEST_WORDS or title.rstrip().endswith("…")):
            return True
    return False

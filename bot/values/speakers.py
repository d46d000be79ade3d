"""How people are called in what this program says: the one answer to "who posted this, and how are they called".

A handle and a name are a stranger's words: on one line, of bounded length, with nothing in them that could read as
words of ours or act on the text around them.
"""

import re
from collections.abc import Sequence

from bot.values.answer import Citation
from bot.values.invisible import MARKS, SCOPES, on_one_line, unsteered, visible
from corpus.records.rows import folded
from corpus.text.plain import normal
from corpus.thread import Author, Comment

_BIDI = re.compile(
    f"[{MARKS}{SCOPES}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_PARAGRAPHS = re.compile("([\n\r\x1c-\x1e\x85\u2029])")
"""At these a direction of writing ends, whatever opened it."""
_MARKS = re.compile('["\u201c-\u201f\u00ab\u00bb\u2033\u2036\u301d-\u301f\uff02]')
_SEVERAL = re.compile(r"[,;]|:(?:\s|$)| and | .*@|@.* ")
OUR_WORDS = re.compile(
    r"\b(?:commenters?|posts?|unnamed|probably|more|nobody|unattributed|unanswered|repost(?:s|ed)?|repl(?:y|ies|ied|ying))\b"
)
"""What sentences of ours call people and what they said: a name that holds one could read as such a sentence."""
_INNER_MARKS = str.maketrans(dict.fromkeys("‘’‚‛", "'"))
_HANDLE_LIMIT = 60
NAMED = 8
"""People who are named for the same words; of more it is said how many there are."""
UNNAMED = "an unnamed commenter"


def one_line(text: str, limit: int = _HANDLE_LIMIT) -> str:
    """A stranger's name on one line, of bounded length, its direction of writing kept from spilling over.

    What nobody sees in it is shown as U+FFFD, so that nothing in it acts on the rest of a sentence; its quotation marks
    are made single ones, which here open and close nobody's words.
    """
    own = text[1:-1] if text.startswith("\u2068") and text.endswith("\u2069") else text  # by us, most likely
    line = _MARKS.sub("'", visible(on_one_line(own)))
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return isolated(line)


def isolated(text: str) -> str:
    """The text between marks that keep its direction of writing to itself, where it has one that could spill.

    Marks of its own that could close these from inside are shown as U+FFFD; each paragraph is kept to itself.
    """
    if not _BIDI.search(text):
        return text
    parts = _PARAGRAPHS.split(unsteered(text))
    return "".join(f"\u2068{part}\u2069" if _BIDI.search(part) else part for part in parts)


def at(author: Author) -> str:
    """The author's handle as people write it; a handle that cannot be one (a plain name) stands as it is.

    One that reads like several people, like a whole statement or like words of ours, stands between marks.
    """
    plain = " " in author.handle and author.handle[0].isalnum()
    shown = one_line(author.handle if plain else f"@{author.handle}")
    marked = _SEVERAL.search(shown) or (plain and _like_ours(author.handle))
    return f"‘{shown.translate(_INNER_MARKS)}’" if marked else shown


def _like_ours(handle: str) -> bool:
    """Whether a handle of several words could go on, or open, a sentence of ours: "2 more", "probably ada"."""
    first = handle[0]
    return first.isnumeric() or first.islower() or OUR_WORDS.search(folded(normal(handle))) is not None


def speaker(comment: Comment) -> str:
    """Who is named for a comment: the proven author, "probably @x", or "an unnamed commenter" and whom that answers."""
    if comment.author is None and comment.author_candidate is None:
        return f"{UNNAMED}{_answering(comment)}"
    return named(comment)


def named(spoken: Comment | Citation) -> str:
    """As `speaker`, for a comment or a citation of it, without whom an unnamed commenter answers."""
    if spoken.author is not None:
        return at(spoken.author)
    if spoken.author_candidate is not None:
        return f"probably {at(spoken.author_candidate.author)}"
    return UNNAMED


def _answering(comment: Comment) -> str:
    handles = [one_line(f"@{handle}") for handle in comment.addressed[:3]]
    return f" replying to {listed(handles)}" if handles else ""


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def some(names: Sequence[str]) -> str:
    """ "a, b and c"; of very many the first, and how many more there are."""
    return listed([*names[:NAMED], f"{len(names) - NAMED:,} more"] if len(names) > NAMED + 1 else names)


def quoted(text: str) -> str:
    return f"“{isolated(text)}”"

"""The one escaping function of the page, and the small pieces that every view is made of: names, times, counts, links.

Here values become HTML and nothing else. Not here: whole views (bot.faces.web.render_story,
bot.faces.web.render_answer) and the framework that shows them (bot.faces.web.app). Comments, names, titles and
addresses are hostile: every one of them passes `Html.escape` or `words`, and markup is only ever written as a literal
in these three modules.
"""

import re
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote, urlsplit

import markupsafe

from bot.values.invisible import FLAG, UNSEEN
from corpus.thread import Author, Candidate, Comment, storable

_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x20\x7f-\x9f\\]")
_HUES = 8
SOURCES = {"digg": "Digg", "hackernews": "Hacker News", "x": "X", "generic": "Discussion"}


class Html(markupsafe.Markup):
    """Markup whose placeholders are escaped by our own function: `Html("<p>{}</p>").format(text)`."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        """The value as HTML text, fit for a quoted attribute as well; what is markup already stays as it is.

        A carriage return becomes a reference: a parser would make a line feed of it, and offsets would move.
        """
        if hasattr(s, "__html__"):
            return cls(s.__html__())
        return cls(str(markupsafe.escape(str(s))).replace("\r", "&#13;"))


def words(text: str) -> Html:
    """Somebody's text for the inside of an element: every code point kept, in order, what cannot be seen made visible.

    Characters that turn the direction of writing, or that hide, stand alone in a <bdi>, where they have no effect.
    """
    text = storable(text)
    pieces: list[Html] = []
    reached = 0
    for found in UNSEEN.finditer(text):
        pieces += [Html.escape(text[reached : found.start()]), _unseen(found[0])]
        reached = found.end()
    return Html().join([*pieces, Html.escape(text[reached:])])


def _unseen(run: str) -> Html:
    if run.startswith(FLAG):
        return Html.escape(run)
    shown = f"U+{ord(run[0]):04X}" + (f" ×{len(run)}" if len(run) > 1 else "")
    return Html('<bdi class="dd-unseen" data-code="{}">{}</bdi>').format(shown, run)


def name(text: str, css: str = "") -> Html:
    """A stranger's name on one line, its direction of writing kept to itself; the whole of it on hovering."""
    line = " ".join(text.split())
    return Html('<bdi class="dd-n {}" title="{}">{}</bdi>').format(css, attribute(line), words(line))


def attribute(text: str) -> Html:
    """Somebody's text for an attribute: what cannot be seen is left out, since nothing can mark it there."""
    return Html.escape(UNSEEN.sub("", storable(text)))


def joined(parts: Iterable[Html | str], by: str = "") -> Html:
    return Html.escape(by).join(parts)


def safe_url(url: str | None) -> str | None:
    """The address if a link may go there: http or https, a host, nothing that a browser would read in another way."""
    if url is None or _NOT_IN_ADDRESSES.search(url) or UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url)
        named = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return url if named else None


def outward(url: str | None, label: str, about: str = "") -> Html:
    """A link out of the page, or nothing where the address is not one to follow."""
    address = safe_url(url)
    if address is None:
        return Html()
    return Html(
        '<a class="dd-out" href="{}" target="_blank" rel="noopener noreferrer nofollow"{}>{}{}'
        '<span class="dd-sr"> (opens a new tab)</span></a>'
    ).format(address, Html(' title="{}"').format(attribute(about)) if about else "", label, icon("out"))


def story_link(thread_id: str, comment_id: str | None = None, span: tuple[int, int] | None = None) -> str:
    """The page's own address of a story, of a comment in it, of words in that."""
    address = f"?story={quote(thread_id, safe='')}"
    if comment_id is not None:
        address += f"&comment={quote(comment_id, safe='')}"
    return address + (f"&span={span[0]}-{span[1]}" if span else "")


def number(amount: int) -> str:
    """ "950", "1.2K", "190K", "3.4M"."""
    for limit, divisor, unit in ((1_000, 1, ""), (999_950, 1_000, "K"), (999_950_000, 1_000_000, "M")):
        if amount < limit:
            short = amount / divisor
            return f"{short:.1f}".rstrip("0").rstrip(".") + unit if unit and short < 100 else f"{short:.0f}{unit}"
    return f"{amount / 1_000_000_000:.1f}B"


def several(amount: int, noun: str, plural: str = "") -> str:
    """ "1 post", "2,000 posts"."""
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {plural or noun + 's'}"


def time(moment: datetime | None) -> Html:
    """The day and minute in UTC, the exact time on hovering; nothing where none is known."""
    if moment is None:
        return Html()
    return Html('<time datetime="{}" title="{} UTC">{}<span class="dd-hour">{}</span></time>').format(
        moment.isoformat(), f"{day(moment)}, {moment:%H:%M:%S}", day(moment), f", {moment:%H:%M}"
    )


def day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b} {moment.year}"


def source_name(source: str) -> Html:
    return words(SOURCES.get(source, source.replace("_", " ").capitalize()))


def handle(author: Author) -> str:
    """As people write it; a handle that cannot be one (a plain name) stands as it is."""
    return author.handle if " " in author.handle else f"@{author.handle}"


def face(author: Author | None) -> Html:
    """A coloured initial in place of a picture: pictures would be requests to somewhere else."""
    if author is None:
        return Html('<span class="dd-face dd-face-none" aria-hidden="true">?</span>')
    initial = next((mark for mark in author.name or author.handle if mark.isalnum()), "·").upper()[:1]
    hue = zlib.crc32(author.id.encode()) % _HUES
    return Html('<span class="dd-face dd-hue-{}" aria-hidden="true">{}</span>').format(hue, initial)


def speaker(author: Author | None, candidate: Candidate | None) -> Html:
    """Who wrote a post: name and handle, "probably @x" with its ground at hand, or "unnamed commenter"."""
    if author is not None:
        at = name(handle(author), "dd-handle")
        shown = author.name if author.name and author.name != author.handle else None
        return joined([name(shown, "dd-name"), at], " ") if shown else name(handle(author), "dd-name")
    if candidate is not None:
        return Html(
            '<span class="dd-probably" tabindex="0" data-tip="{}"><span class="dd-sr">{}</span>{} {}</span>'
        ).format(
            attribute(f"Not proven. {candidate.ground}"),
            words(f"Not proven: {candidate.ground}. "),
            "probably",
            name(handle(candidate.author), "dd-name"),
        )
    return Html('<span class="dd-unnamed">unnamed commenter</span>')


def called(comment: Comment) -> str:
    """As `speaker`, in plain text on one line, for a label."""
    if comment.author is not None:
        return handle(comment.author)
    if comment.author_candidate is not None:
        return f"probably {handle(comment.author_candidate.author)}"
    return "an unnamed commenter"


def failure(title: str, message: str, next_step: str = "") -> Html:
    """What went wrong, and what to do about it."""
    what_next = Html('<p class="dd-next">{}</p>').format(words(next_step)) if next_step else Html()
    return Html('<div class="dd-failure" role="alert"><strong>{}</strong><p>{}</p>{}</div>').format(
        title, words(message[:1].upper() + message[1:]), what_next
    )


def icon(of: str) -> Html:
    return Html(
        '<svg class="dd-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    ).format(_ICONS[of])


_ICONS = {
    "reply": "M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12Z",
    "repost": "M4 9l3-3 3 3M7 6v8a3 3 0 0 0 3 3h3M20 15l-3 3-3-3M17 18v-8a3 3 0 0 0-3-3h-3",
    "like": "M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10Z",
    "view": "M5 20v-6M12 20V5M19 20v-9",
    "out": "M8 16 17 7M9.5 7H17v7.5",
    "back": "M15 5l-7 7 7 7",
    "add": "M12 5v14M5 12h14",
    "send": "M12 19V5M5.5 11.5 12 5l6.5 6.5",
    "find": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4",
    "up": "M7 11v9H4v-9Zm0 0 4-7c1.6 0 2.6 1.3 2.3 2.8L12.7 10H18a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7",
    "down": "M17 13V4h3v9Zm0 0-4 7c-1.6 0-2.6-1.3-2.3-2.8l.6-3.2H6a2 2 0 0 1-2-2.4l1.2-6a2 2 0 0 1 2-1.6H17",
    "none": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12h8",
    "place": "M5 4v9a3 3 0 0 0 3 3h11M14.5 11.5 19 16l-4.5 4.5",
}

"""A story as HTML: its head, its Digg Deeper questions, its posts; and the list of all stories.

Not here: answers (bot.faces.web.render_answer), escaping and the small pieces (bot.faces.web.html), what is clicked
(page/page.js).
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.faces.web import render_digest
from bot.faces.web.html import (
    Html,
    attribute,
    called,
    day,
    face,
    handle,
    icon,
    joined,
    name,
    number,
    outward,
    several,
    source_name,
    speaker,
    story_link,
    time,
    words,
)
from bot.faces.web.render_answer import Scene, answer_body
from bot.values.answer import Answer
from corpus.thread import Comment, Engagement, Thread

if TYPE_CHECKING:
    from bot.values.story import Sort, Story
    from corpus.records.store import ThreadSummary

SORTS: "dict[Sort, str]" = {"activity": "Most Activity", "time": "Timeline"}
NONE_ANSWERED = "No Digg Deeper questions have been answered for this story yet."
LONG = 8_000
"""Characters of one post that are sent before somebody asks for the rest."""
SHOWN = 4
"""Answered questions that are listed without being asked for."""
FOLDED = 900
"""Characters from which on a post is shown folded."""


def head(story: "Story") -> Html:
    """Title and what the discussion comes to: the page's own lines, told apart from what commenters said."""
    return Html(
        '<header class="dd-story" data-thread="{}"><p class="dd-kicker">{}</p>'
        '<h1 dir="auto" tabindex="-1">{}</h1>{}</header>'
    ).format(
        attribute(story.id),
        joined(_facts(story), " · "),
        words(story.title or "Untitled discussion"),
        render_digest.summary(story.digest, story.page, story.coverage.state),
    )


def _facts(story: "Story") -> list[Html]:
    loaded = several(story.comments, "post")
    if story.coverage.known is not None and story.coverage.known > story.comments:
        loaded = f"{story.comments:,} of {several(story.coverage.known, 'post')} loaded"
    facts = [source_name(story.source), Html.escape(loaded)]
    if story.commenters:
        facts.append(Html.escape(several(story.commenters, "known commenter")))
    if story.coverage.as_of:
        facts.append(Html.escape(f"read {day(story.coverage.as_of)}"))
    link = outward(story.url, "Original page")
    return [*facts, link] if link else facts


def deeper(story: "Story", answers: Sequence[Answer], thread: Thread) -> Html:
    """The viewpoints, then the Digg Deeper questions: answered ones to unfold, others to ask."""
    answered = [_answered(answer, thread) for answer in answers]
    asked = {_folded(answer.question) for answer in answers if not answer.abstained}  # a withdrawn one may be asked
    on_page = story.page.questions if story.page else ()
    answered += [_answered_by_page(q.question, q.answer) for q in on_page if q.answer]
    waiting = [q.question for q in on_page if not q.answer and _folded(q.question) not in asked]
    known = asked | {_folded(q.question) for q in on_page}
    found = story.digest.findings
    suggested = [question for question in found.questions if _folded(question) not in known] if found else []
    newest = Html('<div class="dd-answered">{}</div>').format(joined(answered[:SHOWN])) if answered else Html()
    shown = newest + _folded_away(answered[SHOWN:])
    return Html(
        '{}<section class="dd-deeper" aria-labelledby="dd-deeper"><h2 id="dd-deeper">Digg Deeper</h2>{}{}{}</section>'
    ).format(
        render_digest.viewpoints(story.digest),
        shown or Html('<p class="dd-none">{}</p>').format(NONE_ANSWERED),
        chips(waiting, "Asked on the page, not answered yet"),
        chips(suggested, "Questions that this discussion answers"),
    )


def _folded(question: str) -> str:
    return question.casefold().strip()


def _folded_away(answered: Sequence[Html]) -> Html:
    """Answered questions beyond the first few, so that the posts are not far below them."""
    if not answered:
        return Html()
    return Html('<details class="dd-older"><summary>{}</summary><div class="dd-answered">{}</div></details>').format(
        several(len(answered), "more answered question"), joined(answered)
    )


def chips(questions: Iterable[str], label: str) -> Html:
    """Questions to ask with one click."""
    buttons = [
        Html('<li><button type="button" class="dd-chip" data-ask="{}" dir="auto">{}</button></li>').format(
            attribute(question), words(question)
        )
        for question in questions
    ]
    return Html('<ul class="dd-chips" aria-label="{}">{}</ul>').format(label, joined(buttons)) if buttons else Html()


def _answered(answer: Answer, thread: Thread) -> Html:
    return Html('<details><summary dir="auto">{}</summary><div class="dd-answer">{}</div></details>').format(
        words(answer.question), answer_body(answer, Scene({thread.id: thread}))
    )


def _answered_by_page(question: str, answer: str) -> Html:
    return Html(
        '<details><summary dir="auto">{}</summary><div class="dd-answer"><p dir="auto">{}</p>'
        '<p class="dd-small">This answer is the page’s own; nothing here has checked it.</p></div></details>'
    ).format(words(question), words(answer))


def posts_pane(cards: Html, sort: "Sort") -> Html:
    """The posts, under the two orders to choose from."""
    buttons = [
        Html('<button type="button" data-sort="{}" aria-pressed="{}">{}</button>').format(
            key, "true" if key == sort else "false", label
        )
        for key, label in SORTS.items()
    ]
    return Html(
        '<section class="dd-posts" aria-label="Posts">'
        '<div class="dd-sorts" role="group" aria-label="Order of the posts">{}</div>'
        "<div data-cited></div><div data-posts>{}</div></section>"
    ).format(joined(buttons), cards)


def posts(comments: Sequence[Comment], thread: Thread, *, sort: "Sort", next_cursor: str | None) -> Html:
    """Posts as cards, and how to get more of them."""
    more = (
        Html('<button type="button" class="dd-more" data-more="{}" data-order="{}">Show more posts</button>').format(
            attribute(next_cursor), sort
        )
        if next_cursor
        else ""
    )
    return joined([*(post(comment, thread) for comment in comments), more])


def post(comment: Comment, thread: Thread, *, whole: bool = False) -> Html:
    """One post. Its text stands in [data-text] code point by code point, so that a quote's offsets fit."""
    if comment.deleted:
        return Html(
            '<article class="dd-post dd-deleted" data-comment="{}" tabindex="-1"><p>[deleted]</p></article>'
        ).format(attribute(comment.id))
    return Html(
        '<article class="dd-post{}" data-comment="{}" data-thread="{}" tabindex="-1" aria-label="{}">'
        '<div class="dd-by">{}<span class="dd-who">{}{}</span>{}</div>{}{}{}<div class="dd-foot">{}{}</div></article>'
    ).format(
        " dd-bot" if comment.is_bot else "",
        attribute(comment.id),
        attribute(thread.id),
        attribute(f"Post by {called(comment)}"),
        face(comment.author),
        speaker(comment.author, comment.author_candidate),
        Html(' <span class="dd-badge">bot</span>') if comment.is_bot else "",
        _when(comment),
        replying(comment, thread),
        _text(comment, whole=whole),
        joined(_quoted_post(thread.by_id[at], thread) for at in comment.quotes if at in thread.by_id),
        _engagement(comment.engagement),
        outward(comment.url, "Original"),
    )


def _when(comment: Comment) -> Html:
    if comment.edited_at is None:
        return Html('<span class="dd-when">{}</span>').format(time(comment.posted_at))
    return Html('<span class="dd-when">{} <span title="{}">edited</span></span>').format(
        time(comment.posted_at), f"Edited {day(comment.edited_at)}, {comment.edited_at:%H:%M} UTC"
    )


def replying(comment: Comment, thread: Thread) -> Html:
    """Whom a post answers: the loaded parent's writer, with a way there, else whom its opening mentions name."""
    parent = thread.by_id.get(thread.parents.get(comment.id) or "")
    if parent is None:
        named = [name(f"@{at}", "dd-handle") for at in comment.addressed]
        return Html('<p class="dd-replying">replying to {}</p>').format(joined(named, ", ")) if named else Html()
    whom = _parent_called(parent, comment)
    return Html(
        '<p class="dd-replying">replying to <a href="{}" data-open data-thread="{}" data-comment="{}">{}</a></p>'
    ).format(story_link(thread.id, parent.id), attribute(thread.id), attribute(parent.id), whom)


def _parent_called(parent: Comment, comment: Comment) -> Html:
    if parent.author is not None:
        return name(handle(parent.author))
    if parent.deleted:
        return Html("a deleted post")
    if parent.author_candidate is not None:
        return Html("probably {}").format(name(handle(parent.author_candidate.author)))
    if len(comment.addressed) == 1:
        return name(f"@{comment.addressed[0]}")
    return Html("an unnamed commenter")


def _text(comment: Comment, *, whole: bool) -> Html:
    text = comment.text if whole else comment.text[:LONG]
    folded = len(text) > FOLDED or text.count("\n") > 14
    cut = len(comment.text) - len(text)
    rest = (
        Html('<button type="button" class="dd-unfold" data-whole>Show the other {} characters</button>').format(
            f"{cut:,}"
        )
        if cut
        else Html()
    )
    unfold = Html('<button type="button" class="dd-unfold" data-unfold aria-expanded="false">Show more</button>')
    return Html('<div class="dd-text{}" dir="auto" data-text>{}</div>{}{}').format(
        " dd-folded" if folded else "", _marked(text, comment.quoted), unfold if folded else "", rest
    )


def _marked(text: str, quoted: Sequence[tuple[int, int]]) -> Html:
    """The text, with what it only quotes from somebody else shown as such."""
    pieces: list[Html] = []
    reached = 0
    for start, end in quoted:
        theirs = words(text[start:end])
        pieces += [
            words(text[reached:start]),
            Html('<span class="dd-theirs">{}</span>').format(theirs) if theirs else Html(),
        ]
        reached = end
    return joined([*pieces, words(text[reached:])])


def _quoted_post(quoted: Comment, thread: Thread) -> Html:
    shown = quoted.text if len(quoted.text) <= 280 else quoted.text[:279].rstrip() + "…"
    return Html(
        '<blockquote class="dd-quoted"><p class="dd-by">{}<span class="dd-who">{}</span></p><p dir="auto">{}</p>'
        '<a href="{}" data-open data-thread="{}" data-comment="{}">Show the quoted post</a></blockquote>'
    ).format(
        face(quoted.author),
        speaker(quoted.author, quoted.author_candidate),
        "[deleted]" if quoted.deleted else words(shown),
        story_link(thread.id, quoted.id),
        attribute(thread.id),
        attribute(quoted.id),
    )


def _engagement(counted: Engagement) -> Html:
    """What the source counted; what it did not count is not shown, rather than shown as 0."""
    figures = [
        ("reply", counted.replies, "reply", "replies"),
        ("repost", counted.reposts, "repost", "reposts"),
        ("like", counted.likes, "like", "likes"),
        ("view", counted.views, "view", "views"),
    ]
    shown = [
        Html('<li title="{0}">{1}<span aria-hidden="true">{2}</span><span class="dd-sr">{0}</span></li>').format(
            several(amount, one, many), icon(key), number(amount)
        )
        for key, amount, one, many in figures
        if amount is not None
    ]
    return Html('<ul class="dd-counts">{}</ul>').format(joined(shown)) if shown else Html()


def overview(summaries: Sequence["ThreadSummary"], *, next_cursor: str | None) -> Html:
    """All stories: what is asked when no single one is chosen."""
    return Html(
        '<header class="dd-story" data-thread=""><h1 tabindex="-1">All stories</h1>'
        '<p class="dd-headline">Choose one to read it, or ask all of them at once.</p>'
        '<label class="dd-find">{}<span class="dd-sr">Find a story</span>'
        '<input type="search" data-find placeholder="Find a story" autocomplete="off" maxlength="200"></label></header>'
        '<ul class="dd-stories" data-stories>{}</ul>'
    ).format(icon("find"), story_cards(summaries, next_cursor=next_cursor))


def story_cards(summaries: Sequence["ThreadSummary"], *, next_cursor: str | None) -> Html:
    if not summaries:
        return Html('<li class="dd-none">No story has these words in its title.</li>')
    more = Html('<li><button type="button" class="dd-more" data-more-stories="{}">Show more stories</button></li>')
    return joined([*map(_story_card, summaries), more.format(attribute(next_cursor)) if next_cursor else ""])


def _story_card(summary: "ThreadSummary") -> Html:
    facts = [source_name(summary.source), Html.escape(several(summary.comments, "post"))]
    if summary.commenters:
        facts.append(Html.escape(several(summary.commenters, "known commenter")))
    facts.append(Html.escape(f"read {day(summary.fetched_at)}"))
    return Html(
        '<li><a class="dd-story-card" href="{}" data-story="{}"><b dir="auto">{}</b><span>{}</span></a></li>'
    ).format(
        story_link(summary.id),
        attribute(summary.id),
        words(summary.title or "Untitled discussion"),
        joined(facts, " · "),
    )


def empty_store() -> Html:
    return Html(
        '<header class="dd-story dd-empty" data-thread=""><h1 tabindex="-1">No story here yet</h1>'
        '<p class="dd-headline">Add a discussion: an export as a file, or the text of a page as you copied it. '
        "Then ask about it, and every sentence of an answer shows who said it.</p>"
        '<p><button type="button" class="dd-primary" data-add>Add a discussion</button></p></header>'
    )


def unavailable(told: Html) -> Html:
    """In the place of a story that cannot be shown."""
    return Html(
        '<header class="dd-story" data-thread=""><h1 tabindex="-1" class="dd-sr">No story</h1>{}'
        '<p><a href="./" data-story="">All stories</a></p></header>'
    ).format(told)

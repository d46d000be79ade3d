"""The digest of a story as HTML: the page's own lines, then shares of tone and viewpoints from the comments.

Every quote leads to its comment. Not here: the rest of a story (bot.faces.web.render_story), answers
(bot.faces.web.render_answer).
"""

from collections.abc import Sequence

from bot.faces.web.html import Html, attribute, joined, several, speaker, story_link, words
from bot.values.answer import Citation, State
from bot.values.story import Digest, Findings, Viewpoint
from bot.verification import sentences
from corpus.thread import Page, Sentiment

SUMMING_UP = "Summing up what the comments say …"
NOT_YET = "What the comments say is summed up as soon as they can be searched by meaning."
OPEN = 3
"""Viewpoints that are shown without being asked for."""
PAGES_OWN = "Headline, TL;DR and sentiment are the page’s own summary, not a commenter’s words."
TONE = (
    "Tone of words by a lexicon, one voice a commenter, and one for a text that several posted; it may differ from "
    "what they are for or against."
)


def summary(digest: Digest, page: Page | None, state: State = "full") -> Html:
    """What stands under a story's title: the page's own summary, then the shares of tone in the comments.

    A digest waits for the thread's vectors: `state` is theirs.
    """
    own = _of_page(page) if digest.made_by == "page" else Html()
    if digest.state == "pending":
        waiting = Html('<p class="dd-working" role="status" data-digest-pending>{}</p>')
        return own + waiting.format(SUMMING_UP if state == "full" else NOT_YET)
    return own + (_shares_of_comments(digest.findings, beside_page=bool(own)) if digest.findings else Html())


def _of_page(page: Page | None) -> Html:
    if page is None or not any((page.headline, page.tldr, page.sentiment)):
        return Html()
    lines = [
        Html('<p class="dd-headline" dir="auto">{}</p>').format(words(page.headline)) if page.headline else Html(),
        _tldr(page.tldr) if page.tldr else Html(),
        sentiment(page.sentiment) if page.sentiment else Html(),
        Html('<p class="dd-small">{}</p>').format(PAGES_OWN),
    ]
    return joined(lines)


def _tldr(text: str) -> Html:
    return Html('<p class="dd-tldr" dir="auto"><span class="dd-label">TL;DR</span> {}</p>').format(words(text))


def sentiment(sides: Sentiment) -> Html:
    """What each side holds by a page, its own sentence whole, and "Pos n% Neg n%" where these are known."""
    rows = [_side("pos", "Positive", sides.positive), _side("neg", "Negative", sides.negative)]
    if sides.positive and sides.negative and sentences.halves(sides.positive, sides.negative):
        rows = [_line(words(sentences.both_sides(sides.positive, sides.negative)))]
    shares = _shares(sides.positive_share, sides.negative_share)
    return Html('<section class="dd-sentiment" aria-label="Sentiment">{}<ul>{}</ul></section>').format(
        shares, joined(rows)
    )


def _shares_of_comments(found: Findings, *, beside_page: bool) -> Html:
    sides = (found.positive, found.negative)
    if all(side is None or side.share is None for side in sides):
        return Html()
    positive, negative = ((side.share or 0.0) if side else 0.0 for side in sides)
    heading = Html('<h2 class="dd-from">From the comments</h2>') if beside_page else Html()
    return Html(
        '<section class="dd-sentiment" aria-label="Sentiment of the comments">{}{}'
        '<p class="dd-small">{}. {}</p></section>'
    ).format(heading, _shares(positive, negative), several(found.voices, "voice"), TONE)


def _line(shown: Html) -> Html:
    return Html('<li class="dd-side"><span dir="auto">{}</span></li>').format(shown)


def _side(css: str, label: str, text: str | None) -> Html:
    """What one side holds, after its label; a page's own words may begin with the label already."""
    if not text:
        return Html()
    if text.casefold().startswith(label.casefold()):
        label, text = text[: len(label)], text[len(label) :]
    return Html('<li class="dd-side dd-{}"><span dir="auto"><span class="dd-label">{}</span> {}</span></li>').format(
        css, words(label), words(text.lstrip())
    )


def _shares(positive: float | None, negative: float | None) -> Html:
    if positive is None or negative is None:
        return Html()
    return Html(
        '<p class="dd-shares"><span class="dd-pos">Pos {}%</span> <span class="dd-neg">Neg {}%</span></p>'
        '<div class="dd-bar" aria-hidden="true"><i class="dd-pos" style="flex-grow:{:.3f}"></i>'
        '<i class="dd-rest" style="flex-grow:{:.3f}"></i><i class="dd-neg" style="flex-grow:{:.3f}"></i></div>'
    ).format(round(positive * 100), round(negative * 100), positive, max(0.0, 1 - positive - negative), negative)


def viewpoints(digest: Digest) -> Html:
    """Groups of similar comments: how many people wrote them, and some of their words."""
    if not digest.viewpoints:
        return Html()
    shown = [_viewpoint(view) for view in digest.viewpoints]
    rest = Html("<details><summary>{}</summary><ol>{}</ol></details>").format(
        several(len(shown) - OPEN, "more viewpoint"), joined(shown[OPEN:])
    )
    return Html(
        '<section class="dd-views" aria-labelledby="dd-views"><h2 id="dd-views">Viewpoints</h2><ol>{}</ol>{}</section>'
    ).format(joined(shown[:OPEN]), rest if len(shown) > OPEN else "")


def _viewpoint(view: Viewpoint) -> Html:
    first, *others = view.statements
    more = Html('<details class="dd-alike"><summary>{}</summary><ul>{}</ul></details>').format(
        "Others", joined(Html('<li dir="auto">{}</li>').format(_quotes(other.citations)) for other in others)
    )
    return Html('<li class="dd-view"><p class="dd-small">{}</p><p dir="auto">{}</p>{}</li>').format(
        sentences.similar(view.count, view.repeated), _quotes(first.citations), more if others else ""
    )


def _quotes(citations: Sequence[Citation]) -> Html:
    return joined((_quote(cited) for cited in citations), " ")


def _quote(cited: Citation) -> Html:
    """The words, which lead to their comment, and who wrote it."""
    return Html(
        '<span class="dd-told"><a class="dd-words" href="{}" data-open data-thread="{}" data-comment="{}" '
        'data-span="{}-{}">“{}”</a>{} <span class="dd-teller">{}</span></span>'
    ).format(
        story_link(cited.thread_id, cited.comment_id, (cited.start, cited.end)),
        attribute(cited.thread_id),
        attribute(cited.comment_id),
        cited.start,
        cited.end,
        words(cited.quote),
        " […]" if cited.cut else "",
        speaker(cited.author, cited.author_candidate),
    )

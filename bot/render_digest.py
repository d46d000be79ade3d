"""The digest of a story as HTML: the page's own lines told apart from what the comments come to, sides, viewpoints.

Every quote leads to its comment. Not here: the rest of a story (bot.render_story), answers (bot.render_answer).
"""

from collections.abc import Sequence

from bot import wording
from bot.answer import Citation, State, Statement
from bot.render import Html, attribute, icon, joined, several, speaker, story_link, words
from bot.story import Digest, Findings, Side, Viewpoint
from corpus.thread import Page, Sentiment

SUMMING_UP = "Summing up what the comments say …"
NOT_YET = "What the comments say is summed up as soon as they can be searched by meaning."
OPEN = 3
"""Viewpoints that are shown without being asked for."""
PAGES_OWN = "Headline, TL;DR and sentiment are the page’s own summary, not a commenter’s words."
_VERBS = {"pos": "commenters highlight", "neg": "commenters fear or fault"}
TONE = (
    "Tone of words by a lexicon, one voice a commenter, and one for a text that several posted; it may differ from "
    "what they are for or against."
)


def summary(digest: Digest, page: Page | None, state: State = "full") -> Html:
    """What stands under a story's title: the page's own summary, then what the comments come to.

    A digest waits for the thread's vectors, which `state` tells of.
    """
    own = _of_page(page) if digest.made_by == "page" else Html()
    if digest.state == "pending":
        told = Html('<p class="dd-working" role="status" data-digest-pending>{}</p>')
        return own + told.format(SUMMING_UP if state == "full" else NOT_YET)
    return own + (_of_comments(digest.findings, beside_page=bool(own)) if digest.findings else Html())


def _of_page(page: Page | None) -> Html:
    if page is None or not any((page.headline, page.tldr, page.sentiment)):
        return Html()
    lines = [
        _headline(words(page.headline)) if page.headline else Html(),
        _tldr(words(page.tldr)) if page.tldr else Html(),
        sentiment(page.sentiment) if page.sentiment else Html(),
        Html('<p class="dd-small">{}</p>').format(PAGES_OWN),
    ]
    return joined(lines)


def _of_comments(found: Findings, *, beside_page: bool) -> Html:
    lines = [] if beside_page else [_cited_headline(found), _cited_tldr(found)]
    return joined([*lines, _sides(found, beside_page=beside_page), _note(found)])


def _cited_headline(found: Findings) -> Html:
    return _headline(_said(found.headline)) if found.headline else Html()


def _cited_tldr(found: Findings) -> Html:
    return _tldr(joined((_said(line) for line in found.tldr), " ")) if found.tldr else Html()


def _headline(told: Html) -> Html:
    return Html('<p class="dd-headline" dir="auto">{}</p>').format(told)


def _tldr(told: Html) -> Html:
    return Html('<p class="dd-tldr" dir="auto"><span class="dd-label">TL;DR</span> {}</p>').format(told)


def _note(found: Findings) -> Html:
    return Html('<p class="dd-small">{}</p>').format(words(found.note)) if found.note else Html()


def sentiment(sides: Sentiment) -> Html:
    """What each side holds as a page tells it, its own sentence whole, and "Pos n% Neg n%" where these are known."""
    rows = [_told_side("pos", "Positive", sides.positive), _told_side("neg", "Negative", sides.negative)]
    if sides.positive and sides.negative and wording.halves(sides.positive, sides.negative):
        rows = [_line(words(wording.both_sides(sides.positive, sides.negative)))]
    shares = _shares(sides.positive_share, sides.negative_share)
    return Html('<section class="dd-sentiment" aria-label="Sentiment">{}<ul>{}</ul></section>').format(
        shares, joined(rows)
    )


def _sides(found: Findings, *, beside_page: bool) -> Html:
    """Both sides by the comments themselves."""
    positive, negative = found.positive, found.negative
    if positive is None and negative is None:
        return Html()
    known = [side.share for side in (positive, negative) if side is not None and side.share is not None]
    shares = (positive.share if positive else 0.0, negative.share if negative else 0.0) if known else (None, None)
    heading = Html('<h2 class="dd-from">From the comments</h2>') if beside_page else Html()
    return Html(
        '<section class="dd-sentiment" aria-label="Sentiment of the comments">{}{}<ul>{}</ul>{}</section>'
    ).format(
        heading,
        _shares(*shares),
        _cited_sides(positive, negative),
        Html('<p class="dd-small">{} {}</p>').format(f"{several(found.voices, 'voice')}.", TONE),
    )


def _cited_sides(positive: Side | None, negative: Side | None) -> Html:
    """Both sides in one sentence, where no claim stands in front; of one that no words stand for it is said so."""
    if positive and negative and not (positive.claim or negative.claim):
        if not (positive.citations or negative.citations):
            return _line(words(wording.both_sides(positive.text, negative.text)))
        return _line(joined([_half("pos", "Positive", positive), _half("neg", "negative", negative)], ", while "))
    return _cited_side("pos", "Positive", positive) + _cited_side("neg", "Negative", negative)


def _half(css: str, label: str, side: Side) -> Html:
    """What one side holds, as a half of a sentence: the first one, unless its label is written small."""
    if not side.citations:
        told = (side.text or "").rstrip(".")
        return words(told if label.istitle() else f"{told[:1].lower()}{told[1:]}")
    return Html('<span class="dd-{}"><span class="dd-label">{}</span> {} {}</span>').format(
        css, label, _VERBS[css], joined(map(_quote, side.citations), " and ")
    )


def _line(told: Html) -> Html:
    return Html('<li class="dd-side"><span dir="auto">{}</span></li>').format(told)


def _cited_side(css: str, label: str, side: Side | None) -> Html:
    if side is None:
        return Html()
    if not side.citations:
        return _line(words(side.text or ""))
    opening = _claim(side.claim) if side.claim else Html("{} ").format(_VERBS[css])
    return _side(css, label, opening + joined(map(_quote, side.citations), " and "))


def _told_side(css: str, label: str, text: str | None) -> Html:
    """What one side holds, after its label, which a page's own words may begin with already."""
    if not text:
        return Html()
    if text.casefold().startswith(label.casefold()):
        label, text = text[: len(label)], text[len(label) :]
    return _side(css, label, words(text.lstrip()))


def _side(css: str, label: str, told: Html) -> Html:
    return Html('<li class="dd-side dd-{}"><span dir="auto"><span class="dd-label">{}</span> {}</span></li>').format(
        css, words(label), told
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
    """The distinct positions: how many share each, their words, the strongest rebuttal."""
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
        "In other words", joined(Html('<li dir="auto">{}</li>').format(_said(other)) for other in others)
    )
    return Html('<li class="dd-view"><p class="dd-small">{}{}</p><p dir="auto">{}</p>{}{}</li>').format(
        wording.capital(wording.people(view.count)),
        f", {view.repeated:,} of them in the very same words" if view.repeated else "",
        _said(first),
        more if others else "",
        _rebuttal(view.rebuttal),
    )


def _rebuttal(said: Statement | None) -> Html:
    if said is None:
        return Html()
    return Html('<p class="dd-against" dir="auto">{} <span class="dd-label">A reply disagrees:</span> {}</p>').format(
        icon("reply"), _quotes(said.citations)
    )


def _said(said: Statement) -> Html:
    """A statement: a writer's claim where it has one, and its quotes."""
    return _claim(said.claim) + _quotes(said.citations)


def _claim(claim: str | None) -> Html:
    return Html('<span class="dd-claim">{}</span> ').format(words(claim)) if claim else Html()


def _quotes(citations: Sequence[Citation]) -> Html:
    return joined((_quote(cited) for cited in citations), " ")


def _quote(cited: Citation) -> Html:
    """The words, which lead to their comment, and who wrote it."""
    return Html(
        '<span class="dd-told"><a class="dd-words" href="{}" data-open data-thread="{}" data-comment="{}" '
        'data-span="{}-{}">“{}”</a> <span class="dd-teller">{}</span></span>'
    ).format(
        story_link(cited.thread_id, cited.comment_id, (cited.start, cited.end)),
        attribute(cited.thread_id),
        attribute(cited.comment_id),
        cited.start,
        cited.end,
        words(cited.quote),
        speaker(cited.author, cited.author_candidate),
    )

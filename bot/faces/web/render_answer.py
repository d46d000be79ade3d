"""Answers as HTML: the lead, each statement beside its quotes, what was looked at, and what could not be said.

Not here: the posts that quotes are found in (bot.faces.web.render_story), escaping and the small pieces
(bot.faces.web.html).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.faces.web.html import (
    Html,
    attribute,
    called,
    day,
    face,
    icon,
    joined,
    name,
    outward,
    several,
    speaker,
    story_link,
    time,
    words,
)
from bot.values.answer import Answer, Citation, Count, Coverage, Statement
from bot.values.quote_parts import parts, plain, same_words
from bot.verification import sentences
from bot.verification.leads import further, headed, on_top
from corpus.thread import Comment, Thread

NOT_A_QUESTION = frozenset({"greeting", "thanks", "empty"})
EXTRACTIVE = "extractive"


class Scene(NamedTuple):
    """What an answer is shown against."""

    threads: Mapping[str, Thread]
    """Those that it cites, by id."""
    of_several: bool = False
    """Whether several stories were asked, and each quote must say which one it stands in."""


def turn(answer: Answer, scene: Scene) -> Html:
    """A question and its answer, as they stand in the conversation. `data-lead` is what a screen reader is told."""
    return Html(
        '<section class="dd-turn" data-answer="{}" data-conversation="{}" data-lead="{}" data-done>{}'
        '<div class="dd-answer">{}</div></section>'
    ).format(
        attribute(answer.id),
        attribute(answer.conversation_id or ""),
        attribute(answer.lead),
        asked(answer.question),
        answer_body(answer, scene),
    )


def growing(
    question: str, statements: Sequence[Statement], scene: Scene, *, parts: tuple[int, int] | None = None
) -> Html:
    """The turn while it is being written: what is verified so far; of a long reading how many parts of how many."""
    shown = Html('<ol class="dd-statements">{}</ol>').format(joined(statement(s, scene) for s in statements))
    return Html(
        '<section class="dd-turn" aria-busy="true">{}<div class="dd-answer">{}'
        '<p class="dd-working"{}><span class="dd-dots" aria-hidden="true"><i></i><i></i><i></i></span> {}</p>'
        "</div></section>"
    ).format(
        asked(question),
        shown if statements else "",
        Html(" data-part") if parts else "",
        _doing(parts, begun=bool(statements)),
    )


def _doing(parts: tuple[int, int] | None, *, begun: bool) -> str:
    if parts is None:
        return "Reading on …" if begun else "Reading the discussion …"
    done, total = parts
    return f"Reading part {done + 1} of {total} …" if done < total else "Putting together what was found …"


def failed(question: str, told: Html) -> Html:
    """The turn that ended in an error, which `told` tells."""
    return Html('<section class="dd-turn" data-done>{}<div class="dd-answer">{}</div></section>').format(
        asked(question), told
    )


def asked(question: str) -> Html:
    return Html('<h3 class="dd-asked" dir="auto"><span class="dd-sr">You asked: </span>{}</h3>').format(words(question))


def answer_body(answer: Answer, scene: Scene) -> Html:
    """All of an answer but its question."""
    if answer.kind in NOT_A_QUESTION:
        return Html('<p class="dd-lead" dir="auto">{}</p>').format(words(answer.reason or answer.lead))
    if answer.abstained:
        return joined([_abstention(answer, scene), _closing(answer, scene)])
    lead = on_top(answer)
    shown = joined(statement(said, scene, heading=heading) for heading, said in headed(answer))
    return joined(
        [
            Html('<p class="dd-lead" dir="auto">{}</p>').format(words(lead)) if lead else Html(),
            Html('<ol class="dd-statements">{}</ol>').format(shown),
            _more(answer, scene),
            _closing(answer, scene),
        ]
    )


def _more(answer: Answer, scene: Scene) -> Html:
    """What was found beyond the first points, folded away."""
    if not answer.more:
        return Html()
    amount = further(answer)
    return Html('<details class="dd-further"><summary>{}</summary><ol class="dd-statements">{}</ol></details>').format(
        f"{several(amount, 'more comment')} {'speaks' if amount == 1 else 'speak'} of this",
        joined(statement(said, scene, heading=said.heading) for said in answer.more),
    )


def _abstention(answer: Answer, scene: Scene) -> Html:
    said = dict.fromkeys(text for text in (answer.lead, answer.reason) if text)
    nearest = Html(
        '<div class="dd-nearest"><h4>Nearest posts <span>They do not answer the question.</span></h4>{}</div>'
    ).format(joined(citation(plain(near), scene) for near in answer.nearest))
    return Html('<div class="dd-abstained"><p class="dd-verdict">{}Not answered here</p>{}</div>{}').format(
        icon("none"),
        joined(Html('<p dir="auto">{}</p>').format(words(text)) for text in said),
        nearest if answer.nearest else "",
    )


def statement(said: Statement, scene: Scene, *, heading: str | None = None) -> Html:
    """One statement: the quotes that it is made of, below the heading of its part of the answer."""
    opens = Html('<h4 class="dd-part" dir="auto">{}</h4>').format(words(heading)) if heading else Html()
    quotes = (citation(first, scene, *others) for first, *others in same_words(said.citations))
    return Html("<li>{}{}</li>").format(opens, joined(quotes))


def citation(cited: Citation, scene: Scene, *others: Citation) -> Html:
    """A quote, who said it, and the way to the comment: in the story with the words marked, and at its source."""
    return Html(
        '<figure class="dd-cite"><figcaption>{}</figcaption><blockquote dir="auto">{}{}</blockquote>{}</figure>'
    ).format(
        joined(_said_by(each, scene) for each in (cited, *others)),
        _way_in(cited, _quote(cited), "dd-quote", f"Show in the story: {cited.quote}"),
        Html('<span class="dd-cut" title="The post goes on.">{}</span>').format(parts(cited).cut) if cited.cut else "",
        Html('<p class="dd-ways">{}{}</p>').format(
            _way_in(cited, joined([icon("place"), "Show in the story"]), "dd-way", ""),
            outward(cited.url, "Original"),
        ),
    )


def _quote(cited: Citation) -> Html:
    """The words, those that fit the question marked."""
    before, focus, after, _ = parts(cited)
    fitting = Html('<strong class="dd-focus">{}</strong>').format(words(focus)) if focus else Html()
    return joined([words(before), fitting, words(after)])


def _way_in(cited: Citation, label: Html, css: str, told: str) -> Html:
    return Html(
        '<a class="{}" href="{}" data-open data-thread="{}" data-comment="{}" data-span="{}-{}"{}{}>{}</a>'
    ).format(
        css,
        story_link(cited.thread_id, cited.comment_id, (cited.start, cited.end)),
        attribute(cited.thread_id),
        attribute(cited.comment_id),
        cited.start,
        cited.end,
        Html(' data-focus="{}-{}"').format(*cited.focus) if cited.focus else "",
        Html(' aria-label="{}"').format(attribute(told)) if told else "",
        label,
    )


def _said_by(cited: Citation, scene: Scene) -> Html:
    thread = scene.threads.get(cited.thread_id)
    of = Html('<span class="dd-of">in {}</span>').format(name(thread.title)) if thread and scene.of_several else ""
    return Html(
        '<span class="dd-by">{}<span class="dd-who">{}{}</span><span class="dd-when">{}</span>{}</span>'
    ).format(
        face(cited.author),
        speaker(cited.author, cited.author_candidate),
        _answering(cited, thread),
        time(cited.posted_at),
        of,
    )


def _answering(cited: Citation, thread: Thread | None) -> Html:
    """Whom an unnamed commenter answers: all that is known of who they are."""
    comment = thread.by_id.get(cited.comment_id) if thread else None
    if comment is None or cited.author is not None or cited.author_candidate is not None or not comment.addressed:
        return Html()
    named = [name(f"@{at}", "dd-handle") for at in comment.addressed[:3]]
    return Html(' <span class="dd-replying">replying to {}</span>').format(joined(named, ", "))


def _closing(answer: Answer, scene: Scene) -> Html:
    parts = [
        counted(answer.count, answer, scene) if answer.count and answer.count.members else Html(),
        Html('<p class="dd-small">{}</p>').format(joined(_small_print(answer), " ")),
        feedback(answer.id),
    ]
    return Html('<div class="dd-closing">{}</div>').format(joined(parts))


def _small_print(answer: Answer) -> list[Html]:
    lines = [Html('<span class="dd-coverage">{}</span>').format(coverage(answer.coverage))]
    if answer.dropped:
        lines.append(Html.escape(f"{several(answer.dropped, 'statement')} left out: not clearly supported."))
    if answer.writer != EXTRACTIVE:
        told = "Quotes chosen by {}, each checked against its post." if answer.statements else "Read by {}."
        lines.append(Html(told).format(words(answer.writer)))
    if answer.note:
        lines.append(Html('<span class="dd-note">{}</span>').format(words(answer.note)))
    return lines


def coverage(looked_at: Coverage) -> str:
    """ "From 21 of 21 posts, as of 21 Nov 2025, 15:12 UTC." """
    total = looked_at.known if looked_at.known is not None else looked_at.indexed
    posts = f"{looked_at.used:,} of {several(max(total, looked_at.used), 'post')}"
    as_of = f", as of {day(looked_at.as_of)}, {looked_at.as_of:%H:%M} UTC" if looked_at.as_of else ""
    only = f" Only posts {looked_at.only}." if looked_at.only else ""
    return f"From {posts}{as_of}.{only} {sentences.by_words(looked_at)}".rstrip()


def counted(count: Count, answer: Answer, scene: Scene) -> Html:
    """Every post that was counted, to check the count by; nothing where each of them is cited above."""
    thread = scene.threads.get(answer.thread_ids[0]) if len(answer.thread_ids) == 1 else None
    members = [thread.by_id[at] for at in count.members if at in thread.by_id] if thread else []
    cited = {citation.comment_id for statement in answer.statements for citation in statement.citations}
    if not thread or cited.issuperset(count.members):
        return Html()
    links = [_member(comment, thread) for comment in members]
    return Html('<details class="dd-counted"><summary>{}</summary><ol>{}</ol></details>').format(
        f"All {several(len(members), 'post')} counted", joined(links)
    )


def _member(comment: Comment, thread: Thread) -> Html:
    start = " ".join(comment.text.split())
    return Html('<li><a href="{}" data-open data-thread="{}" data-comment="{}">{}: <span>{}</span></a></li>').format(
        story_link(thread.id, comment.id),
        attribute(thread.id),
        attribute(comment.id),
        name(called(comment)),
        words(start if len(start) <= 90 else start[:89] + "…"),
    )


def feedback(answer_id: str) -> Html:
    button = Html(
        '<button type="button" data-helpful="{}" aria-pressed="false" title="{}">{}'
        '<span class="dd-sr">{}</span></button>'
    )
    return Html(
        '<div class="dd-feedback" role="group" aria-label="Was this helpful?" data-answer-id="{}">'
        '{}{}<span class="dd-thanks" role="status"></span></div>'
    ).format(
        attribute(answer_id),
        button.format("yes", "Helpful", icon("up"), "Helpful"),
        button.format("no", "Not helpful", icon("down"), "Not helpful"),
    )


def history(turns: Html, opening: Html, *, of_all: bool) -> Html:
    """The conversation so far."""
    return Html(
        '<div class="dd-chat-head"><h2>{}</h2><span><button type="button" data-here hidden class="dd-quiet">'
        'Ask this story</button><button type="button" data-new class="dd-quiet">New conversation</button></span></div>'
        '{}<div class="dd-past" role="log" aria-live="off" aria-label="Conversation">{}</div>'
    ).format("Ask all stories" if of_all else "Ask this story", opening, turns)


def opening(suggested: Html, *, of_all: bool) -> Html:
    """The conversation before its first question."""
    return Html('<div class="dd-opening"><p class="dd-promise">{}</p>{}</div>').format(
        f"Every sentence of an answer is a quote, with its commenter{' and its story' * of_all} beside it. "
        "Click one to read it in its place.",
        suggested,
    )

"""What hostile and ordinary values look like as HTML, read back with a parser."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import suggestions
from bot.faces.web import render_answer, render_story
from bot.faces.web.html import Html, attribute, name, number, outward, safe_url, words
from bot.faces.web.render_answer import Scene
from bot.values import speakers
from bot.values.answer import Answer, Citation, Count, Coverage, Statement
from bot.values.story import Digest, Story
from bot.verification import sentences
from corpus.records.store import ThreadSummary
from corpus.thread import (
    Author,
    Candidate,
    Comment,
    Engagement,
    Page,
    PageQuestion,
    Sentiment,
    Thread,
    storable,
)

NOON = datetime(2026, 2, 10, 12, 0, tzinfo=UTC)
HARMLESS = set(
    "a article b bdi blockquote button details div figcaption figure h1 h2 h3 h4 header i input label li ol p path "
    "section span strong summary svg time ul".split()
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</textarea></template><iframe src=//evil.example>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} `",
    "<!--<b>-->&lt;i&gt;&amp;&#60;u&#62;",
    "\u202egnp.exe\u202c and \u2066isolated\u2069 \u200bhidden",
    "first\r\nsecond\rthird\x0b\x1f\x85",
    "nul \x00 and lone \ud800 surrogate",
    "]]><math><mtext></mtext><style><img src onerror=alert(1)>",
]


class Parsed(HTMLParser):
    """Elements with their attributes, and the text as a browser would have it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment in the markup: {data!r}")

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if attribute in attributes]


def assert_harmless(html: Html) -> Parsed:
    """Only our elements, no scripts in attributes, no address but the web's and the page's own."""
    parsed = Parsed(html)
    assert {tag for tag, _ in parsed.elements} <= HARMLESS
    for _, attributes in parsed.elements:
        assert not [
            key for key in attributes if key.startswith("on") or key in {"src", "srcdoc", "action", "formaction"}
        ]
        address = attributes.get("href")
        assert address is None or address.startswith(("https://", "http://", "?story=", "./"))
        if address is not None and address.startswith("http"):
            assert attributes["target"] == "_blank"
            assert "noopener" in (attributes["rel"] or "")
    return parsed


def citation_of(comment: Comment, quote: str) -> Citation:
    start = comment.text.index(quote)
    return Citation(
        thread_id=comment.thread_id,
        comment_id=comment.id,
        author=comment.author,
        author_candidate=comment.author_candidate,
        quote=quote,
        start=start,
        end=start + len(quote),
        url=comment.url,
        posted_at=comment.posted_at,
    )


def thread_of(*comments: Comment, title: str = "A ferry stops", page: Page | None = None) -> Thread:
    return Thread(id="t:1", source="forum", title=title, comments=comments, fetched_at=NOON, page=page)


def comment(comment_id: str, text: str = "The engine fails.", **fields: object) -> Comment:
    values = {"author": Author.of_handle("forum", "old_salt", "Old Salt"), "posted_at": NOON, **fields}
    return Comment.model_validate({"id": comment_id, "thread_id": "t:1", "text": text, **values})


def answer_of(*statements: Statement, **fields: object) -> Answer:
    values = {
        "id": "a1",
        "thread_ids": ("t:1",),
        "question": "Why?",
        "kind": "open",
        "lead": statements[0].text if statements else "Nobody says that.",
        "statements": statements,
        "coverage": Coverage(used=21, indexed=21, known=21, as_of=NOON, state="full"),
        "writer": "extractive",
        "created_at": NOON,
        **fields,
    }
    return Answer.model_validate(values)


def scene(thread: Thread, *, of_several: bool = False) -> Scene:
    return Scene({thread.id: thread}, of_several)


def spoken_by(thread: Thread, comment_id: str, quote: str, heading: str | None = None) -> Statement:
    said = thread.comment(comment_id)
    return Statement(
        text=sentences.statement_text([(speakers.speaker(said), quote)]),
        citations=(citation_of(said, quote),),
        heading=heading,
    )


def story_of(thread: Thread) -> Story:
    return Story(
        id=thread.id,
        source=thread.source,
        title=thread.title,
        url=thread.url,
        page=thread.page,
        digest=Digest.of_page(thread.page),
        coverage=Coverage(used=1, indexed=1, known=thread.known_total, as_of=NOON, state="full"),
        comments=len(thread.comments),
        commenters=len(thread.commenters),
        unattributed=0,
    )


# escaping


@given(st.text())
def test_words_keep_every_code_point_and_add_no_element_but_isolation(text: str) -> None:
    parsed = Parsed(words(text))
    assert parsed.text == storable(text)
    assert {tag for tag, _ in parsed.elements} <= {"bdi"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_text(text: str) -> None:
    assert assert_harmless(words(text)).text == storable(text)


@given(st.text())
def test_an_attribute_holds_its_value_and_nothing_follows_it(text: str) -> None:
    [(tag, attributes)] = Parsed(Html('<p title="{}">').format(attribute(text))).elements
    assert (tag, set(attributes)) == ("p", {"title"})


def test_an_override_of_direction_stands_alone_and_visibly() -> None:
    parsed = Parsed(words("a\u202eb"))
    assert parsed.elements == [("bdi", {"class": "dd-unseen", "data-code": "U+202E"})]


@pytest.mark.parametrize("mark", "\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
def test_every_mark_of_direction_stands_alone_and_visibly(mark: str) -> None:
    parsed = Parsed(words(f"a{mark}b"))
    assert parsed.elements == [("bdi", {"class": "dd-unseen", "data-code": f"U+{ord(mark):04X}"})]
    assert mark not in attribute(f"a{mark}b")
    assert safe_url(f"https://x.example/{mark}") is None


def test_flags_and_joined_emoji_are_left_whole() -> None:
    text = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f \U0001f469\u200d\U0001f52c"
    assert words(text) == text


def test_a_name_stands_on_one_line_in_isolation() -> None:
    parsed = Parsed(name("Old\n\tSalt"))
    assert parsed.text == "Old Salt"
    assert parsed.elements[0][0] == "bdi"


@pytest.mark.parametrize("url", ["https://x.com/a/status/1", "http://127.0.0.1:8000/?a=b&c=d#e", "HTTPS://EXAMPLE.ORG"])
def test_web_addresses_are_linked(url: str) -> None:
    link = assert_harmless(Html("{}").format(outward(url, "Original")) if url.islower() else Html())
    assert safe_url(url) == url
    assert not url.islower() or link.having("href")[0]["href"] == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://x.com",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/relative",
        "https:",
        "https:///path",
        "https://x.com\\@evil.example",
        "https://x.com@evil.example/",
        "https://evil.example/\u202egpj.exe",
        "https://[bad",
        "https://a b.example",
        "https://x.com/\x00",
    ],
)
def test_other_addresses_are_dropped(url: str | None) -> None:
    assert safe_url(url) is None
    assert outward(url, "Original") == ""


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1K"),
        (1_234, "1.2K"),
        (190_400, "190K"),
        (999_960, "1M"),
        (3_400_000_000, "3.4B"),
    ],
)
def test_large_numbers_are_short(amount: int, shown: str) -> None:
    assert number(amount) == shown


# posts


def shown(thread: Thread, comment_id: str) -> Parsed:
    return assert_harmless(render_story.post(thread.comment(comment_id), thread))


def test_a_post_names_its_author_and_what_was_counted() -> None:
    thread = thread_of(comment("c1", engagement=Engagement(likes=1_234, replies=0), url="https://x.com/i/status/1"))
    text = shown(thread, "c1").text
    assert "Old Salt" in text
    assert "@old_salt" in text
    assert "1,234 likes" in text
    assert "0 replies" in text
    assert "views" not in text


def test_a_post_without_an_author_is_by_an_unnamed_commenter() -> None:
    assert "unnamed commenter" in shown(thread_of(comment("c1", author=None)), "c1").text


def test_a_likely_author_is_probably_so_and_the_ground_is_at_hand() -> None:
    likely = Candidate(author=Author.of_handle("forum", "ada"), ground='the headline says "Ada"')
    parsed = shown(thread_of(comment("c1", author=None, author_candidate=likely)), "c1")
    assert "probably @ada" in parsed.text
    assert [at["data-tip"] for at in parsed.having("data-tip")] == ['Not proven. the headline says "Ada"']
    assert parsed.having("tabindex")


def test_a_deleted_post_shows_none_of_its_words() -> None:
    text = shown(thread_of(comment("c1", text="regretted", deleted=True)), "c1").text
    assert "[deleted]" in text
    assert "regretted" not in text


def test_a_bot_is_marked() -> None:
    assert "@old_salt bot" in shown(thread_of(comment("c1", is_bot=True)), "c1").text
    assert "bot" not in shown(thread_of(comment("c1")), "c1").text


def test_a_reply_says_whom_it_answers_and_leads_there() -> None:
    thread = thread_of(
        comment("c1"), comment("c2", parent_id="c1"), comment("c3", parent_id="gone", addressed=["ada", "mo"])
    )
    reply = shown(thread, "c2")
    assert "replying to @old_salt" in reply.text
    assert reply.having("data-open")[0]["data-comment"] == "c1"
    assert "replying to @ada, @mo" in shown(thread, "c3").text


def test_a_quoted_post_is_shown_as_somebody_elses() -> None:
    thread = thread_of(comment("c1", "Spare parts take months."), comment("c2", "This.", quotes=["c1", "not-loaded"]))
    parsed = shown(thread, "c2")
    assert "Spare parts take months." in parsed.text
    assert [tag for tag, _ in parsed.elements].count("blockquote") == 1


def test_a_deleted_post_that_is_quoted_shows_none_of_its_words() -> None:
    thread = thread_of(comment("c1", "regretted", deleted=True), comment("c2", "This.", quotes=["c1"]))
    assert "regretted" not in shown(thread, "c2").text


def test_the_text_of_a_post_stands_there_code_point_by_code_point() -> None:
    said = "> quoted\r\nown \U0001f606 words <b>\u202eodd\u202c"
    html = render_story.post(comment("c1", said, quoted=((0, 8),)), thread_of(comment("c1", said)))
    inner = html.partition("data-text>")[2].partition("</div>")[0]
    assert Parsed(inner).text == said


def test_a_long_post_is_cut_until_somebody_asks_for_the_rest() -> None:
    thread = thread_of(comment("c1", "word " * 10_000))
    assert "Show the other 42,000 characters" in shown(thread, "c1").text
    assert len(assert_harmless(render_story.post(thread.comment("c1"), thread, whole=True)).text) > 50_000


# stories


def test_the_page_speaks_for_itself_and_the_shares_are_shown() -> None:
    feeling = Sentiment(positive="praise it", negative="fear it", positive_share=0.62, negative_share=0.38)
    page = Page(headline="Crews are short", tldr="In brief.", sentiment=feeling)
    text = assert_harmless(render_story.head(story_of(thread_of(comment("c1"), page=page)))).text
    for part in ("A ferry stops", "Crews are short", "In brief.", "praise it", "fear it", "Pos 62%", "Neg 38%"):
        assert part in text


def test_a_side_is_labelled_once() -> None:
    page = Page(sentiment=Sentiment(positive="Positive users praise it", negative="fear it"))
    text = assert_harmless(render_story.head(story_of(thread_of(comment("c1"), page=page)))).text
    assert text.count("Positive") == 1
    assert "Negative fear it" in text


def test_shares_that_nobody_knows_are_not_shown() -> None:
    page = Page(sentiment=Sentiment(positive="praise it", negative="fear it"))
    assert "%" not in render_story.head(story_of(thread_of(comment("c1"), page=page)))


def test_a_story_without_answered_questions_says_so_and_offers_the_open_ones() -> None:
    thread = thread_of(comment("c1"), page=Page(questions=(PageQuestion(question="Is it the engine?"),)))
    parsed = assert_harmless(render_story.deeper(story_of(thread), (), thread))
    assert "No Digg Deeper questions have been answered for this story yet." in parsed.text
    assert [at["data-ask"] for at in parsed.having("data-ask")] == ["Is it the engine?"]


def test_answered_questions_are_listed_and_no_longer_offered() -> None:
    thread = thread_of(comment("c1"), page=Page(questions=(PageQuestion(question="Why?"),)))
    parsed = assert_harmless(
        render_story.deeper(story_of(thread), [answer_of(spoken_by(thread, "c1", "The engine fails."))], thread)
    )
    assert "Why?" in parsed.text
    assert "The engine fails." in parsed.text
    assert not parsed.having("data-ask")


def test_stories_are_listed_with_what_is_known_of_them() -> None:
    summary = ThreadSummary(
        id="t:1",
        title="<b>Ferry</b>",
        source="hackernews",
        url=None,
        comments=2_000,
        commenters=1,
        unattributed=0,
        known_total=None,
        revision=1,
        state="full",
        fetched_at=NOON,
    )
    parsed = assert_harmless(render_story.overview([summary], next_cursor="next"))
    assert "<b>Ferry</b>" in parsed.text
    assert "Hacker News · 2,000 posts · 1 known commenter · read 10 Feb 2026" in parsed.text
    assert parsed.having("data-story")[0]["data-story"] == "t:1"
    assert parsed.having("data-more-stories")[0]["data-more-stories"] == "next"


# answers


def test_a_statement_shows_its_speaker_its_quote_and_the_way_there() -> None:
    thread = thread_of(comment("c1", "So. The engine fails. Ask.", url="https://x.com/i/status/1"))
    parsed = assert_harmless(render_answer.turn(answer_of(spoken_by(thread, "c1", "The engine fails.")), scene(thread)))
    way = parsed.having("data-span")[0]
    assert (way["data-comment"], way["data-span"]) == ("c1", "4-21")
    assert way["href"] == "?story=t%3A1&comment=c1&span=4-21"
    assert "@old_salt" in parsed.text
    assert "https://x.com/i/status/1" in [at["href"] for at in parsed.having("target")]
    assert "From 21 of 21 posts, as of 10 Feb 2026, 12:00 UTC." in parsed.text


def test_an_unnamed_speaker_is_told_by_whom_they_answer() -> None:
    thread = thread_of(comment("c1", author=None, addressed=["francois"]))
    html = render_answer.turn(answer_of(spoken_by(thread, "c1", "The engine fails.")), scene(thread))
    assert "unnamed commenter replying to @francois" in Parsed(html).text


def test_the_same_words_by_two_people_are_one_quote_with_both_names() -> None:
    ada = Author.of_handle("forum", "ada")
    thread = thread_of(comment("c1"), comment("c2", author=ada))
    cited = tuple(citation_of(thread.comment(at), "The engine fails.") for at in ("c1", "c2"))
    parsed = Parsed(render_answer.statement(Statement(text="…", citations=cited), scene(thread)))
    assert [tag for tag, _ in parsed.elements].count("blockquote") == 1
    assert "@old_salt" in parsed.text
    assert "@ada" in parsed.text


def test_a_lead_that_is_the_first_statement_is_shown_once_and_the_others_below_a_heading() -> None:
    thread = thread_of(comment("c1"), comment("c2", "The tax rose."), comment("c3", "The crew left."))
    said = [spoken_by(thread, each.id, each.text) for each in thread.comments]
    html = render_answer.turn(answer_of(*said), scene(thread))
    text = Parsed(html).text
    assert "dd-lead" not in html
    assert text.count("The engine fails.") == 1
    assert text.index("The engine fails.") < text.index("2 others:") < text.index("The tax rose.")
    assert Parsed(html).having("data-lead")[0]["data-lead"] == "@old_salt: “The engine fails.”"


def test_a_lead_that_ends_with_the_first_statement_stands_above_it_without_its_words() -> None:
    thread = thread_of(comment("c1"))
    said = spoken_by(thread, "c1", "The engine fails.")
    for lead, shown in (
        (f"Nobody says so. What is said instead: {said.text}", "Nobody says so. What is said instead:"),
        (
            "@old_salt posted this on 10 February 2026: “The engine fails.”",
            "@old_salt posted this on 10 February 2026:",
        ),
        ("1 commenter mentions “engine”: @old_salt.", "1 commenter mentions “engine”: @old_salt."),
    ):
        html = render_answer.turn(answer_of(said, lead=lead), scene(thread))
        assert html.partition('<p class="dd-lead" dir="auto">')[2].partition("</p>")[0] == shown
        assert Parsed(html).text.count("The engine fails.") == 1


def test_a_heading_stands_above_the_part_that_it_opens() -> None:
    thread = thread_of(comment("c1"), comment("c2", "The tax rose."))
    said = spoken_by(thread, "c1", "The engine fails."), spoken_by(thread, "c2", "The tax rose.", "Others on <this>")
    parsed = assert_harmless(render_answer.turn(answer_of(*said), scene(thread)))
    assert "1 other" not in parsed.text
    assert parsed.text.index("The engine fails.") < parsed.text.index("Others on <this>")
    assert parsed.text.index("Others on <this>") < parsed.text.index("The tax rose.")


def test_the_fitting_words_of_a_quote_are_marked_and_a_cut_one_says_so() -> None:
    thread = thread_of(comment("c1", "So.\nThe <b>engine</b> fails. Ask. And on"))
    cited = citation_of(thread.comment("c1"), "So.\nThe <b>engine</b> fails. Ask.")
    cited = cited.model_copy(update={"focus": (3, 29), "cut": True})
    html = render_answer.citation(cited, scene(thread))
    way = assert_harmless(html)
    assert "So.\n<strong" in html
    assert Parsed(html.partition('<strong class="dd-focus">')[2].partition("</strong>")[0]).text == (
        "The <b>engine</b> fails."
    )
    assert way.having("data-focus")[0]["data-focus"] == "3-29"
    assert 'Ask.</a><span class="dd-cut" title="The post goes on."> …</span>' in html
    nothing = answer_of(abstained=True, nearest=(cited,))
    assert "dd-focus" not in render_answer.turn(nothing, scene(thread))


def test_what_was_found_beyond_the_first_points_is_folded_away() -> None:
    thread = thread_of(comment("c1"), comment("c2", "The tax rose."))
    more = (spoken_by(thread, "c2", "The tax rose."),)
    html = render_answer.turn(answer_of(spoken_by(thread, "c1", "The engine fails."), more=more), scene(thread))
    folded = html.partition('<details class="dd-further">')[2].partition("</details>")[0]
    assert "1 more comment speaks of this" in folded
    assert Parsed(folded).having("data-open")[0]["data-comment"] == "c2"


def test_an_abstention_is_told_apart_and_its_nearest_posts_do_not_answer() -> None:
    thread = thread_of(comment("c1"))
    nothing = answer_of(
        lead="Nobody says that.",
        reason="Nobody says that.",
        abstained=True,
        nearest=(citation_of(thread.comment("c1"), "The engine fails."),),
    )
    text = assert_harmless(render_answer.turn(nothing, scene(thread))).text
    assert "Not answered here" in text
    assert text.count("Nobody says that.") == 1
    assert "They do not answer the question." in text


def test_a_greeting_has_no_coverage_and_no_verdict() -> None:
    text = Parsed(render_answer.turn(answer_of(kind="greeting", lead="Hello."), scene(thread_of(comment("c1"))))).text
    assert "Hello." in text
    assert "posts" not in text


def test_every_counted_post_can_be_looked_at() -> None:
    thread = thread_of(comment("c1"), comment("c2", "The tax rose."))
    count = Count(matched=2, commenters=1, unattributed=0, unclear=0, members=("c2", "c1"))
    html = render_answer.turn(answer_of(spoken_by(thread, "c1", "The engine fails."), count=count), scene(thread))
    members = [at["data-comment"] for at in Parsed(html.partition("dd-counted")[2]).having("data-open")]
    assert members == ["c2", "c1"]


def test_posts_that_are_all_cited_are_not_listed_once_more() -> None:
    thread = thread_of(comment("c1"))
    count = Count(matched=1, commenters=1, unattributed=0, unclear=0, members=("c1",))
    html = render_answer.turn(answer_of(spoken_by(thread, "c1", "The engine fails."), count=count), scene(thread))
    assert "dd-counted" not in html


def test_an_answer_from_several_stories_names_the_story_of_each_quote() -> None:
    thread = thread_of(comment("c1"), title="The <night> ferry")
    said = spoken_by(thread, "c1", "The engine fails.")
    assert "in The <night> ferry" in Parsed(render_answer.statement(said, scene(thread, of_several=True))).text
    assert "ferry" not in Parsed(render_answer.statement(said, scene(thread))).text


def test_what_an_answer_could_not_rest_on_is_said() -> None:
    thin = Coverage(used=3, indexed=3, known=None, as_of=None, state="lexical")
    answer = answer_of(dropped=1, writer="some-model", coverage=thin)
    text = Parsed(render_answer.turn(answer, scene(thread_of(comment("c1"))))).text
    assert "From 3 of 3 posts." in text
    assert "by words alone: the search by meaning is still being prepared" in text
    assert "1 statement left out: not clearly supported." in text
    assert "Read by some-model." in text
    broken = answer.model_copy(update={"coverage": thin.model_copy(update={"broken": True})})
    told = Parsed(render_answer.turn(broken, scene(thread_of(comment("c1"))))).text
    assert "the search by meaning cannot be used" in told
    assert "prepared" not in told


# everything at once


def hostile_threads() -> Iterator[Thread]:
    for payload in HOSTILE:
        clean = storable(payload)
        author = Author(id=f"forum:{clean}", handle=clean, name=clean)
        likely = Candidate(author=author, ground=clean)
        yield thread_of(
            comment("c1", payload, author=author, url=payload, addressed=[clean]),
            comment(clean, payload, author=None, author_candidate=likely, parent_id="c1", quotes=["c1"], url=payload),
            title=clean,
            page=Page(
                headline=clean,
                tldr=clean,
                sentiment=Sentiment(positive=clean, negative=clean),
                questions=(PageQuestion(question=clean, answer=clean), PageQuestion(question=f"{clean}?")),
            ),
        ).model_copy(update={"url": clean, "source": clean[:90]})


def every_view(thread: Thread, text: str) -> Iterator[Html]:
    story = story_of(thread)
    cited = [each for each in thread.comments if each.citable]
    marked = tuple(
        citation_of(each, each.text).model_copy(update={"focus": (0, max(1, len(each.text) // 2)), "cut": True})
        for each in cited
    )
    said = Statement.model_construct(text=text, citations=marked, heading=text)
    count = Count(matched=2, commenters=1, unattributed=1, unclear=0, members=tuple(thread.by_id))
    strange = {"question": text, "lead": text, "reason": text, "writer": text, "id": text, "conversation_id": text}
    told = answer_of(count=count, **strange).model_copy(
        update={"statements": (said,) if cited else (), "more": (said,) if cited else (), "note": text}
    )
    yield render_story.head(story)
    yield render_story.deeper(story, [told], thread)
    yield render_story.posts(thread.comments, thread, sort="time", next_cursor=text)
    yield render_answer.turn(told, scene(thread, of_several=True))
    yield render_answer.turn(told.model_copy(update={"abstained": True, "nearest": said.citations}), scene(thread))
    yield render_answer.growing(text, told.statements, scene(thread))
    yield render_story.chips(suggestions.first_questions(thread), "Questions")


@pytest.mark.parametrize("thread", list(hostile_threads()), ids=range(len(HOSTILE)))
def test_a_hostile_story_is_harmless_in_every_view(thread: Thread) -> None:
    for html in every_view(thread, thread.comments[0].text):
        assert_harmless(html)
    assert thread.title in assert_harmless(render_story.head(story_of(thread))).text


@given(strategies.threads(), strategies.words)
def test_any_story_is_harmless_in_every_view(thread: Thread, text: str) -> None:
    for html in every_view(thread, text):
        assert_harmless(html)

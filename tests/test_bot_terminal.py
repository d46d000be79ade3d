"""What is printed of values: hostile words never steer a terminal, JSON stays exact, a story reads as a tree."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.faces.cli import terminal
from bot.values import plain_text
from bot.values.answer import Answer, Citation, Count, Coverage, Statement
from bot.values.story import Digest, Findings, Side, Viewpoint
from corpus.records.store import ThreadSummary
from corpus.thread import Author, Candidate, Comment, Engagement, Page, PageQuestion, Sentiment, Thread

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Author(id="x:ada_ferry", handle="ada_ferry", name="Ada")
HOSTILE = "\x1b[31mred\x1b[0m \x9b2J \x07 [bold]bold[/bold] :skull: \u202eback\u202c \u2066in\u2069 end\r"
STEERING = "\x00\x07\x08\x1b\x7f\x80\x9b\x9d\r\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def printed(what: object, *, colours: bool = False, width: int = 100) -> str:
    console = Console(
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        force_terminal=colours,
        color_system="standard" if colours else None,
    )
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def citation(
    quote: str, *, author: Author | None = ADA, candidate: Candidate | None = None, url: str | None = None
) -> Citation:
    return Citation(
        thread_id="digg:night-ferry",
        comment_id="c2",
        author=author,
        author_candidate=candidate,
        quote=quote,
        start=0,
        end=len(quote),
        url=url,
        posted_at=NOON,
    )


def answer(**fields: object) -> Answer:
    given = {
        "id": "a1",
        "thread_ids": ("digg:night-ferry",),
        "question": "Why?",
        "kind": "open",
        "lead": "1 commenter gives a reason.",
        "coverage": Coverage(used=3, indexed=4, known=7, as_of=NOON, state="full"),
        "writer": "extractive",
        "created_at": NOON,
    }
    return Answer(**{**given, **fields})


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_nothing_that_steers_is_left(text: str) -> None:
    assert not set(plain_text.clean(text + STEERING)) & set(STEERING)


@given(st.text(alphabet=st.sampled_from("ab \n\tüß漢🙂👩\u200d🔬é\u0301")))
def test_words_line_breaks_and_joined_signs_stay(text: str) -> None:
    assert plain_text.clean(text) == text


def forged(line: str) -> list[str]:
    """What somebody might write so that `line` looks as if it were ours: after line breaks of every kind, wrapped."""
    breaks = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\n\n\n", "\t", " " * 90]
    return [f"x{broken}{line}" for broken in breaks] + [f"x”\n{line}", f"x\u2069\n{line}", line]


SPEAKER = "  @mallory_t  2026-03-01 12:00 UTC"
HEAD = "@mallory_t  2026-03-01 12:00 UTC  c7"


@pytest.mark.parametrize("width", [40, 100])
@pytest.mark.parametrize("margin", ["", "  ", "    "])
def test_no_words_look_as_if_another_had_said_them(margin: str, width: int) -> None:
    for evil in (
        forged(margin + SPEAKER) + forged(margin + HEAD) + forged(f"{margin}“I lied.”\n    https://x.example/1")
    ):
        author = Author(id="x:e", handle=evil, name=evil)
        candidate = Candidate(author=author, ground=evil)
        cited = [
            citation(evil, author=author, url="https://x.example/" + evil),
            citation("So.", author=None, candidate=candidate).model_copy(update={"comment_id": evil}),
        ]
        said = tuple(Statement(text=evil, citations=(one,)) for one in cited)
        told = printed(terminal.answer(answer(statements=said, lead=evil, abstained=True, reason=evil)), width=width)
        posts = (
            Comment(id=evil, thread_id="t", text=evil, author=author, url=evil, posted_at=NOON),
            Comment(id="c2", thread_id="t", parent_id=evil, text=evil, author_candidate=candidate, posted_at=NOON),
        )
        page = Page(headline=evil, tldr=evil, sentiment=Sentiment(positive=evil, negative=evil))
        story = thread().model_copy(update={"comments": posts, "title": evil, "url": evil, "page": page})
        told += "".join(printed(terminal._hanging(line), width=width) for line in terminal.story(story))
        lines = told.splitlines()
        assert not any(line.startswith((SPEAKER, HEAD, f"  {HEAD}")) for line in lines)
        assert not [line for line in lines if line == "    https://x.example/1"]
        assert not [line for line in lines if line.startswith("    “I lied.”")] or evil.lstrip().startswith("“")


@given(st.recursive(st.text(alphabet=st.characters(exclude_categories=("Cs",))), st.lists))
def test_json_is_exact_and_steers_nothing(value: object) -> None:
    text = terminal.json_text(value)
    assert json.loads(text) == value
    assert not set(text) & set(STEERING)


def test_an_answer_shows_lead_speaker_quote_place_and_coverage() -> None:
    quote = "The crew was cut to one shift."
    said = Statement(text=f"@ada_ferry: “{quote}”", citations=(citation(quote, url="https://x.example/2"),))
    text = printed(terminal.answer(answer(statements=(said,))))
    for part in (
        "1 commenter gives a reason.",
        "@ada_ferry",
        "2026-03-01 12:00 UTC",
        f"“{quote}”",
        "https://x.example/2",
    ):
        assert part in text
    assert text.count(quote) == 1
    assert "Looked at 3 comments (4 indexed of 7 known, as of 2026-03-01 12:00 UTC)." in text


def test_the_first_statement_comes_first_the_others_below_a_heading_and_more_is_offered() -> None:
    said = [Statement(text=f"@ada_ferry: “{quote}”", citations=(citation(quote),)) for quote in ("One.", "Two.")]
    extra = Statement(text="x", citations=(citation("Three."),))
    text = printed(terminal.answer(answer(statements=tuple(said), lead=said[0].text, more=(extra,))))
    assert text.startswith(SPEAKER.replace("mallory_t", "ada_ferry"))
    assert text.count("One.") == 1
    assert text.index("One.") < text.index("1 other:") < text.index("Two.") < text.index("1 more: ask `more`")
    assert "Three." not in text


def test_a_heading_stands_above_its_part_on_a_line_of_its_own() -> None:
    said = (
        Statement(text="x", citations=(citation("One."),)),
        Statement(text="y", heading="Others on this", citations=(citation("Two."),)),
    )
    lines = printed(terminal.answer(answer(statements=said))).splitlines()
    assert lines.index("    “One.”") < lines.index("Others on this") < lines.index("    “Two.”")


def test_the_fitting_words_are_underlined_and_a_cut_quote_says_so() -> None:
    cited = citation("So. The crew left. Ask.").model_copy(update={"focus": (3, 18), "cut": True})
    said = (Statement(text="x", citations=(cited,)),)
    coloured = printed(terminal.answer(answer(statements=said)), colours=True)
    assert "“So. \x1b[4mThe crew left.\x1b[0m Ask. …”" in coloured
    assert "“So. The crew left. Ask. …”" in printed(terminal.answer(answer(statements=said)))


def test_the_same_words_by_two_people_are_one_quote_with_both_names() -> None:
    other = citation("Yes.", author=Author(id="x:mo", handle="mo")).model_copy(update={"comment_id": "c3"})
    text = printed(terminal.answer(answer(statements=(Statement(text="x", citations=(citation("Yes."), other)),))))
    assert text.count("Yes.") == 1
    assert text.index("@ada_ferry") < text.index("@mo") < text.index("Yes.")


def test_nobody_is_named_without_proof() -> None:
    candidate = Candidate(author=ADA, ground="the headline names Ada")
    likely = citation("Two.", author=None, candidate=candidate)
    said = [Statement(text="x", citations=(one,)) for one in (citation("One.", author=None), likely)]
    text = printed(terminal.answer(answer(statements=tuple(said))))
    assert "an unnamed commenter" in text
    assert "probably @ada_ferry" in text
    assert "the headline names Ada" in text


def test_a_long_quote_is_wrapped_but_never_cut_off() -> None:
    quote = "word " * 60 + "end.\nSecond line, which is short."
    said = Statement(text="x", citations=(citation(quote),))
    wrapped = printed(terminal.answer(answer(statements=(said,))), width=60)
    assert " ".join(wrapped.split()).count("word") == 60
    assert max(len(line) for line in wrapped.splitlines()) <= 60
    assert not any(line.endswith(" ") for line in wrapped.splitlines())
    console = Console(width=60, soft_wrap=True, markup=False)
    with console.capture() as capture:
        console.print(terminal.answer(answer(statements=(said,))))
    assert "    “" + "word " * 60 + "end.\n     Second line, which is short.”\n" in capture.get()


def test_a_reason_that_is_the_lead_is_not_said_twice() -> None:
    text = printed(terminal.answer(answer(lead="Nobody says so.", abstained=True, reason="Nobody says so.")))
    assert text.count("Nobody says so.") == 1


def test_an_abstention_gives_the_reason_and_the_nearest() -> None:
    declined = answer(
        lead="", abstained=True, reason="No comment speaks of the weather.", nearest=(citation("It rains."),)
    )
    text = printed(terminal.answer(declined))
    assert "No comment speaks of the weather." in text
    assert text.index("without answering it") < text.index("It rains.")


def test_an_answer_over_several_threads_names_the_thread_of_each_quote() -> None:
    said = Statement(text="x", citations=(citation("One."),))
    assert "in digg:night-ferry" in printed(terminal.answer(answer(thread_ids=("a", "b"), statements=(said,))))


def thread() -> Thread:
    def comment(comment_id: str, text: str, parent: str | None = None, **fields: object) -> Comment:
        return Comment(id=comment_id, thread_id="t", parent_id=parent, text=text, posted_at=NOON, **fields)

    return Thread(
        id="t",
        source="digg",
        title="The night ferry stops",
        url="https://digg.example/t",
        fetched_at=NOON,
        known_total=9,
        page=Page(
            headline="Islanders ask",
            tldr="Short.",
            sentiment=Sentiment(positive="P.", negative="N."),
            questions=(PageQuestion(question="Q?"),),
        ),
        comments=(
            comment("c1", "It stops.\nFor good.", author=ADA, engagement=Engagement(likes=1_200)),
            comment("c2", "Why?", "c1", author_candidate=Candidate(author=ADA, ground="a guess")),
            comment("c3", "", "c2", deleted=True),
            comment("c4", HOSTILE, "c2", is_bot=True, edited_at=NOON),
        ),
    )


def test_a_story_reads_as_a_tree() -> None:
    lines = [line.plain for line in terminal.story(thread())]
    assert lines[0] == "The night ferry stops"
    assert "4 comments of 9 known, 1 commenter" in lines[1]
    for said in ("Islanders ask", "Short.", "P.", "N.", "Q?"):
        assert said in lines
    at = lines.index("@ada_ferry  2026-03-01 12:00 UTC  1,203 activity  c1")
    assert lines[at + 1 : at + 3] == ["| It stops.", "| For good."]
    assert "  probably @ada_ferry  2026-03-01 12:00 UTC  2 activity  c2" in lines
    assert "  (a guess)" in lines
    assert "    (deleted)" in lines
    assert any(line.startswith("    an unnamed commenter") and "edited  bot" in line for line in lines)


def test_very_deep_replies_stay_readable() -> None:
    chain = [Comment(id=f"c{n}", thread_id="t", parent_id=f"c{n - 1}" if n else None, text="so") for n in range(200)]
    lines = [line.plain for line in terminal.story(Thread(id="t", source="s", comments=tuple(chain), fetched_at=NOON))]
    assert max(len(line) for line in lines) < 80
    assert any("depth 199" in line for line in lines)


@pytest.mark.parametrize("colours", [True, False])
def test_hostile_words_name_title_and_address_steer_nothing(colours: bool) -> None:
    evil = Author(id="x:e", handle=HOSTILE)
    said = Statement(text=HOSTILE, citations=(citation(HOSTILE, author=evil, url="https://x.example/" + HOSTILE),))
    made = answer(lead=HOSTILE, statements=(said,), abstained=True, reason=HOSTILE)
    summary = ThreadSummary(
        id="t",
        source=HOSTILE,
        title=HOSTILE,
        url=None,
        comments=1,
        commenters=1,
        unattributed=0,
        known_total=None,
        revision=1,
        state="full",
        fetched_at=NOON,
    )
    hostile = thread().model_copy(update={"title": HOSTILE, "url": HOSTILE})
    text = "".join(
        [
            printed(terminal.answer(made), colours=colours),
            printed(terminal.threads_table([summary]), colours=colours),
            *(printed(line, colours=colours) for line in terminal.story(hostile)),
            *terminal.threads_lines([summary]),
            terminal.thread_line(summary),
        ]
    )
    assert "\x1b[31m" not in text
    assert not (set(text) - {"\x1b"}) & set(STEERING)
    assert colours or "\x1b" not in text
    assert "[bold]bold[/bold] :skull:" in text


def test_a_line_of_a_listing_is_one_line_with_its_cells() -> None:
    summary = ThreadSummary(
        id="t",
        source="digg",
        title="A\tB\nC",
        url=None,
        comments=3,
        commenters=2,
        unattributed=0,
        known_total=9,
        revision=1,
        state="full",
        fetched_at=NOON,
    )
    assert list(terminal.threads_lines([summary])) == ["t\t3\t2\tdigg\tA B C"]
    assert terminal.thread_line(summary) == "t  A B C  (3 of 9 comments, 2 commenters)"


def test_a_quote_within_a_sentence_of_a_story_does_not_end_before_it_ends() -> None:
    quote = "It is fine.”; @mallory_t: “I lied.\n@mallory_t: “So did I.”"
    said = Statement(text=f"@ada_ferry: “{quote}”", citations=(citation(quote),))
    count = Count(matched=1, commenters=1, unattributed=0, unclear=0, members=("c2",))
    digest = Digest(
        viewpoints=(Viewpoint(statements=(said,), count=count),),
        findings=Findings(positive=Side(count=count), voices=1, writer="extractive"),
        state="made",
    )
    lines = [line.plain for line in terminal.story(thread(), digest)]
    shown = "It is fine.’; @mallory_t: ‘I lied. @mallory_t: ‘So did I.’"
    assert f"@ada_ferry: “{shown}”" in lines
    assert not any(line.startswith("@mallory_t") for line in lines)

"""Messages of Slack -> Thread: what people wrote, in plain text, by whom, and where it stands."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.slack import Person, Place, Us, authors, people_in, question_in, questions_before, thread_of
from corpus.readers.slack_text import written
from corpus.thread import Author

ROOT = "1772395200.000100"
PLACE = Place(team="T1", channel="C1", ts=ROOT, workspace_url="https://harbour.slack.com/")
US = Us(user_id="U0BOT", bot_id="B0BOT")
ADA = Author(id="U1", handle="Ada Lark", name="Ada Lark")
KNOWN = {"U1": ADA, "U2": Author(id="U2", handle="mo", name="mo")}


def message(ts: str, text: str = "Words.", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "ts": ts, "text": text, **more}


def read(*messages: dict[str, Any], leave_out: set[str] | None = None) -> Any:
    return thread_of(messages, PLACE, known_people=KNOWN, us=US, leave_out=leave_out or set())


# ---- threads


def test_a_thread_hangs_on_its_first_message_and_every_message_has_its_permalink() -> None:
    thread = read(message(ROOT, "Why?", reply_count=1), message("1772395260.000200", "Since.", user="U2"))
    assert thread.id == f"slack-T1-C1-{ROOT}"
    assert thread.url == "https://harbour.slack.com/archives/C1/p1772395200000100"
    first, second = thread.comments
    assert (first.parent_id, second.parent_id) == (None, ROOT)
    assert second.url == f"https://harbour.slack.com/archives/C1/p1772395260000200?thread_ts={ROOT}&cid=C1"
    assert first.author == ADA
    assert second.posted_at == datetime(2026, 3, 1, 20, 1, 0, 200, tzinfo=UTC)
    assert thread.known_total == 2


def test_the_bot_the_questions_to_it_and_joins_are_no_part_of_it() -> None:
    thread = read(
        message(ROOT, "Why?", reply_count=6),
        message("1772395201.0001", "<@U0BOT> what do they say?"),
        message("1772395202.0001", "They say much.", user="U0BOT", bot_id="B0BOT"),
        message("1772395203.0001", "", bot_id="B0BOT", user=None),
        message("1772395204.0001", "<@U1> has joined", subtype="channel_join"),
        message("1772395205.0001", "the question"),
        message("1772395206.0001", "I asked <@U0BOT> before."),
        leave_out={"1772395205.0001"},
    )
    assert [comment.text for comment in thread.comments] == ["Why?", "I asked @U0BOT before."]


def test_a_message_that_comes_twice_stands_once_and_order_is_by_time() -> None:
    thread = read(message(ROOT), message("1772395202.1"), message(ROOT), message("1772395201.1"))
    assert [comment.id for comment in thread.comments] == [ROOT, "1772395201.1", "1772395202.1"]


def test_what_was_not_loaded_is_known_to_exist() -> None:
    assert read(message(ROOT, reply_count=9), message("1772395201.1")).known_total == 10


def test_a_deleted_first_message_stays_as_a_node_and_is_not_cited() -> None:
    thread = read(
        message(ROOT, "This message was deleted.", subtype="tombstone", user="USLACKBOT"), message("1772395201.1")
    )
    assert (thread.comments[0].deleted, thread.comments[0].text, thread.comments[0].author) == (True, "", None)
    assert thread.comments[1].parent_id == ROOT


def test_an_edit_a_bot_and_a_stranger_are_told() -> None:
    thread = read(
        message(ROOT, edited={"user": "U1", "ts": "1772395300.0"}),
        message("1772395201.1", user=None, bot_id="B9", username="Harbour news"),
        message("1772395202.1", user="U9"),
    )
    edited, bot, stranger = thread.comments
    assert edited.edited_at == datetime(2026, 3, 1, 20, 1, 40, tzinfo=UTC)
    assert (bot.is_bot, bot.author.id, bot.author.handle) == (True, "B9", "Harbour news")
    assert stranger.author == Author(id="U9", handle="U9")


def test_people_who_share_a_name_are_told_apart() -> None:
    made = authors(
        [
            Person(id="U1", shown="Ada", username="ada.l"),
            Person(id="U2", shown="ada ", username="ada.k"),
            Person(id="U3", shown=" ", username="mo"),
        ]
    )
    assert [author.handle for author in made.values()] == ["Ada (ada.l)", "ada (ada.k)", "mo"]


def test_everybody_who_wrote_or_is_mentioned_is_asked_for_once() -> None:
    assert people_in([message(ROOT, "<@U2> and <@U3|x>"), message("1.1", "<@U1>", user="U4")]) == (
        "U1",
        "U2",
        "U3",
        "U4",
    )


def test_words_of_the_first_message_are_not_credited_to_who_repeats_them() -> None:
    asked = "The night ferry stops for good in May."
    comment = read(message(ROOT, asked), message("1772395201.1", f"“{asked}” Really?")).comments[1]
    assert [comment.text[start:end] for start, end in comment.quoted] == [f"“{asked}”"]


def test_questions_before_are_those_put_to_the_bot_before_this_one() -> None:
    messages = [message(ROOT), *(message(f"177239520{at}.1", f"<@U0BOT> question {at}?") for at in (3, 1, 2))]
    before = questions_before(messages, us=US, asked_ts="1772395203.1", known_people=KNOWN)
    assert before == ("question 1?", "question 2?")


def test_a_question_is_what_stands_beside_the_bot_s_name() -> None:
    assert question_in("Hey <@U0BOT>, what did <@U1> say &amp; why?", us=US, known_people=KNOWN) == (
        "Hey , what did @Ada Lark say & why?"
    )


# ---- text


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U1> and <@U9|lou> and <@U8>", "@Ada Lark and @lou and @U8"),
        ("<#C2|harbour> <#C3> <!here> <!channel|channel>", "#harbour #C3 @here channel"),
        ("<!subteam^S1|@crew> <!subteam^S1> <!date^1^{date}|March 1>", "@crew @group March 1"),
        ("see <https://x.example/a_b_c?x=1&amp;y=2>", "see https://x.example/a_b_c?x=1&y=2"),
        ("see <https://x.example|the *plan*>, <mailto:a@x.example|a@x.example>", "see the *plan*, a@x.example"),
        ("*bold* _it_ ~gone~ *_both_*", "bold it gone both"),
        ("2 * 3 * 4, snake_case_name, a*b*c, ~5 and ~6", "2 * 3 * 4, snake_case_name, a*b*c, ~5 and ~6"),
        ("`*as it is*` and ```x = &lt;y&gt;\n_z_```", "*as it is* and x = <y>\n_z_"),
        (":smile: stays", ":smile: stays"),
        ("", ""),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(mrkdwn: str, plain: str) -> None:
    assert written({"text": mrkdwn}, KNOWN).text == plain


def test_quoted_lines_are_somebody_else_s_words() -> None:
    said = written({"text": "&gt; the tax doubled\nNo."}, KNOWN)
    assert [said.text[start:end] for start, end in said.quoted] == ["> the tax doubled"]


def test_whom_a_message_opens_with_is_addressed() -> None:
    assert written({"text": "<@U1>, <@U2>: look, <@U3>"}, KNOWN).addressed == ("Ada Lark", "mo")


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"text": "fallback", "blocks": [{"type": "rich_text", "elements": list(elements)}]}


def part(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "elements": list(elements), **more}


def test_rich_text_is_read_as_it_stands() -> None:
    said = written(
        rich(
            part(
                "rich_text_section",
                {"type": "user", "user_id": "U1"},
                {"type": "text", "text": " *not bold* & <raw> ", "style": {"bold": True}},
                {"type": "emoji", "name": "ferry", "unicode": "26f4-fe0f"},
                {"type": "emoji", "name": "harbour"},
                {"type": "link", "url": "https://x.example", "text": "plan"},
                {"type": "broadcast", "range": "here"},
                {"type": "channel", "channel_id": "C2"},
                {"type": "news"},
            ),
            part("rich_text_quote", {"type": "text", "text": "they said"}),
            part(
                "rich_text_list",
                part("rich_text_section", {"type": "text", "text": "one"}),
                part("rich_text_section", {"type": "text", "text": "two"}),
                style="ordered",
            ),
            part("rich_text_preformatted", {"type": "text", "text": "x_1 = 2"}),
        ),
        KNOWN,
    )
    assert said.text == ("@Ada Lark *not bold* & <raw> ⛴️:harbour:plan@here#C2\nthey said\n1. one\n2. two\nx_1 = 2")
    assert [said.text[start:end] for start, end in said.quoted] == ["they said"]


def test_where_blocks_are_not_all_rich_text_the_mrkdwn_is_read() -> None:
    assert written({"text": "*Hi*", "blocks": [{"type": "section"}]}, KNOWN).text == "Hi"


MARKS = st.sampled_from(
    ["*", "_", "~", "`", "```", "<", ">", "|", "@", "#", "!", "&amp;", "&lt;", "\n", "\x00", "0", " ", "a"]
)
MRKDWN = st.one_of(st.text(max_size=200), st.lists(MARKS, max_size=60).map("".join))


@given(texts=st.lists(MRKDWN, min_size=1, max_size=5), as_rich=st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_messages_make_a_sound_thread(texts: list[str], as_rich: bool) -> None:
    messages = [message(f"{1772395200 + at}.000100", text, reply_count=at) for at, text in enumerate(texts)]
    if as_rich:
        for each in messages:
            kind = "rich_text_quote" if "a" in each["text"] else "rich_text_section"
            each.update(rich(part(kind, {"type": "text", "text": each["text"]})))
    thread = read(*messages)
    assert len(thread.comments) == len(texts)
    assert all(comment.text == comment.text.strip() and "\x00" not in comment.text for comment in thread.comments)


@pytest.mark.timeout(20)
def test_a_hostile_message_is_read_in_reasonable_time() -> None:
    for text in ("*a " * 13_000, "<" * 40_000, "`" * 40_000, "_*~" * 13_000, "<@U1>" * 8_000):
        written({"text": text}, KNOWN)

"""Slack, by a local server that stands in for it: over HTTP and over a socket, with arguments and blocks checked."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from slack_server import (
    APP_TOKEN,
    ARGUMENTS,
    BOT,
    BOT_TOKEN,
    CHANNEL,
    PATIENCE_S,
    ROOT,
    SECRET,
    StandIn,
    blocks_of,
    faults,
    links_in,
    mention,
    quotes_in,
    read_aloud,
    signed,
    slash,
    stamp,
)
from starlette.testclient import TestClient

from bot.faces.http.api import create_app
from bot.faces.slack.app import SlackFace, answer_over_socket, mount
from bot.faces.slack.blocks import Message, answer_messages, words_messages
from bot.product.assemble import DiggDeeper
from bot.settings import Settings
from bot.values.answer import Answer, Citation, Coverage, Statement
from corpus.errors import InvalidSetting, SourceUnavailable
from corpus.thread import Author

WHY = f"<@{BOT}> why does the night ferry stop?"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    stand_in = StandIn()
    yield stand_in
    stand_in.close()
    assert stand_in.wrong == []


@pytest.fixture
def settings(settings: Settings, slack: StandIn) -> Settings:
    secrets = {
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": slack.api_url,
    }
    return Settings(**{**settings.model_dump(), **secrets})


@pytest.fixture
def face(settings: Settings, product: DiggDeeper) -> Iterator[SlackFace]:
    made = SlackFace(settings, product, library=lambda: nullcontext(product))
    yield made
    made.close()


@pytest.fixture
def http(face: SlackFace, product: DiggDeeper) -> "Http":
    app = create_app(product)
    mount(app, face)
    return Http(TestClient(app, base_url="http://localhost"))


class Http:
    """Slack's own requests."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def event(self, body: dict[str, Any], **headers: str) -> int:
        told = json.dumps(body).encode()
        return self._post(told, {"Content-Type": "application/json", **headers})

    def command(self, fields: dict[str, str]) -> int:
        return self._post(urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        reply = self.client.post("/slack/events", content=body, headers={**signed(body), **headers})
        return reply.status_code


def answered(slack: StandIn) -> dict[str, Any]:
    return slack.posted.get(timeout=PATIENCE_S)


def replied(slack: StandIn) -> dict[str, Any]:
    return slack.replied.get(timeout=PATIENCE_S)


# ---- mentioned in a thread


def test_a_mention_is_answered_in_its_thread_with_names_quotes_and_permalinks(http: Http, slack: StandIn) -> None:
    assert http.event(mention(WHY)) == 200
    message = answered(slack)
    assert (message["channel"], message["thread_ts"]) == (CHANNEL, ROOT)
    assert "The crew was cut to one shift, so nobody is left for the night." in quotes_in(message)
    assert "@Ada" in read_aloud(message)
    assert f"https://harbour.slack.com/archives/{CHANNEL}/p1772395260000100?thread_ts={ROOT}&cid={CHANNEL}" in links_in(
        message
    )
    assert "From 6 of 6 posts" in read_aloud(message)


def test_every_quote_is_what_a_reader_of_the_thread_saw(http: Http, slack: StandIn) -> None:
    http.event(mention(f"<@{BOT}> what about the spare parts of the engine?"))
    assert any("months to arrive & cost a lot." in quote for quote in quotes_in(answered(slack)))


def test_all_pages_are_read_people_asked_for_once_and_a_wait_obeyed(http: Http, slack: StandIn) -> None:
    slack.refuse["conversations.replies"] = [(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})]
    http.event(mention(WHY))
    answered(slack)
    assert slack.calls["conversations.replies"] == 4  # three pages of two, one of them asked for twice
    http.event(mention(f"<@{BOT}> what of the tax?", ts=stamp(10), event_id="Ev2"))
    answered(slack)
    assert slack.calls["users.info"] == 5
    assert slack.calls["auth.test"] == 2


def test_too_long_a_wait_is_told_instead(http: Http, slack: StandIn) -> None:
    slack.refuse["conversations.replies"] = [(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "900"})]
    http.event(mention(WHY))
    assert "Ask again in 900 seconds." in read_aloud(answered(slack))


def test_what_nobody_says_is_declined_and_the_nearest_messages_called_so(http: Http, slack: StandIn) -> None:
    http.event(mention(f"<@{BOT}> Which programming language is the ticket website written in?"))
    message = answered(slack)
    told = read_aloud(message)
    assert "Nobody in the 6 posts here says anything that answers this." in told
    if quotes_in(message):
        assert "They do not answer the question." in told


def test_a_follow_up_is_understood_from_the_question_before(http: Http, slack: StandIn) -> None:
    slack.messages.append(
        {"user": "U0MO", "text": f"<@{BOT}> what did Ada say about the crew?", "ts": stamp(7), "thread_ts": ROOT}
    )
    slack.messages.append({"user": BOT, "bot_id": "B0BOT", "text": "The crew is fine.", "ts": stamp(8)})
    http.event(mention(f"<@{BOT}> and what did Old Salt say about the tax?"))
    message = answered(slack)
    assert any("harbour tax doubled" in quote for quote in quotes_in(message))
    assert not any("crew is fine" in quote for quote in quotes_in(message))  # it never cites itself


def test_nothing_of_a_slack_thread_is_kept(http: Http, slack: StandIn, product: DiggDeeper, settings: Settings) -> None:
    http.event(mention(WHY))
    answered(slack)
    assert product.threads().threads == ()
    http.command(slash("why does the night ferry stop?", slack=slack))
    assert "there is no thread to ask" in read_aloud(replied(slack))
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"crew was cut" not in kept


def test_a_mention_outside_a_thread_is_told_how_to_ask(http: Http, slack: StandIn) -> None:
    http.event(mention(WHY, thread_ts=None))
    message = answered(slack)
    assert message["thread_ts"] == stamp(9)
    assert "within a thread" in read_aloud(message)
    assert slack.calls["conversations.replies"] == 0


def test_a_mention_without_a_question_is_told_so(http: Http, slack: StandIn) -> None:
    http.event(mention(f"<@{BOT}>"))
    assert "Ask in words" in read_aloud(answered(slack))


@pytest.mark.parametrize(
    ("error", "word"), [("not_in_channel", "Invite me"), ("missing_scope", "install the app again")]
)
def test_what_slack_refuses_is_told_with_a_next_step(http: Http, slack: StandIn, error: str, word: str) -> None:
    slack.refuse["conversations.replies"] = [(200, {"ok": False, "error": error}, {})]
    http.event(mention(WHY))
    assert word in read_aloud(answered(slack))


def test_a_name_that_pings_is_only_shown(http: Http, slack: StandIn) -> None:
    http.event(mention(f"<@{BOT}> who will miss the stars?"))
    message = answered(slack)
    assert "Kestrel &lt;!channel&gt;" in message["text"]
    assert "Kestrel <!channel>" in read_aloud(message)
    assert any("<!channel> really" in quote or "stars" in quote for quote in quotes_in(message))


def test_a_person_asked_about_by_mention_is_the_one_cited(http: Http, slack: StandIn) -> None:
    http.event(mention(f"<@{BOT}> what did <@U0SALT> say about the tax?"))
    message = answered(slack)
    assert any("harbour tax doubled" in quote for quote in quotes_in(message))
    assert message["text"].startswith("Old Salt: ")


def test_a_fault_of_ours_ends_in_a_word_as_well(http: Http, slack: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    slack.refuse["conversations.replies"] = [
        (200, {"ok": True, "messages": [{"ts": stamp(1), "text": 5, "blocks": 3}] * 2, "response_metadata": 7}, {})
    ]
    with caplog.at_level(logging.CRITICAL, logger="bot.faces.slack.app"):
        http.event(mention(WHY))
        assert "Something failed here" in read_aloud(answered(slack))


def test_an_answer_that_slack_refuses_is_told_of(http: Http, slack: StandIn) -> None:
    slack.refuse["chat.postMessage"] = [(200, {"ok": False, "error": "msg_blocks_too_long"}, {})]
    http.event(mention(WHY))
    assert answered(slack)["text"] == "Slack refused my answer (msg_blocks_too_long)."


# ---- once, and only people


def test_what_slack_sends_again_is_answered_once(http: Http, slack: StandIn) -> None:
    for retry in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}, {"X-Slack-Retry-Num": "2"}):
        assert http.event(mention(WHY), **retry) == 200
    answered(slack)
    http.event(mention(f"<@{BOT}> what of the tax?", ts=stamp(10), event_id="Ev2"))
    assert "tax" in read_aloud(answered(slack))
    assert slack.posted.empty()


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B0OTHER"},
        {"user": BOT, "bot_id": "B0BOT"},
        {"user": BOT},
        {"subtype": "bot_message"},
        {"edited": {"user": "U0MO", "ts": stamp(11)}},
    ],
)
def test_bots_itself_and_edited_messages_are_not_answered(http: Http, slack: StandIn, event: dict[str, Any]) -> None:
    assert http.event(mention(WHY, **event)) == 200
    http.event(mention(f"<@{BOT}> what of the tax?", ts=stamp(10), event_id="Ev2"))
    answered(slack)
    assert slack.posted.empty()
    assert slack.calls["chat.postMessage"] == 1


def test_more_questions_than_can_wait_are_told_to_come_back(
    settings: Settings, product: DiggDeeper, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.faces.slack.app._WAITING", 1)
    entered, go_on = threading.Event(), threading.Event()

    def library() -> Any:
        entered.set()
        go_on.wait(PATIENCE_S)
        return nullcontext(product)

    face = SlackFace(settings, product, library=library)
    app = create_app(product)
    mount(app, face)
    http = Http(TestClient(app, base_url="http://localhost"))
    assert http.command(slash("why?", slack=slack)) == 200  # acknowledged though nothing is answered yet
    assert entered.wait(PATIENCE_S)
    assert http.command(slash("why?", slack=slack, trigger="1.2")) == 200
    assert "Ask again in a minute" in read_aloud(replied(slack))
    go_on.set()
    assert "there is no thread to ask" in read_aloud(replied(slack))
    face.close()


# ---- /digg-deeper


@pytest.fixture
def stored(product: DiggDeeper, ferry: dict[str, Any]) -> str:
    other = {"id": "forum:bread", "source": "forum", "title": "Bread", "url": "https://forum.example/bread/?p=1"}
    rye = {"id": "b1", "author": "baker", "text": "The rye bread stops in May because the oven broke.", "created_at": 1}
    both = {"threads": [ferry, {**other, "comments": [rye]}]}
    product.ingest(json.dumps(both).encode(), name="both.json")
    return str(ferry["id"])


def test_the_command_asks_all_that_is_kept(http: Http, slack: StandIn, stored: str) -> None:
    assert http.command(slash("why does the rye bread stop?", slack=slack)) == 200
    message = replied(slack)
    assert any("oven broke" in quote for quote in quotes_in(message))
    assert "in forum:bread" in read_aloud(message)


@pytest.mark.parametrize(
    "named", ["forum:bread", "https://forum.example/bread/?p=1", "<http://forum.example/bread?p=1>"]
)
def test_the_command_asks_one_thread_by_id_or_address(http: Http, slack: StandIn, stored: str, named: str) -> None:
    if named.startswith("<"):
        named = "<https://www.forum.example/bread/?p=1#b1|forum.example/bread>"
    http.command(slash(f"{named} why does the night ferry stop?", slack=slack))
    message = replied(slack)
    assert not any("crew" in quote or "tax" in quote for quote in quotes_in(message))


def test_an_address_may_be_written_otherwise_than_the_thread_has_it(
    http: Http, slack: StandIn, product: DiggDeeper
) -> None:
    item = {"id": "h:1", "url": "https://news.ycombinator.com/item?id=41", "comments": [{"id": "1", "author": "mo"}]}
    item["comments"][0]["text"] = "The ferry stops because the crew was cut."
    product.ingest(json.dumps(item).encode(), name="item.json")
    http.command(slash("http://news.ycombinator.com/item?p=2&id=0041#42 why does the ferry stop?", slack=slack))
    assert any("crew was cut" in quote for quote in quotes_in(replied(slack)))


def test_an_address_that_is_not_kept_is_told(http: Http, slack: StandIn, stored: str) -> None:
    http.command(slash("https://forum.example/none why?", slack=slack))
    assert "no discussion that is kept here has the address 'https://forum.example/none'" in read_aloud(replied(slack))


@pytest.mark.parametrize("text", ["", "  ", "help", "forum:bread", "forum:bread  "])
def test_the_command_without_a_question_is_told_how_to_ask(http: Http, slack: StandIn, stored: str, text: str) -> None:
    http.command(slash(text, slack=slack))
    assert "/digg-deeper QUESTION asks all discussions" in read_aloud(replied(slack))


# ---- the signature


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"{}", secret="another"),
        signed(b"{}", at=1_000_000_000),
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0="},
        {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "\u00e9"},
    ],
)
def test_what_slack_did_not_sign_is_turned_away_unread(http: Http, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    assert http.client.post("/slack/events", content=b"{}", headers=encoded).status_code == 401
    assert http.client.get("/slack/events").status_code == 405


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"\xff\xfe", 401)])
def test_what_is_signed_but_not_readable_is_refused(http: Http, body: bytes, status: int) -> None:
    assert http.client.post("/slack/events", content=body, headers=signed(body)).status_code == status


def test_slack_s_question_whether_the_address_is_ours_is_answered(http: Http) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1"}).encode()
    headers = {**signed(body), "Content-Type": "application/json"}
    assert http.client.post("/slack/events", content=body, headers=headers).json() == {"challenge": "c-1"}


# ---- over a socket


@pytest.fixture
def socket(settings: Settings) -> Iterator[list[str]]:
    """`digg-deeper slack`, running; where it says that it answers."""
    ready, stop, told = threading.Event(), threading.Event(), []

    def on_ready(where: str) -> None:
        told.append(where)
        ready.set()

    running = threading.Thread(target=answer_over_socket, args=(settings,), kwargs={"on_ready": on_ready, "stop": stop})
    running.start()
    assert ready.wait(PATIENCE_S)
    yield told
    stop.set()
    running.join(PATIENCE_S)
    assert not running.is_alive()


def test_a_mention_over_a_socket_is_acknowledged_and_answered_once(slack: StandIn, socket: list[str]) -> None:
    assert socket == ["digg in Harbour"]
    for retry in (0, 1):
        slack.send_over_socket("events_api", mention(WHY), envelope=f"e{retry}", retry_attempt=retry)
        assert slack.acknowledged.get(timeout=PATIENCE_S) == {"envelope_id": f"e{retry}"}
    assert any("crew was cut" in quote for quote in quotes_in(answered(slack)))
    slack.send_over_socket("slash_commands", slash("help", slack=slack), envelope="e3")
    assert slack.acknowledged.get(timeout=PATIENCE_S)["envelope_id"] == "e3"
    assert "/digg-deeper QUESTION" in read_aloud(replied(slack))
    assert slack.posted.empty()


def test_a_command_over_a_socket_asks_what_is_kept(
    slack: StandIn, product: DiggDeeper, stored: str, socket: list[str]
) -> None:
    product.close()
    slack.send_over_socket("slash_commands", slash(f"{stored} why does the ferry stop?", slack=slack), envelope="e1")
    assert any("crew was cut" in quote for quote in quotes_in(replied(slack)))


@pytest.mark.parametrize("missing", ["slack_bot_token", "slack_app_token"])
def test_a_missing_token_is_named(settings: Settings, missing: str) -> None:
    with pytest.raises(InvalidSetting, match=f"DIGG_{missing.upper()} is not set"):
        answer_over_socket(settings.model_copy(update={missing: None}), on_ready=print)


@pytest.mark.parametrize(("method", "variable"), [("auth.test", "BOT"), ("apps.connections.open", "APP")])
def test_a_token_that_slack_refuses_is_named(
    settings: Settings, slack: StandIn, method: str, variable: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refuse[method] = [(200, {"ok": False, "error": "invalid_auth"}, {})] * 3
    with (
        caplog.at_level(logging.CRITICAL, logger="bot.faces.slack.app"),
        pytest.raises(InvalidSetting, match=f"DIGG_SLACK_{variable}_TOKEN: invalid_auth"),
    ):
        answer_over_socket(settings, on_ready=print)


def test_slack_that_cannot_be_reached_is_told(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = settings.model_copy(update={"slack_api_url": "http://127.0.0.1:9/api"})
    with caplog.at_level(logging.CRITICAL), pytest.raises(SourceUnavailable, match="Slack cannot be reached"):
        answer_over_socket(nowhere, on_ready=print)


# ---- blocks


ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=400)
TRAPS = st.sampled_from(
    [
        "<!channel>",
        "<@U0ADA>",
        "@here",
        "*bold* _it_ ~s~ `c`",
        ":smile:",
        "&amp;lt;",
        "<https://x.example|y>",
        "> q",
        "😀",
        "\n",
    ]
)
WORDS = st.one_of(ANYTHING, st.lists(st.one_of(TRAPS, ANYTHING), min_size=1, max_size=60).map("".join))
LONG = st.builds(lambda words, times: words * times, WORDS, st.integers(1, 400)).map(lambda text: text[:30_000])


def an_answer(quotes: list[str], *, handle: str = "ada", url: str | None = "https://forum.example/1") -> Answer:
    cited = [
        Citation(
            thread_id="forum:t",
            comment_id=str(at),
            author=Author(id=f"a{at}", handle=handle),
            author_candidate=None,
            quote=quote,
            start=0,
            end=len(quote),
            url=url,
            posted_at=None,
        )
        for at, quote in enumerate(quotes)
    ]
    return Answer(
        id="1",
        thread_ids=("forum:t",),
        question="why?",
        kind="open",
        lead="Points:",
        statements=tuple(Statement(text="said", citations=(citation,)) for citation in cited),
        coverage=Coverage(used=1, indexed=1, known=None, as_of=None, state="full"),
        writer="extractive",
        created_at="2026-03-01T00:00:00Z",
    )


def sent(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """As Slack gets them."""
    return [json.loads(message.model_dump_json()) for message in messages]


@given(quotes=st.lists(WORDS, min_size=1, max_size=8), handle=ANYTHING, url=st.one_of(st.none(), ANYTHING))
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_comment_makes_blocks_that_slack_takes_and_is_read_as_it_was_written(
    quotes: list[str], handle: str, url: str | None
) -> None:
    messages = sent(answer_messages(an_answer(quotes, handle=handle, url=url)))
    assert [fault for message in messages for fault in faults(message)] == []
    assert "".join(quote for message in messages for quote in quotes_in(message)) == "".join(quotes)


@given(quote=LONG)
@hypothesis_settings(max_examples=25, deadline=None)
def test_a_long_quote_goes_on_in_the_next_block_and_none_of_it_is_lost(quote: str) -> None:
    messages = sent(answer_messages(an_answer([quote])))
    assert [fault for message in messages for fault in faults(message)] == []
    assert "".join(piece for message in messages for piece in quotes_in(message)) == quote


@given(words=LONG)
@hypothesis_settings(max_examples=25, deadline=None)
def test_our_own_words_may_hold_anybody_s(words: str) -> None:
    messages = sent(words_messages(f"The name {words} is unknown."))
    assert [fault for message in messages for fault in faults(message)] == []


def test_many_points_make_several_messages() -> None:
    messages = sent(answer_messages(an_answer([f"Point {at}." for at in range(80)])))
    assert len(messages) > 1
    assert [fault for message in messages for fault in faults(message)] == []
    assert [quote for message in messages for quote in quotes_in(message)] == [f"Point {at}." for at in range(80)]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://",
        "https://x.example/\n",
        "http://[",
        "x" * 4000,
        "https://slack.com@evil.example/x",
        "https://x.example/\u202egpj.exe",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    (message,) = sent(answer_messages(an_answer(["Words."], url=url)))
    assert links_in(message) == []


def test_the_same_words_by_several_people_stand_once_with_all_of_them() -> None:
    one, two = an_answer(["Yes."], handle="ada"), an_answer(["Yes."], handle="mo")
    both = Statement(text="said", citations=one.statements[0].citations + two.statements[0].citations)
    (message,) = sent(answer_messages(one.model_copy(update={"statements": (both,)})))
    assert quotes_in(message) == ["Yes."]
    assert "@ada" in read_aloud(message)
    assert "@mo" in read_aloud(message)
    assert len(blocks_of(message)) == 4


def test_the_first_statement_comes_first_and_the_others_below_a_heading() -> None:
    made = an_answer(["The crew was cut.", "The tax rose.", "The engine fails."])
    said = [one.model_copy(update={"text": f"@ada: “{one.citations[0].quote}”"}) for one in made.statements]
    (message,) = sent(answer_messages(made.model_copy(update={"statements": tuple(said), "lead": said[0].text})))
    told = read_aloud(message)
    assert message["text"] == "@ada: “The crew was cut.”"
    assert told.count("The crew was cut.") == 1
    assert told.index("The crew was cut.") < told.index("2 others:") < told.index("The tax rose.")
    under = [*said[:2], said[2].model_copy(update={"heading": "Others on this"})]
    shown = made.model_copy(update={"statements": tuple(under[1:]), "more": tuple(said[:1]), "lead": said[1].text})
    (message,) = sent(answer_messages(shown))
    assert faults(message) == []
    assert "1 more comment speaks of this." in read_aloud(message)
    assert read_aloud(message).index("Others on this") < read_aloud(message).index("The engine fails.")
    assert "The crew was cut." not in read_aloud(message)


def test_the_fitting_words_are_bold_and_a_cut_quote_says_so() -> None:
    made = an_answer(["So.\nThe *crew* was cut. Ask."])
    cited = made.statements[0].citations[0].model_copy(update={"focus": (3, 23), "cut": True})
    said = Statement(text="said", citations=(cited,))
    (message,) = sent(answer_messages(made.model_copy(update={"statements": (said,)})))
    [quote] = [
        part["elements"]
        for block in blocks_of(message)
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    ]
    assert [(each["text"], each.get("style")) for each in quote] == [
        ("So.\n", None),
        ("The *crew* was cut.", {"bold": True}),
        (" Ask. …", None),
    ]
    assert faults(message) == []


# ---- the manifest


def test_the_manifest_asks_for_what_is_used_and_no_more() -> None:
    manifest = yaml.safe_load((Path(__file__).resolve().parents[1] / "manifest.yaml").read_text(encoding="utf-8"))
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    by_method = {"chat.postMessage": {"chat:write"}, "users.info": {"users:read"}, "auth.test": set()}
    by_method |= {"conversations.replies": {"channels:history", "groups:history"}, "apps.connections.open": set()}
    assert scopes == set().union(*(by_method[method] for method in ARGUMENTS)) | {"app_mentions:read", "commands"}
    assert "user" not in manifest["oauth_config"]["scopes"]
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == ["app_mention"]
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == ["/digg-deeper"]

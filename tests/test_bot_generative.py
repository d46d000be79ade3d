"""A model that chooses quotes, behind an endpoint that speaks the real protocol, well and in every way badly."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ferry_thread
from fake_llm import FakeLlm, data_of
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.evidence.scope import Scope
from bot.llm import prompts
from bot.llm.client import Llm
from bot.llm.providers import language_model
from bot.questions.understand import understand
from bot.settings import Settings
from bot.values import fallback
from bot.values.answer import Answer, Coverage, Draft, DraftStatement
from bot.verification.verify import Asked, judge, verify
from bot.writers.generative import REMEMBERED_S, Budget, GenerativeWriter
from bot.writers.quotes import ExtractiveWriter

ASKED = "Why does the night ferry stop?"
KEY = "sk-secret-of-the-test"
CREW = "The crew was cut to one shift, so nobody is left for the night."
TAX = "The tax did not double, it rose by 40 percent."
ENGINE = "The engine fails every other week and spare parts take months to arrive."
COVERAGE = Coverage(used=8, indexed=8, known=None, as_of=None, state="full")


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Scope]:
    """The ferry thread, ranked by the real index."""
    from bot.product.assemble import assemble

    product = assemble(Settings(home=tmp_path_factory.mktemp("generative"), encoder_dir=encoder_home))
    (thread,) = product.ingest(json.dumps(ferry_thread()).encode(), name="ferry.json").threads
    yield product.scope([thread.id])
    product.close()


@pytest.fixture
def fake() -> Iterator[FakeLlm]:
    with FakeLlm() as endpoint:
        yield endpoint
        closed()


MADE: list[Llm] = []


def closed() -> None:
    while MADE:
        MADE.pop().close()


def writer(fake: FakeLlm, **more: Any) -> GenerativeWriter:
    given = {"llm_url": fake.url, "llm_model": "tester", "llm_key": KEY, "llm_timeout_s": 20.0, **more}
    settings = Settings(home=Path("nowhere"), **given)
    llm = language_model(settings)
    assert llm is not None
    MADE.append(llm)
    return GenerativeWriter(llm, ExtractiveWriter(), evidence_tokens=settings.llm_evidence_tokens)


def written(by: GenerativeWriter, scope: Scope, asked: str = ASKED, **more: Any) -> Draft:
    return by.write(understand(asked, scope.threads.values()), scope, **more)


def language_model_imported(by: GenerativeWriter) -> None:
    """Importing LlamaIndex takes seconds, which are not the endpoint's."""
    by.llm._caller._caller()  # type: ignore[attr-defined]


def answer(draft: Draft, scope: Scope, asked: str = ASKED) -> Answer:
    kind = understand(asked, scope.threads.values()).kind
    return verify(draft, asked=Asked(question=asked, kind=kind), threads=scope.threads, coverage=COVERAGE)


def number(body: dict[str, Any], words: str) -> int:
    """The number that the post with these words has in this prompt."""
    return next(post["post"] for post in data_of(body)["posts"] if words in post["text"])


def statement(body: dict[str, Any], *words: str) -> dict[str, Any]:
    """A statement that points to these words, each in the post that holds them."""
    return {"quotes": [{"post": number(body, said), "words": said} for said in words]}


def replying(*statements: str | tuple[str, ...]) -> Callable[[dict[str, Any]], str]:
    """A model that chooses these words, or several posts' words for one statement."""
    chosen = [(one,) if isinstance(one, str) else one for one in statements]
    return lambda body: json.dumps({"answerable": True, "statements": [statement(body, *words) for words in chosen]})


def comment_text(comment_id: str) -> str:
    return next(str(comment["text"]) for comment in ferry_thread()["comments"] if comment["id"] == comment_id)


def quotes(made: Answer) -> list[str]:
    return [cited.quote for one in made.statements for cited in one.citations]


def cited_in(statements: Iterable[Any]) -> list[str]:
    """Ids of the comments that drafted or verified statements cite."""
    return [piece.comment_id for one in statements for piece in getattr(one, "citations", None) or one.evidence]


GOOD = replying(CREW, ENGINE)


# what it chooses


@pytest.mark.parametrize("form", ["auto", "schema", "tool", "prompt"])
def test_quotes_come_verified_in_every_format_and_what_was_not_chosen_behind_more(
    fake: FakeLlm, scope: Scope, form: str
) -> None:
    fake.says = GOOD
    draft = written(writer(fake, llm_format=form), scope)
    made = answer(draft, scope)
    assert quotes(made) == [CREW, ENGINE]
    assert made.statements[0].text == f"@ada_ferry: “{CREW}”"
    assert made.lead == made.statements[0].text
    assert (made.writer, made.note, made.dropped) == ("tester", None, 0)
    assert made.usage["calls"] == 1
    assert made.usage["tokens_in"] > 100
    assert cited_in(made.more)
    assert not {*cited_in(made.more)} & {"c2", "c5"}
    assert made.took["llm write"] > 0
    body = fake.asked[0]
    assert ("response_format" in body, "tools" in body) == (form in {"auto", "schema"}, form == "tool")


def test_what_an_endpoint_does_not_understand_is_asked_otherwise_and_remembered(fake: FakeLlm, scope: Scope) -> None:
    fake.says = GOOD
    fake.refuses = {"response_format", "tools", "stream_options", "max_tokens"}
    by = writer(fake)
    assert len(written(by, scope).statements) == 2
    tried = len(fake.asked)
    assert tried <= 6
    assert len(written(by, scope).statements) == 2
    assert len(fake.asked) == tried + 1
    assert fake.asked[-1]["max_completion_tokens"] == 1_500


def test_a_reply_in_a_fence_with_prose_and_trailing_commas_is_read(fake: FakeLlm, scope: Scope) -> None:
    fake.says = lambda body: f"Sure! Here {{is}} it:\n```json\n{GOOD(body)[:-2]},]}}\n```\nHope that helps!"
    assert len(written(writer(fake, llm_format="prompt"), scope).statements) == 2


def test_an_endpoint_that_does_not_stream_is_read_all_the_same(fake: FakeLlm, scope: Scope) -> None:
    fake.says, fake.ignores_stream = GOOD, True
    assert len(written(writer(fake), scope).statements) == 2


def test_the_model_sees_neither_ids_nor_names(fake: FakeLlm, scope: Scope) -> None:
    fake.says = GOOD
    written(writer(fake), scope)
    prompt = json.dumps(fake.asked[0])
    for comment in ferry_thread()["comments"]:
        assert f'"{comment["id"]}"' not in prompt
        assert comment["author"] not in prompt
    assert "night-ferry" not in prompt


@pytest.mark.parametrize(
    "bad",
    [
        {"post": CREW, "words": ENGINE},
        {"post": TAX, "words": "The tax did double, it rose by 40 percent."},
        {"post": TAX, "words": "The tax did not double. Still too much."},
        {"post": "no such post", "words": CREW},
        {"post": True, "words": CREW},
        {"post": CREW},
        {"post": CREW, "words": ""},
        "words",
    ],
)
def test_a_quote_that_does_not_hold_is_dropped_and_counted_and_nothing_is_asked_again(
    fake: FakeLlm, scope: Scope, bad: Any
) -> None:
    def says(body: dict[str, Any]) -> str:
        pointed = bad
        if isinstance(bad, dict) and isinstance(bad["post"], str):
            pointed = {**bad, "post": number(body, bad["post"]) if bad["post"] != "no such post" else 99}
        told = json.loads(GOOD(body))["statements"]
        told[1]["quotes"].insert(0, pointed)
        return json.dumps({"answerable": True, "statements": [{"quotes": [pointed]}, *told]})

    fake.says = says
    made = answer(written(writer(fake), scope), scope)
    assert quotes(made) == [CREW, ENGINE]
    assert made.dropped == 2
    assert made.note is None
    assert len(fake.asked) == 1


def test_words_that_are_pointed_to_are_marked_in_what_is_shown_of_their_comment(fake: FakeLlm, scope: Scope) -> None:
    fake.says = replying("it rose by 40 percent")
    (said,) = answer(written(writer(fake), scope), scope).statements
    (cited,) = said.citations
    assert cited.quote == f"{TAX} Still too much."
    assert cited.focus is not None
    assert cited.quote[cited.focus[0] - cited.start : cited.focus[1] - cited.start] == "it rose by 40 percent"


def test_several_posts_that_make_one_point_are_one_statement(fake: FakeLlm, scope: Scope) -> None:
    fake.says = replying((ENGINE, "because of that engine"), CREW)
    made = answer(written(writer(fake), scope), scope)
    assert [len(one.citations) for one in made.statements] == [2, 1]


def test_what_is_shown_already_is_not_shown_again(fake: FakeLlm, scope: Scope) -> None:
    fake.says = replying(CREW, "The crew was cut", (ENGINE, "nobody is left for the night"))
    made = answer(written(writer(fake), scope), scope)
    assert quotes(made) == [CREW, ENGINE]
    assert made.dropped == 0


def test_where_nothing_holds_the_extractive_answer_takes_its_place_and_says_so(fake: FakeLlm, scope: Scope) -> None:
    fake.says = '{"answerable": true, "statements": [{"quotes": [{"post": 1, "words": "The mayor closed it."}]}]}'
    made = answer(written(writer(fake), scope), scope)
    assert made.writer == "extractive"
    assert made.note == fallback.instead("unverified")
    assert made.dropped == 1
    assert made.statements


def test_a_model_that_finds_no_answer_makes_an_abstention_with_the_nearest_posts(fake: FakeLlm, scope: Scope) -> None:
    fake.says = '{"answerable": false, "statements": []}'
    made = answer(written(writer(fake), scope), scope)
    assert made.abstained
    assert made.writer == "tester"
    assert made.nearest


def test_what_code_answers_never_reaches_the_model(fake: FakeLlm, scope: Scope) -> None:
    for asked in ("How many people mention the engine?", "hello", "What does @nobody_here say?"):
        assert written(writer(fake), scope, asked).writer == "extractive"
    assert fake.asked == []


def test_a_question_about_one_person_shows_the_model_that_persons_posts_alone(fake: FakeLlm, scope: Scope) -> None:
    fake.says = '{"answerable": false, "statements": []}'
    written(writer(fake), scope, "What does @old_salt say about the tax?")
    texts = [post["text"] for post in data_of(fake.asked[0])["posts"]]
    assert texts
    assert all("harbour tax" in text or "dock for nineteen days" in text for text in texts)


def test_what_others_say_stays_under_its_heading_after_the_quotes_of_a_person(fake: FakeLlm, scope: Scope) -> None:
    asked = "What does @old_salt say about the tax?"
    others = list(ExtractiveWriter().write(understand(asked, scope.threads.values()), scope).statements)
    heading = next(place for place, one in enumerate(others) if one.heading == "Others on this")
    fake.says = replying("Because the harbour tax doubled.")
    made = written(writer(fake), scope, asked)
    assert cited_in(made.statements) == ["c3", *cited_in(others[heading:])]
    assert made.statements[1].heading == "Others on this"


def test_of_replies_a_model_chooses_among_those_that_the_data_tells_and_the_count_stays(
    fake: FakeLlm, scope: Scope
) -> None:
    asked = "Who replied to @nadia_n?"
    fake.says = replying("Last winter it lay in dock")
    made = answer(written(writer(fake), scope, asked), scope, asked)
    assert [post["text"] for post in data_of(fake.asked[0])["posts"]] == [comment_text("c6")]
    assert (made.writer, cited_in(made.statements)) == ("tester", ["c6"])
    assert made.count is not None
    assert made.count.members == ("c6",)


def test_who_is_left_out_by_the_question_is_not_put_before_the_model(fake: FakeLlm, scope: Scope) -> None:
    fake.says = GOOD
    written(writer(fake), scope, "Why does the night ferry stop, besides @nadia_n?")
    assert comment_text("c5") not in [post["text"] for post in data_of(fake.asked[0])["posts"]]


# what it does not mean to say

NOT_SAID = {
    "a thought": "<think>Maybe {S} but no, that is not there.</think>" + '{"answerable": false, "statements": []}',
    "a thought that is a whole reply": "<think>{R}</think>" + '{"answerable": false, "statements": []}',
    "a thought that is whole and never ends": "<think>{R}",
    "a thought that nobody saw begin": "First try:\n{R}\nNo.</think>" + '{"answerable": false, "statements": []}',
    "another mark of a thought": "[THINK]{R}[/THINK]" + '{"answerable": false, "statements": []}',
    "a statement without a reply": "Perhaps {S}",
    "a statement elsewhere": '{"answerable": true, "rejected": [{S}], "statements": []}',
    "a reply within the reply": '{"draft": {R}, "answerable": false, "statements": []}',
    "what it cannot answer": '{"answerable": false, "statements": [{S}]}',
    "what it turns out not to answer": '{"statements": [{S}], "answerable": false}',
}


@pytest.mark.parametrize("form", NOT_SAID)
def test_what_a_model_gives_up_is_neither_sent_nor_kept(fake: FakeLlm, scope: Scope, form: str) -> None:
    def says(body: dict[str, Any]) -> str:
        said = json.dumps(statement(body, ENGINE))
        return NOT_SAID[form].replace("{R}", f'{{"answerable": true, "statements": [{said}]}}').replace("{S}", said)

    fake.says = says
    sent: list[DraftStatement] = []
    made = answer(written(writer(fake), scope, told=sent.append), scope)
    assert sent == []
    assert made.writer == "extractive" or made.abstained


@pytest.mark.parametrize("before", ["<think>{ I think.\n</think>\n", "Let me see {\n</think>", "Sure!\n```json\n"])
def test_what_it_says_after_a_thought_is_read(fake: FakeLlm, scope: Scope, before: str) -> None:
    fake.says = lambda body: before + GOOD(body)
    assert len(written(writer(fake), scope).statements) == 2


@pytest.mark.parametrize("broken", ["\\ud800", "\\udc00\\ud800", "<think> </think>"])
def test_words_with_what_no_post_holds_are_dropped_and_break_nothing(fake: FakeLlm, scope: Scope, broken: str) -> None:
    fake.says = lambda body: GOOD(body).replace("The engine fails", f"The engine {broken} fails")
    sent: list[DraftStatement] = []
    made = answer(written(writer(fake), scope, told=sent.append), scope)
    for said in (*sent, made):
        said.model_dump_json().encode()
    assert quotes(made) == [CREW]
    assert (len(sent), made.dropped) == (1, 1)


def test_no_more_is_sent_than_is_taken_and_the_rest_is_not_waited_for(fake: FakeLlm, scope: Scope) -> None:
    def says(body: dict[str, Any]) -> str:
        told = [{"quotes": [{"post": post["post"], "words": post["text"]}]} for post in data_of(body)["posts"]]
        return json.dumps({"answerable": True, "statements": [{"quotes": []}] * 4 + told * 20})

    fake.says, fake.tokens_a_second = says, 2_000
    sent: list[DraftStatement] = []
    draft = written(writer(fake), scope, told=sent.append)
    assert tuple(sent) == draft.statements
    assert len(sent) == prompts.MOST_STATEMENTS - 4
    assert draft.dropped == 4
    assert draft.usage["tokens_out"] < 1_200


# streaming


def test_a_statement_is_sent_when_it_has_passed_and_before_the_model_has_ended(fake: FakeLlm, scope: Scope) -> None:
    sent_when: list[tuple[str, int]] = []

    def says(body: dict[str, Any]) -> str:
        lie = {"quotes": [{"post": 1, "words": "He lied."}]}
        good = json.loads(GOOD(body))["statements"]
        return json.dumps({"answerable": True, "statements": [good[0], lie, good[1]], "rest": "x " * 400})

    streamed = 0
    fake.says = says
    by = writer(fake)
    put = by.llm.pieces

    def counted(*told: Any) -> Iterator[str]:
        nonlocal streamed
        for piece in put(*told):
            streamed += len(piece)
            yield piece

    by.llm.pieces = counted  # type: ignore[method-assign]
    written(by, scope, told=lambda drafted: sent_when.append((drafted.evidence[0].quote, streamed)))
    assert [words for words, _ in sent_when] == [CREW, ENGINE]
    assert sent_when[0][1] < sent_when[1][1] < streamed / 2


# how it fails


def redirected(handler: Any) -> bool:
    handler.send_response(302)
    handler.send_header("location", "http://127.0.0.1:9/v1/chat/completions")
    handler.send_header("content-length", "0")
    handler.end_headers()
    return True


def page(handler: Any) -> bool:
    handler.reply(200, b"<html><body>Welcome to nginx!</body></html>")
    return True


def broken_events(handler: Any) -> bool:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    handler.raw(b"data: {oops\n\n")
    handler.raw(b"")
    return True


def error_in_the_stream(handler: Any) -> bool:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    handler.event({"error": {"message": f"worker died holding {KEY}", "code": 500}})
    handler.raw(b"")
    return True


def sleepless(handler: Any) -> bool:
    """Keeps the connection alive, and says nothing."""
    import time

    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    for _ in range(100):
        handler.raw(b": keep-alive\n\n")
        time.sleep(0.05)
    return True


def flood(handler: Any) -> bool:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    for _ in range(80):
        handler.raw(b": " + b"x" * 100_000 + b"\n\n")
    return True


def dripping(handler: Any) -> bool:
    """Begins a header that never ends."""
    import time

    handler.connection.sendall(b"HTTP/1.1 200 OK\r\nx-pad: ")
    for _ in range(80):
        handler.connection.sendall(b"a")
        time.sleep(0.05)
    return True


def compressed(handler: Any) -> bool:
    import gzip

    content = gzip.compress(b"data: " + b"x" * 20_000_000, 9)
    handler.reply(200, content, headers={"content-type": "text/event-stream", "content-encoding": "gzip"})
    return True


def hung_up(handler: Any) -> bool:
    handler.cut()
    return True


def failing(status: int, message: str = "no", **headers: str) -> Callable[[Any], bool]:
    return lambda handler: handler.fail(status, message, headers={k.replace("_", "-"): v for k, v in headers.items()})


FAULTS: dict[str, tuple[fallback.Why, dict[str, Any]]] = {
    "a wrong key": ("key refused", {"key": "another"}),
    "a key that may not": ("key refused", {"always": failing(403)}),
    "an unknown model": ("unknown model", {"models": {"other"}}),
    "an address with nothing there": ("unknown model", {"always": failing(404, "Not Found")}),
    "too long a prompt": (
        "too long",
        {"always": failing(400, "This model's maximum context length is 512 tokens, however you requested 900.")},
    ),
    "a request that it refuses": ("request refused", {"always": failing(400, "I do not like this")}),
    "busy for an hour": ("busy", {"always": failing(429, "slow down", retry_after="3600")}),
    "no credit left": ("busy", {"always": failing(429, "insufficient_quota")}),
    "failing": ("failing", {"always": failing(500, "boom", retry_after="0")}),
    "overloaded": ("busy", {"always": failing(503, "overloaded", retry_after="0")}),
    "leading elsewhere": ("redirected", {"always": redirected}),
    "a web page": ("unreadable", {"always": page}),
    "broken events": ("unreadable", {"always": broken_events}),
    "an error in the stream": ("failing", {"always": error_in_the_stream}),
    "hanging up": ("unreachable", {"always": hung_up}),
    "silence": ("too slow", {"first_token_s": 1.5}),
    "keeping alive for ever": ("too slow", {"always": sleepless}),
    "a header that drips": ("too slow", {"always": dripping}),
    "a reply that unfolds": ("unreadable", {"always": compressed}),
    "a flood": ("unreachable", {"always": flood}),
    "a refusal": ("declined", {"refusal": True}),
    "a filter": ("declined", {"says": "I", "ends": "content_filter"}),
    "empty output": ("empty", {"says": ""}),
    "prose": ("unreadable", {"says": "The night ferry stops because of the crew, I would say."}),
    "another form": ("unreadable", {"says": '{"result": ["The night ferry stops"]}'}),
    "JSON cut off": (
        "unreadable",
        {"says": '{"answerable": true, "statements": [{"quotes": [{"po', "ends": "length"},
    ),
    "dying before a statement": ("broke off", {"dies_after": 4}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_fails_the_asker_gets_the_extractive_answer_and_a_clear_word(
    fake: FakeLlm, scope: Scope, name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    why, faults = FAULTS[name]
    fake.says = GOOD
    for field, value in faults.items():
        setattr(fake, field, value)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        made = answer(written(writer(fake, llm_timeout_s=1.0 if why == "too slow" else 20.0), scope), scope)
    assert made.note == fallback.instead(why)
    assert made.writer == "extractive"
    assert made.statements
    shown = made.model_dump_json() + caplog.text + "".join(capsys.readouterr())
    assert KEY not in shown
    assert "Traceback" not in shown
    assert CREW not in caplog.text


@pytest.mark.parametrize("slowly", [dripping, sleepless])
def test_the_time_covers_every_byte_of_the_reply(fake: FakeLlm, scope: Scope, slowly: Any) -> None:
    import time

    by = writer(fake, llm_timeout_s=1.0)
    language_model_imported(by)
    fake.always = slowly
    start = time.monotonic()
    written(by, scope)
    assert time.monotonic() - start < 2.5


def test_the_time_covers_every_manner_of_asking(fake: FakeLlm, scope: Scope) -> None:
    import time

    def refusing(handler: Any) -> bool:
        time.sleep(0.7)
        return bool(handler.fail(400, "I do not know response_format, tools or stream_options"))

    by = writer(fake, llm_timeout_s=1.0)
    language_model_imported(by)
    fake.always = refusing
    start = time.monotonic()
    written(by, scope)
    assert time.monotonic() - start < 2.0
    assert len(fake.asked) <= 2


def test_no_compressed_reply_is_asked_for(fake: FakeLlm, scope: Scope) -> None:
    fake.says = GOOD
    written(writer(fake), scope)
    assert {name.casefold(): value for name, value in fake.headers[0].items()}["accept-encoding"] == "identity"


def test_an_endpoint_that_is_not_there(scope: Scope, fake: FakeLlm) -> None:
    made = answer(written(writer(fake, llm_url="http://127.0.0.1:9/v1"), scope), scope)
    assert made.note == fallback.instead("unreachable")


def test_dying_in_mid_stream_keeps_what_had_passed(fake: FakeLlm, scope: Scope) -> None:
    fake.says = GOOD
    fake.dies_after = 50
    sent: list[DraftStatement] = []
    made = answer(written(writer(fake), scope, told=sent.append), scope)
    assert len(made.statements) == len(sent) == 1
    assert made.writer == "tester"
    assert made.note == fallback.beside("broke off")


@pytest.mark.parametrize("fault", [failing(500, "boom"), failing(429, "wait", retry_after="0"), hung_up])
def test_a_passing_fault_is_got_over(fake: FakeLlm, scope: Scope, fault: Callable[[Any], bool]) -> None:
    fake.says = GOOD
    fake.faults = [fault]
    made = answer(written(writer(fake), scope), scope)
    assert (made.note, len(made.statements)) == (None, 2)


def test_a_busy_endpoint_is_left_alone_for_as_long_as_it_asks(fake: FakeLlm, scope: Scope) -> None:
    fake.always = failing(429, "slow down", retry_after="3600")
    by = writer(fake)
    written(by, scope)
    asked = len(fake.asked)
    assert answer(written(by, scope), scope).note == fallback.instead("busy")
    assert len(fake.asked) == asked == 1


def test_where_the_context_is_too_small_less_evidence_is_given(fake: FakeLlm, scope: Scope) -> None:
    fake.says = replying(ENGINE)
    fake.faults = [failing(400, "context_length_exceeded"), failing(400, "maximum context length is 1024 tokens")]
    made = answer(written(writer(fake, llm_evidence_tokens=8_000), scope), scope)
    assert made.note is None
    assert len(fake.asked) == 3


def test_that_a_model_takes_in_less_is_remembered_for_a_while(fake: FakeLlm, scope: Scope) -> None:
    moment = 0.0
    budget = Budget(8_000, clock=lambda: moment)
    budget.lessen(8_000)
    assert budget.now == 4_000
    budget.lessen(8_000)
    assert budget.now == 4_000, "two questions at once have found the same"
    budget.lessen(4_000)
    assert budget.now == 2_000
    moment = REMEMBERED_S + 1
    assert budget.now == 8_000
    assert not budget.divisible(1_000)


def test_the_key_is_not_sent_where_a_redirect_leads(fake: FakeLlm, scope: Scope) -> None:
    with FakeLlm(GOOD) as other:

        def elsewhere(handler: Any) -> bool:
            handler.send_response(307)
            handler.send_header("location", f"{other.url}/chat/completions")
            handler.send_header("content-length", "0")
            handler.end_headers()
            return True

        fake.always = elsewhere
        made = answer(written(writer(fake), scope), scope)
        assert made.note == fallback.instead("redirected")
        assert other.paths == []


def test_no_proxy_and_no_header_of_the_environment_is_used(
    fake: FakeLlm, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.says = GOOD
    with FakeLlm() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
        monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
        monkeypatch.setenv("OPENAI_BASE_URL", proxy.url)
        assert answer(written(writer(fake, llm_key=None), scope), scope).note is None
        assert proxy.paths == []
    told = json.dumps([dict(headers) for headers in fake.headers])
    assert "of-somebody" not in told
    assert "stainless" not in told.casefold()


# a model that lies in every way

TEXTS = [comment["text"] for comment in ferry_thread()["comments"]]
words = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS).flatmap(lambda text: st.integers(0, len(text)).map(lambda at: text[at : at + 30])),
    st.sampled_from(TEXTS).map(lambda text: text.replace("not ", "").replace("a", "е")),
    st.text(max_size=40),
)
pointed = st.fixed_dictionaries(
    {"post": st.one_of(st.integers(-3, 12), st.text(max_size=3), st.none()), "words": st.one_of(words, st.none())}
)
told = st.fixed_dictionaries({"quotes": st.lists(pointed, max_size=3)})
replies = st.one_of(
    st.lists(told, max_size=5).map(lambda some: json.dumps({"answerable": True, "statements": some})),
    st.lists(st.one_of(told, st.integers(), st.text(max_size=9)), max_size=3).map(json.dumps),
    st.text(max_size=200),
)


@pytest.fixture(scope="module")
def liar() -> Iterator[FakeLlm]:
    with FakeLlm() as endpoint:
        endpoint.piece = 40
        yield endpoint
        closed()


@pytest.fixture(scope="module")
def lying(liar: FakeLlm) -> GenerativeWriter:
    return writer(liar)


@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(reply=replies)
def test_nothing_false_leaves_a_lying_model_behind_the_real_endpoint(
    liar: FakeLlm, lying: GenerativeWriter, scope: Scope, reply: str
) -> None:
    liar.says = reply
    sent: list[DraftStatement] = []
    made = answer(written(lying, scope, told=sent.append), scope)
    (thread,) = scope.threads.values()
    for said in (*made.statements, *made.more, *(judge(one, scope.threads).statement for one in sent)):
        assert said is not None
        for cited in said.citations:
            comment = thread.by_id[cited.comment_id]
            assert comment.text[cited.start : cited.end] == cited.quote
            assert cited.author == comment.author
            assert comment.own_words(cited.start, cited.end)
            assert cited.author is not None
            assert f"@{cited.author.handle}" in said.text
    assert not sent or made.writer == "tester"

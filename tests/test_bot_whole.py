"""Questions about a discussion longer than a model reads at once: parts, points that hold, a choice among them."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fake_llm import FakeLlm, data_of
from fastapi.testclient import TestClient

from bot.evidence.scope import Scope
from bot.faces.bodies import Progress
from bot.faces.http.api import create_app
from bot.faces.remote import Remote
from bot.faces.web.panes import Panes
from bot.llm.providers import language_model
from bot.product.assemble import DiggDeeper, assemble
from bot.questions.understand import understand
from bot.settings import Settings
from bot.values import fallback
from bot.values.answer import Statement
from bot.verification.verify import EXTRACTIVE, judge
from bot.writers.generative import GenerativeWriter
from bot.writers.quotes import ExtractiveWriter
from bot.writers.whole_thread import parts
from corpus.errors import ThreadNotFound

ASKED = "What is this discussion about?"
TOPICS = ["bakery ovens", "tram brakes", "river locks", "school bells", "library roofs", "harbour cranes"]


def long_thread() -> dict[str, Any]:
    """Six subtrees of seven comments, each about its own subject."""
    comments: list[dict[str, Any]] = []
    for place, topic in enumerate(TOPICS):
        root = f"r{place}"
        said = f"The {topic} were repaired in spring. " + f"Everybody near the {topic} was glad about them. " * 3
        comments.append({"id": root, "author": f"root{place}", "text": said})
        for n in range(6):
            text = f"As for the {topic}, part {n} of them still needs paint. " + "It is a long story to tell here. " * 3
            comments.append({"id": f"{root}-{n}", "author": f"p{place}_{n}", "text": text, "parent_id": root})
    return {"id": "forum:town", "source": "forum", "title": "The town", "comments": comments}


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Scope]:
    product = assemble(Settings(home=tmp_path_factory.mktemp("whole"), encoder_dir=encoder_home))
    (thread,) = product.ingest(json.dumps(long_thread()).encode(), name="town.json").threads
    yield product.scope([thread.id])
    product.close()


@pytest.fixture
def fake() -> Iterator[FakeLlm]:
    with FakeLlm() as endpoint:
        endpoint.piece = 40
        yield endpoint


def summed_up(fake: FakeLlm, scope: Scope, *, budget: int = 1_000, **more: Any) -> Any:
    llm = language_model(Settings(home=Path("nowhere"), llm_url=fake.url, llm_model="tester"))
    assert llm is not None
    by = GenerativeWriter(llm, ExtractiveWriter(), evidence_tokens=budget)
    question = understand(ASKED, scope.threads.values())
    assert question.kind == "overview"
    draft = by.write(question, scope, **more)
    llm.close()
    return draft


def reading(body: dict[str, Any]) -> str:
    """Of a part, the first sentences of its first three posts; of points, the even ones."""
    told = data_of(body)
    if "points" in told:
        return json.dumps({"keep": [one["number"] for one in told["points"] if one["number"] % 2 == 0]})
    pointed = [{"post": post["post"], "words": post["text"].split(". ")[0] + "."} for post in told["posts"][:3]]
    return json.dumps({"answerable": True, "statements": [{"quotes": [one]} for one in pointed]})


def test_parts_follow_the_subtrees_and_lose_nothing(scope: Scope) -> None:
    (thread,) = scope.threads.values()
    comments = [thread.by_id[i] for i, _ in thread.reply_order]
    cut = parts(comments, scope.threads, 1_000)
    assert [c.id for part in cut for c in part] == [c.id for c in comments]
    assert 2 <= len(cut) <= 12
    assert all(thread.parents[part[0].id] is None for part in cut)


def test_a_thread_that_is_far_too_long_is_read_by_its_most_active_posts(scope: Scope) -> None:
    (thread,) = scope.threads.values()
    comments = [thread.by_id[i] for i, _ in thread.reply_order]
    cut = parts(comments, scope.threads, 150)
    assert len(cut) <= 20
    assert {f"r{n}" for n in range(6)} <= {c.id for part in cut for c in part}


def test_points_of_every_part_are_verified_then_chosen_among(fake: FakeLlm, scope: Scope) -> None:
    fake.says = reading
    seen: list[tuple[str, int, int]] = []
    sent: list[Any] = []
    draft = summed_up(fake, scope, told=sent.append, progress=lambda *told: seen.append(told))
    assert draft.writer == "tester"
    assert draft.trouble is None
    assert len(draft.statements) == 5
    assert all(judge(one, scope.threads).statement for one in draft.statements)
    assert sent == list(draft.statements)
    assert [done for _, done, _ in seen] == list(range(len(seen)))
    assert seen[-1][1] == seen[-1][2] >= 2
    assert set(draft.took) == {"llm part", "llm reduce"}


def test_points_that_were_chosen_among_many_are_no_sign_of_trouble(fake: FakeLlm, scope: Scope) -> None:
    fake.says = reading
    draft = summed_up(fake, scope, budget=300)
    assert len(fake.asked) > 9
    assert draft.dropped == 0
    assert draft.trouble is None
    assert len(draft.statements) == 5
    assert max(len(point["words"]) for body in fake.asked for point in data_of(body).get("points", [])) <= 300


def test_coverage_tells_what_reached_the_model(fake: FakeLlm, scope: Scope) -> None:
    fake.says = reading
    scope.looked_at.clear()
    summed_up(fake, scope, budget=200)
    shown = {post["text"] for body in fake.asked for post in data_of(body).get("posts", [])}
    (thread,) = scope.threads.values()
    assert len(scope.looked_at) == len(shown) < len(thread.comments)


def test_a_point_that_does_not_hold_is_dropped_before_the_choice(fake: FakeLlm, scope: Scope) -> None:
    def says(body: dict[str, Any]) -> str:
        told = json.loads(reading(body))
        if "statements" in told:
            told["statements"][0]["quotes"][0]["words"] = "Pirates stole all of it."
        return json.dumps(told)

    fake.says = says
    draft = summed_up(fake, scope)
    assert draft.dropped == draft.usage["part calls"] >= 2
    assert set(draft.took) == {"llm part", "llm reduce"}
    assert "Pirates" not in fake.prompts[-1]


def narrow(most: int) -> Any:
    """An endpoint that takes in prompts of so many characters."""

    def refuses(handler: Any) -> bool:
        too_long = len(json.dumps(handler.server.fake.asked[-1]["messages"])) > most
        return too_long and bool(handler.fail(400, "This model's maximum context length is 1024 tokens"))

    return refuses


def test_where_the_context_is_too_small_smaller_parts_are_read(fake: FakeLlm, scope: Scope) -> None:
    fake.says, fake.always = reading, narrow(8_000)
    draft = summed_up(fake, scope, budget=2_400)
    assert draft.writer == "tester"
    assert draft.trouble is None
    assert draft.statements


def test_where_no_part_is_small_enough_quotes_alone_tell_it(fake: FakeLlm, scope: Scope) -> None:
    fake.says, fake.always = reading, narrow(1_000)
    draft = summed_up(fake, scope, budget=2_400)
    assert (draft.writer, draft.trouble) == (EXTRACTIVE, "too long")
    assert len(fake.asked) < 20


def test_a_short_thread_is_read_in_one_call(fake: FakeLlm, scope: Scope) -> None:
    fake.says = reading
    assert len(summed_up(fake, scope, budget=50_000).statements) == 3
    assert len(fake.asked) == 1


def test_a_choice_that_cannot_be_read_takes_points_of_every_part(fake: FakeLlm, scope: Scope) -> None:
    fake.says = lambda body: "hm" if "points" in data_of(body) else reading(body)
    draft = summed_up(fake, scope)
    assert draft.statements
    assert draft.trouble == "unchosen"


def test_parts_that_could_not_be_read_are_told(fake: FakeLlm, scope: Scope) -> None:
    lock, calls = threading.Lock(), 0

    def says(body: dict[str, Any]) -> str:
        nonlocal calls
        with lock:
            calls += 1
            first = calls == 1
        return "prose" if first or "not of that form" in body["messages"][-1]["content"] else reading(body)

    fake.says = says
    draft = summed_up(fake, scope)
    assert draft.statements
    assert draft.trouble == "partly read"
    assert fallback.beside("partly read").startswith("The language model did not get through")


def test_nothing_that_could_be_read_is_answered_by_quotes(fake: FakeLlm, scope: Scope) -> None:
    fake.always = lambda handler: handler.fail(401, "no")
    draft = summed_up(fake, scope, budget=300)
    assert (draft.writer, draft.trouble) == (EXTRACTIVE, "key refused")
    assert len(fake.asked) <= 6, "what every part would fail for is not asked of every part"


# how far it is, on every face


@pytest.fixture(scope="module")
def endpoint() -> Iterator[FakeLlm]:
    with FakeLlm(reading) as made:
        made.piece = 40
        yield made


@pytest.fixture(scope="module")
def product(endpoint: FakeLlm, tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[DiggDeeper]:
    home = tmp_path_factory.mktemp("faces")
    made = assemble(
        Settings(
            home=home,
            encoder_dir=encoder_home,
            llm_url=endpoint.url,
            llm_model="tester",
            llm_evidence_tokens=1_000,
        )
    )
    made.ingest(json.dumps(long_thread()).encode(), name="town.json")
    yield made
    made.close()


@contextmanager
def served(product: DiggDeeper) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(product), host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def counts_up(seen: list[tuple[int, int]]) -> bool:
    total = seen[-1][1]
    return total >= 2 and seen == [(done, total) for done in range(total + 1)]


def test_events_tell_how_far_it_is_then_what_it_says(product: DiggDeeper) -> None:
    with TestClient(create_app(product), base_url="http://localhost") as client:
        reply = client.post(
            "/v1/threads/forum:town/questions", json={"question": ASKED}, headers={"Accept": "text/event-stream"}
        )
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", reply.text)
    names = [name for name, _ in events]
    told = [Progress.model_validate_json(data) for name, data in events if name == "progress"]
    assert names == sorted(names, key=["progress", "statement", "answer"].index)
    assert names.count("statement") >= 2
    assert names.count("answer") == 1
    assert counts_up([(one.done, one.total) for one in told])
    assert {one.stage for one in told} == {"reading the discussion"}


def test_a_command_hears_it_through_the_server(product: DiggDeeper) -> None:
    seen: list[tuple[int, int]] = []
    sent: list[Statement] = []
    with served(product) as url, closing(Remote(url)) as remote:
        answer = remote.ask(
            "Summarize the discussion",
            thread_ids=["forum:town"],
            on_statement=sent.append,
            progress=lambda _, done, total: seen.append((done, total)),
        )
        assert tuple(sent) == answer.statements
        assert counts_up(seen)
        with pytest.raises(ThreadNotFound):
            remote.ask("What?", thread_ids=["forum:nowhere"])


def test_the_page_says_which_part_is_read(product: DiggDeeper) -> None:
    shown: list[str] = []
    turn = Panes(product).ask("What are the main points?", "forum:town", None, lambda html: shown.append(str(html)))
    told = [found[1] for html in shown for found in [re.search(r"Reading (part \d+ of \d+) …", html)] if found]
    assert told[0] == f"part 1 of {len(told)}"
    assert told[-1] == f"part {len(told)} of {len(told)}"
    assert "data-done" in str(turn)


def test_every_call_to_the_model_is_counted(product: DiggDeeper, endpoint: FakeLlm) -> None:
    with TestClient(create_app(product), base_url="http://localhost") as client:
        answer = client.post(
            "/v1/threads/forum:town/questions", json={"question": "What are the key points here?"}
        ).json()
        text = client.get("/metrics").text
    usage = answer["usage"]
    assert f'digg_model_calls_total{{purpose="part",outcome="ok"}} {usage["part calls"]}\n' in text
    assert f'digg_model_tokens_total{{purpose="part",direction="in"}} {usage["part tokens_in"]}\n' in text
    assert f'digg_model_tokens_total{{purpose="reduce",direction="out"}} {usage["reduce tokens_out"]}\n' in text
    assert f'digg_model_call_seconds_count{{purpose="part"}} {usage["part calls"]}\n' in text
    assert {"llm part", "llm reduce"} <= set(answer["took"])

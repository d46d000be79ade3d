"""The HTTP API over the real product: every endpoint, every way to fail, and what its document says of both."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from conftest import ferry_thread
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.faces.http.api import create_app
from bot.faces.http.problems import MEDIA_TYPE, Problem
from bot.product.assemble import assemble
from bot.product.product import DiggDeeper
from bot.settings import Settings
from bot.values.answer import Answer, Statement
from corpus.thread import Comment, Thread

WHY = {"question": "Why does the night ferry stop?"}
WEATHER = {"question": "What is the capital of Mongolia?"}


@pytest.fixture
def app(product: DiggDeeper) -> FastAPI:
    return create_app(product, instance="this-one")


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://localhost:7860", raise_server_exceptions=False)


@pytest.fixture
def filled(client: TestClient, ferry: dict[str, Any]) -> TestClient:
    reply = client.post("/v1/threads", json={"thread": ferry})
    assert reply.status_code == 201, reply.text
    return client


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[TestClient]:
    """A client of a product that holds the ferry's thread, shared by tests that change nothing."""
    made = assemble(Settings(home=tmp_path_factory.mktemp("settled"), encoder_dir=encoder_home))
    client = TestClient(create_app(made), base_url="http://localhost:7860", raise_server_exceptions=False)
    assert client.post("/v1/threads", json={"thread": ferry_thread()}).status_code == 201
    yield client
    made.close()


def problem(reply: httpx.Response, status: int, slug: str | None = None) -> Problem:
    """The problem document that the reply is, checked."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == MEDIA_TYPE
    told = Problem.model_validate_json(reply.content)
    assert told.status == status
    assert told.title
    assert told.detail
    assert slug is None or told.type == f"urn:digg-deeper:problem:{slug}"
    return told


class TestThreads:
    def test_a_thread_is_read_in_as_json(self, client: TestClient, ferry: dict[str, Any]) -> None:
        reply = client.post("/v1/threads", json={"thread": ferry})
        assert reply.status_code == 201
        (summary,) = reply.json()["threads"]
        assert reply.json()["skipped"] == []
        wanted = {"id": ferry["id"], "source": "forum", "title": ferry["title"], "comments": 8, "commenters": 6}
        assert {name: summary[name] for name in wanted} == wanted
        assert summary["state"] == "full"
        assert {"url", "known_total"} <= set(summary)

    def test_an_export_is_read_in_as_a_file(self, client: TestClient, ferry: dict[str, Any]) -> None:
        reply = client.post("/v1/threads", files={"file": ("ferry.json", json.dumps(ferry))})
        assert reply.status_code == 201
        assert [one["id"] for one in reply.json()["threads"]] == [ferry["id"]]

    def test_one_bad_record_is_named_and_the_rest_kept(self, client: TestClient, ferry: dict[str, Any]) -> None:
        ferry["comments"].append({"id": "c9", "text": ["no", "text"]})
        read = client.post("/v1/threads", json={"thread": ferry}).json()
        assert read["threads"][0]["comments"] == 8
        assert len(read["skipped"]) == 1
        assert read["skipped"][0]["where"]
        assert read["skipped"][0]["reason"]

    def test_what_goes_out_comes_in_again_unchanged(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        exported = filled.get(f"/v1/threads/{ferry['id']}/export").json()
        assert Thread.model_validate(exported).id == ferry["id"]
        assert [c["text"] for c in exported["comments"]] == [c["text"] for c in ferry["comments"]]
        again = filled.post("/v1/threads", json={"thread": exported}).json()["threads"][0]
        assert again["revision"] == filled.get("/v1/threads").json()["threads"][0]["revision"] == 1

    def test_threads_are_listed_page_by_page(self, client: TestClient, ferry: dict[str, Any]) -> None:
        for n in range(5):
            client.post("/v1/threads", json={"thread": {**ferry, "id": f"forum:{n}", "source": f"s{n % 2}"}})
        seen, cursor = [], None
        while True:
            page = client.get("/v1/threads", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            seen += [one["id"] for one in page["threads"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert sorted(seen) == [f"forum:{n}" for n in range(5)]
        assert len(client.get("/v1/threads", params={"source": "s0"}).json()["threads"]) == 3
        assert [one["id"] for one in client.get("/v1/threads", params={"q": "FORUM:3"}).json()["threads"]] == [
            "forum:3"
        ]
        problem(client.get("/v1/threads", params={"cursor": "nonsense"}), 422)

    def test_the_story_says_what_is_here(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        story = filled.get(f"/v1/threads/{ferry['id']}").json()
        assert {"id", "title", "url", "page", "digest", "coverage"} <= set(story)
        assert {"headline", "tldr", "sentiment", "viewpoints", "questions", "made_by"} <= set(story["digest"])
        assert story["coverage"]["indexed"] == 8

    def test_comments_are_sorted_and_filtered(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        path = f"/v1/threads/{ferry['id']}/comments"
        by_time = filled.get(path, params={"sort": "time"}).json()["comments"]
        assert [c["id"] for c in by_time] == [f"c{n}" for n in range(1, 9)]
        assert Comment.model_validate(by_time[1]).author.handle == "ada_ferry"
        assert filled.get(path).json()["comments"][0]["id"] == "c1"
        salty = filled.get(path, params={"author": "@old_salt", "sort": "time"}).json()["comments"]
        assert [c["id"] for c in salty] == ["c3", "c6"]
        first = filled.get(path, params={"limit": 5, "sort": "time"}).json()
        rest = filled.get(path, params={"limit": 5, "sort": "time", "cursor": first["next_cursor"]}).json()
        assert [c["id"] for c in first["comments"] + rest["comments"]] == [c["id"] for c in by_time]
        assert rest["next_cursor"] is None

    def test_search_ranks_without_answering(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        hits = filled.get(f"/v1/threads/{ferry['id']}/search", params={"q": "harbour tax", "k": 3}).json()["hits"]
        assert {hit["comment_id"] for hit in hits[:2]} == {"c3", "c4"}
        assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
        assert set(hits[0]) == {"comment_id", "score", "author", "author_candidate", "text", "url"}
        assert len(hits) <= 3

    def test_a_forgotten_thread_is_gone(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        path = f"/v1/threads/{ferry['id']}"
        assert filled.post(f"{path}/questions", json=WHY).status_code == 200
        assert filled.delete(path).status_code == 204
        for gone in (path, f"{path}/comments", f"{path}/export", f"{path}/questions", f"{path}/search?q=tax"):
            problem(filled.get(gone), 404, "thread-not-found")
        problem(filled.delete(path), 404, "thread-not-found")
        problem(filled.post(f"{path}/questions", json=WHY), 404, "thread-not-found")
        assert filled.get("/v1/threads").json() == {"threads": [], "next_cursor": None}

    def test_ids_may_hold_what_ids_may_hold(self, client: TestClient, ferry: dict[str, Any]) -> None:
        thread_id = "a.b_c~d:e@f-0"
        assert client.post("/v1/threads", json={"thread": {**ferry, "id": thread_id}}).status_code == 201
        assert client.get(f"/v1/threads/{thread_id}").json()["id"] == thread_id
        assert client.get("/v1/threads/a.b_c%7Ed%3Ae%40f-0").json()["id"] == thread_id
        assert client.post(f"/v1/threads/{thread_id}/questions", json=WHY).json()["thread_ids"] == [thread_id]


class TestQuestions:
    def test_an_answer_quotes_the_right_people_exactly(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        reply = filled.post(f"/v1/threads/{ferry['id']}/questions", json=WHY)
        assert reply.status_code == 200
        answer = Answer.model_validate_json(reply.content)
        texts = {c["id"]: (c["text"], c["author"]) for c in ferry["comments"]}
        cited = [citation for statement in answer.statements for citation in statement.citations]
        assert cited
        for citation in cited:
            text, author = texts[citation.comment_id]
            assert text[citation.start : citation.end] == citation.quote
            assert citation.author is not None
            assert citation.author.handle == author
        assert answer.coverage.state == "full"

    def test_with_nothing_to_say_it_abstains(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        answer = filled.post(f"/v1/threads/{ferry['id']}/questions", json=WEATHER).json()
        assert answer["abstained"] is True
        assert answer["reason"]
        assert answer["statements"] == []

    def test_statements_stream_and_add_up_to_the_answer(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        headers = {"Accept": "text/event-stream"}
        with filled.stream("POST", f"/v1/threads/{ferry['id']}/questions", json=WHY, headers=headers) as reply:
            assert reply.headers["content-type"].startswith("text/event-stream")
            events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", reply.read().decode())
        assert [name for name, _ in events] == ["statement"] * (len(events) - 1) + ["answer"]
        answer = Answer.model_validate_json(events[-1][1])
        assert tuple(Statement.model_validate_json(data) for _, data in events[:-1]) == answer.statements
        assert answer.statements

    def test_a_stream_that_cannot_begin_is_a_problem(self, client: TestClient) -> None:
        reply = client.post("/v1/threads/none/questions", json=WHY, headers={"Accept": "text/event-stream"})
        problem(reply, 404, "thread-not-found")

    def test_a_conversation_goes_on(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        path = f"/v1/threads/{ferry['id']}/questions"
        first = filled.post(path, json=WHY).json()
        assert first["conversation_id"]
        assert filled.post(path, json=WHY).json()["conversation_id"] != first["conversation_id"]
        follow = {"question": "And what about the engine?", "conversation_id": first["conversation_id"]}
        assert filled.post(path, json=follow).json()["conversation_id"] == first["conversation_id"]

    def test_all_threads_or_some_are_asked(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        other = {
            **ferry,
            "id": "forum:other",
            "comments": [{"id": "d1", "author": "zoe", "text": "The bakery burnt down."}],
        }
        filled.post("/v1/threads", json={"thread": other})
        everywhere = filled.post("/v1/questions", json={"question": "What happened to the bakery?"}).json()
        assert everywhere["statements"][0]["citations"][0]["thread_id"] == "forum:other"
        asked = {"question": "What happened to the bakery?", "thread_ids": [ferry["id"]]}
        here = filled.post("/v1/questions", json=asked).json()
        assert here["thread_ids"] == [ferry["id"]]
        assert all(c["thread_id"] == ferry["id"] for s in here["statements"] for c in s["citations"])

    def test_answered_questions_are_listed_declined_ones_are_not(
        self, filled: TestClient, ferry: dict[str, Any]
    ) -> None:
        path = f"/v1/threads/{ferry['id']}/questions"
        assert filled.get(path).json() == {"answers": [], "next_cursor": None}
        made = filled.post(path, json=WHY).json()
        filled.post(path, json=WEATHER)
        assert [answer["id"] for answer in filled.get(path).json()["answers"]] == [made["id"]]

    def test_feedback_is_taken_on_an_answer_that_is_there(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        made = filled.post(f"/v1/threads/{ferry['id']}/questions", json=WHY).json()
        path = f"/v1/answers/{made['id']}/feedback"
        assert filled.post(path, json={"helpful": True}).status_code == 204
        assert filled.post(path, json={"helpful": False, "note": "no"}).status_code == 204
        problem(filled.post("/v1/answers/none/feedback", json={"helpful": True}), 404, "answer-not-found")


class TestRefusals:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"thread": 1}',
            b'{"thread": {}, "url": "x"}',
            b'{"url": 1}',
            b'{"url": ""}',
            b'{"url": "\\ud800"}',
            b'{"url": "file:///etc/passwd"}',
            b'{"thraed": {}}',
            b"[" * 50_000,
            b"\xff",
            b"1" * 5_000,
        ],
    )
    def test_a_body_that_is_no_thread_is_refused(self, settled: TestClient, body: bytes) -> None:
        problem(settled.post("/v1/threads", content=body, headers={"Content-Type": "application/json"}), 422)

    def test_a_url_of_an_unknown_site_is_refused(self, settled: TestClient) -> None:
        told = problem(settled.post("/v1/threads", json={"url": "https://digg.example/x"}), 422, "address-refused")
        assert "https://news.ycombinator.com/item?id=" in told.next_step

    def test_a_form_without_a_file_is_refused(self, settled: TestClient) -> None:
        assert "file" in problem(settled.post("/v1/threads", files={"export": b"x"}), 422).detail
        assert "file" in problem(settled.post("/v1/threads", data={"file": "x"}, files={"y": b""}), 422).detail

    def test_a_damaged_form_is_refused(self, settled: TestClient) -> None:
        kind = {"Content-Type": "multipart/form-data; boundary=y"}
        problem(settled.post("/v1/threads", content=b"xx", headers=kind), 400)
        problem(settled.post("/v1/threads", content=b"xx", headers={"Content-Type": "multipart/form-data"}), 400)

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
    def test_another_kind_of_body_is_refused(self, settled: TestClient, kind: str) -> None:
        problem(settled.post("/v1/threads", content=b"{}", headers={"Content-Type": kind}), 415)

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xff\xfe\xfd", b"hello", b'{"a": 1}'])
    def test_an_export_that_nobody_reads_is_refused_with_what_can_be_read(
        self, settled: TestClient, content: bytes
    ) -> None:
        told = problem(settled.post("/v1/threads", files={"file": ("x", content)}), 422)
        assert told.next_step
        assert len(settled.get("/v1/threads").json()["threads"]) == 1

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"question": ""},
            {"question": 7},
            {"question": None},
            {"question": "why", "more": 1},
            {"question": "w" * 2_001},
            {"question": "why", "conversation_id": ""},
            {"question": "why", "conversation_id": "c" * 201},
            {"question": "why", "thread_ids": []},
            {"question": "why", "thread_ids": ["a/b"]},
            {"question": "why", "thread_ids": "a"},
        ],
    )
    def test_a_question_that_is_none_is_refused(self, settled: TestClient, body: dict[str, Any]) -> None:
        told = problem(settled.post("/v1/questions", json=body), 422, "invalid-request")
        assert told.next_step

    def test_a_long_value_is_not_sent_back(self, settled: TestClient) -> None:
        reply = settled.post("/v1/questions", json={"question": "why", "thread_ids": ["x" * 100_000] * 30})
        assert len(reply.content) < 5_000
        problem(reply, 422)

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=201",
            "limit=x",
            "limit=1e3",
            "cursor=",
            "cursor=%00",
            "cursor=" + "x" * 2_000,
            "sort=views",
            "cursor=-1",
        ],
    )
    def test_a_page_that_cannot_be_is_refused(self, settled: TestClient, ferry: dict[str, Any], query: str) -> None:
        problem(settled.get(f"/v1/threads/{ferry['id']}/comments?{query}"), 422)

    @pytest.mark.parametrize("query", ["", "q=", "q=tax&k=0", "q=tax&k=101", "q=tax&k=many", "q=" + "w" * 2_001])
    def test_a_search_that_cannot_be_is_refused(self, settled: TestClient, ferry: dict[str, Any], query: str) -> None:
        problem(settled.get(f"/v1/threads/{ferry['id']}/search?{query}"), 422)

    @pytest.mark.parametrize(
        "path", ["/v1", "/v1/", "/v1/nothing", "/v1/threads/", "/v1/threads/a/b", "/v1/threads/a%2Fb"]
    )
    def test_what_is_not_there_is_a_problem(self, settled: TestClient, path: str) -> None:
        problem(settled.get(path), 404)

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "/v1/threads", "GET, POST"),
            ("PATCH", "/v1/threads/a", "DELETE, GET"),
            ("GET", "/v1/questions", "POST"),
            ("POST", "/healthz", "GET"),
            ("DELETE", "/metrics", "GET"),
        ],
    )
    def test_another_method_is_a_problem_that_names_the_right_ones(
        self, settled: TestClient, method: str, path: str, allowed: str
    ) -> None:
        reply = settled.request(method, path)
        problem(reply, 405)
        assert reply.headers["allow"] == allowed

    def test_a_thread_id_that_cannot_be_is_refused(self, settled: TestClient) -> None:
        for bad in ("a%00b", "a%20b", "%F0%9F%9A%A2", "x" * 201):
            problem(settled.get(f"/v1/threads/{bad}"), 422)

    def test_a_fault_tells_nothing_of_the_inside(
        self, client: TestClient, product: DiggDeeper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("secret /home/me")

        monkeypatch.setattr(product, "threads", fail)
        told = problem(client.get("/v1/threads"), 500)
        assert "secret" not in told.model_dump_json()

    def test_too_much_is_refused_by_the_reader_too(self, product: DiggDeeper) -> None:
        product.settings = product.settings.model_copy(update={"max_input_bytes": 1_000})
        limited = TestClient(create_app(product), base_url="http://localhost")
        told = problem(limited.post("/v1/threads", files={"file": ("x", b"x" * 2_000)}), 413, "input-too-large")
        assert "DIGG_MAX_INPUT_BYTES" in told.detail + told.next_step
        problem(limited.post("/v1/threads", files={"file": ("x", b"x" * 80_000)}), 413, "input-too-large")

    def test_another_site_reads_nothing_in_and_deletes_nothing(
        self, settled: TestClient, ferry: dict[str, Any]
    ) -> None:
        evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        problem(settled.delete(f"/v1/threads/{ferry['id']}", headers=evil), 403)
        problem(settled.post("/v1/threads", files={"file": b"x"}, headers=evil), 403)
        problem(settled.post("/v1/questions", json=WHY, headers=evil), 403)
        problem(settled.get("/v1/threads", headers={"Host": "evil.example"}), 421)
        assert len(settled.get("/v1/threads").json()["threads"]) == 1

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        question=st.text(min_size=1, max_size=200),
        conversation=st.none() | st.text(min_size=1, max_size=50),
        note=st.text(max_size=50),
    )
    def test_no_words_whatever_are_a_fault(
        self, settled: TestClient, ferry: dict[str, Any], question: str, conversation: str | None, note: str
    ) -> None:
        body = json.dumps({"question": question, "conversation_id": conversation, "thread_ids": [ferry["id"]]})
        reply = settled.post("/v1/questions", content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code == 200, reply.text
        said = settled.post(f"/v1/answers/{reply.json()['id']}/feedback", json={"helpful": False, "note": note})
        assert said.status_code in {204, 404}
        assert settled.get(f"/v1/threads/{ferry['id']}/search", params={"q": question}).status_code == 200
        assert settled.get("/v1/threads", params={"q": question, "source": note}).status_code == 200
        assert settled.get(f"/v1/threads/{ferry['id']}/comments", params={"author": question}).status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
COMMENT = st.fixed_dictionaries(
    {"id": st.text(max_size=3) | JSON, "text": st.text(max_size=40) | JSON},
    optional={
        name: st.text(max_size=5) | JSON for name in ("parent_id", "author", "created_at", "score", "quoted", "url")
    },
)
THREAD = st.fixed_dictionaries(
    {"id": st.text(alphabet="ab:~/ ", max_size=4) | JSON, "comments": st.lists(COMMENT | JSON, max_size=4) | JSON},
    optional={
        name: st.text(max_size=5) | JSON for name in ("source", "title", "url", "fetched_at", "known_total", "page")
    },
)


class TestAnything:
    @hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(thread=THREAD | JSON)
    def test_no_thread_whatever_is_a_fault(self, client: TestClient, thread: Any) -> None:
        body = json.dumps({"thread": thread})
        reply = client.post("/v1/threads", content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code in {201, 422}, reply.text
        for one in reply.json().get("threads", ()):
            at = f"/v1/threads/{one['id']}"
            assert Thread.model_validate(client.get(f"{at}/export").json()).id == one["id"]
            assert client.get(f"{at}/comments").status_code == 200
            assert client.post(f"{at}/questions", json=WHY).status_code == 200

    def test_half_a_surrogate_and_a_null_are_no_fault(self, client: TestClient, ferry: dict[str, Any]) -> None:
        kind = {"Content-Type": "application/json"}
        ferry["comments"][1]["text"] += " \ud83d \x00"
        ferry["title"] = "\udc00"
        assert client.post("/v1/threads", content=json.dumps({"thread": ferry}), headers=kind).status_code == 201
        asked = json.dumps({"question": "Why \ud800 \x00?", "conversation_id": "\udfff\x00"})
        assert client.post("/v1/questions", content=asked, headers=kind).status_code == 200
        assert "\ufffd" in client.get(f"/v1/threads/{ferry['id']}").json()["title"]

    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(content=st.binary(max_size=300), name=st.text(max_size=20))
    def test_no_file_whatever_is_a_fault(self, client: TestClient, content: bytes, name: str) -> None:
        name = name.encode("utf-8", "replace").decode()
        reply = client.post("/v1/threads", files={"file": (name, content)})
        assert reply.status_code in {201, 400, 422}, reply.text

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(path=st.sampled_from(["/v1/questions", "/v1/threads/a/questions", "/v1/answers/a/feedback"]), body=JSON)
    def test_no_body_whatever_is_a_fault(self, settled: TestClient, path: str, body: Any) -> None:
        reply = settled.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert reply.status_code in {200, 400, 404, 422}, reply.text


class TestOperation:
    def test_health_names_this_very_server(self, client: TestClient) -> None:
        assert client.get("/healthz").json()["instance"] == "this-one"

    def test_ready_opens_every_part(self, client: TestClient) -> None:
        ready = client.get("/readyz").json()
        assert ready["status"] == "ready"
        assert {"store", "encoder", "vectors"} <= set(ready["parts"])

    def test_what_is_not_ready_says_why(self, client: TestClient, product: DiggDeeper) -> None:
        product.settings.chroma_dir.parent.mkdir(parents=True, exist_ok=True)
        product.settings.chroma_dir.write_text("in the way")
        assert problem(client.get("/readyz"), 503, "index-unusable").next_step

    def test_what_was_done_is_counted(self, filled: TestClient, ferry: dict[str, Any]) -> None:
        filled.post(f"/v1/threads/{ferry['id']}/questions", json=WHY)
        filled.post(f"/v1/threads/{ferry['id']}/questions", json=WEATHER)
        text = filled.get("/metrics").text
        asked = 'route="/v1/threads/{thread_id}/questions",method="POST",status="200"'
        assert f"digg_requests_total{{{asked}}} 2" in text
        assert 'digg_answers_total{kind="open"} ' in text
        assert "digg_abstentions_total 1" in text
        assert ferry["id"] not in text


class TestDocument:
    def test_every_endpoint_has_words_a_tag_and_an_example(self, settled: TestClient) -> None:
        document = settled.get("/openapi.json").json()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                where = f"{method} {path}"
                assert operation["summary"], where
                assert operation["tags"], where
                ok = next(reply for status, reply in operation["responses"].items() if status.startswith("2"))
                assert not ok.get("content") or any("example" in kind for kind in ok["content"].values()), where
                assert {"422", "500", "503"} <= set(operation["responses"]), where

    def test_no_reference_leads_nowhere(self, settled: TestClient) -> None:
        text = settled.get("/openapi.json").text
        known = json.loads(text)["components"]["schemas"]
        assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= set(known)

    def test_the_examples_have_the_shapes_that_are_sent(self, settled: TestClient, ferry: dict[str, Any]) -> None:
        document = settled.get("/openapi.json").json()["paths"]
        path = "/v1/threads/{thread_id}"

        def example(place: str, method: str = "get", status: str = "200") -> Any:
            return document[place][method]["responses"][status]["content"]["application/json"]["example"]

        at = f"/v1/threads/{ferry['id']}"
        assert set(example("/v1/threads")["threads"][0]) == set(settled.get("/v1/threads").json()["threads"][0])
        assert set(example(path)) == set(settled.get(at).json())
        assert set(example(f"{path}/export")) == set(settled.get(f"{at}/export").json())
        assert set(example(f"{path}/search")["hits"][0]) == set(settled.get(f"{at}/search?q=tax").json()["hits"][0])
        answer = settled.post(f"{at}/questions", json=WHY).json()
        assert set(example(f"{path}/questions", "post")) == set(answer)
        Thread.model_validate(example(f"{path}/export"))
        Answer.model_validate(example(f"{path}/questions", "post"))

    def test_nothing_of_it_is_loaded_from_elsewhere(self, settled: TestClient) -> None:
        for path in ("/docs", "/redoc"):
            assert settled.get(path).status_code == 404


@pytest.fixture
def served(app: FastAPI) -> Iterator[str]:
    """The app behind a real server on a free port; its URL."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_fifty_clients_at_once_are_all_answered(served: str, ferry: dict[str, Any]) -> None:
    async def ask(client: httpx.AsyncClient) -> Answer:
        reply = await client.post(f"/v1/threads/{ferry['id']}/questions", json=WHY)
        assert reply.status_code == 200, reply.text
        return Answer.model_validate_json(reply.content)

    async def all_of_them() -> list[Answer]:
        async with httpx.AsyncClient(base_url=served, timeout=120, trust_env=False) as client:
            assert (await client.post("/v1/threads", json={"thread": ferry})).status_code == 201
            return await asyncio.gather(*(ask(client) for _ in range(50)))

    answers = asyncio.run(all_of_them())
    assert len({answer.conversation_id for answer in answers}) == 50
    assert len({answer.statements for answer in answers}) == 1
    assert answers[0].statements


def test_a_client_that_leaves_early_harms_nobody(served: str, ferry: dict[str, Any]) -> None:
    with httpx.Client(base_url=served, timeout=60, trust_env=False) as client:
        client.post("/v1/threads", json={"thread": ferry})
        headers = {"Accept": "text/event-stream"}
        with client.stream("POST", "/v1/questions", json=WHY, headers=headers) as reply:
            next(reply.iter_raw())
        assert client.post("/v1/questions", json=WHY).status_code == 200


def test_fifty_clients_with_fifty_discussions_never_see_each_others(served: str) -> None:
    """Each reads its own discussion in, asks it, looks at it and forgets it or not, all at the same moment."""

    async def visit(client: httpx.AsyncClient, number: int) -> None:
        at, said = f"/v1/threads/forum:{number}", f"The ferry costs {100 + number} crowns since May."
        comments = [
            {"id": "c1", "author": f"asker_{number}", "text": "How much does the ferry cost now?"},
            {"id": "c2", "author": f"payer_{number}", "parent_id": "c1", "text": said},
        ]
        thread = {"id": f"forum:{number}", "source": "forum", "title": f"Fares {number}", "comments": comments}
        assert (await client.post("/v1/threads", json={"thread": thread})).status_code == 201
        told, listed, hits = await asyncio.gather(
            client.post(f"{at}/questions", json={"question": "What does the ferry cost?"}),
            client.get(f"{at}/comments"),
            client.get(f"{at}/search", params={"q": "crowns"}),
        )
        answer = Answer.model_validate_json(told.content)
        cited = [citation for statement in answer.statements for citation in statement.citations]
        assert {(c.thread_id, c.quote, c.author and c.author.handle) for c in cited} == {
            (f"forum:{number}", said, f"payer_{number}")
        }
        assert [comment["text"] for comment in listed.json()["comments"]][-1] == said
        assert hits.json()["hits"][0]["text"] == said
        said_so = await client.post(f"/v1/answers/{answer.id}/feedback", json={"helpful": True})
        assert said_so.status_code == 204
        if number % 2:
            assert (await client.delete(at)).status_code == 204

    async def all_of_them() -> list[str]:
        async with httpx.AsyncClient(base_url=served, timeout=240, trust_env=False) as client:
            await asyncio.gather(*(visit(client, number) for number in range(50)))
            return [one["id"] for one in (await client.get("/v1/threads", params={"limit": 200})).json()["threads"]]

    assert sorted(asyncio.run(all_of_them())) == sorted(f"forum:{number}" for number in range(0, 50, 2))

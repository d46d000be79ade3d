"""Discussions read from a pasted URL, through every face, with a server here in place of Hacker News's API."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from test_bot_cli import command, environment
from web_servers import Site, body, site, status

from bot.faces.http.api import create_app
from bot.faces.remote import Remote
from bot.product.assemble import DiggDeeper, assemble
from bot.settings import Settings
from corpus.errors import AddressRefused, NothingThere, SourceBusy, SourceUnavailable, UnusableReply
from corpus.fetching.fetch import Limits
from corpus.fetching.sources import Sources

PAGE = "https://news.ycombinator.com/item?id={}"


def item(number: int, author: str | None, text: str | None, *below: dict[str, Any], **more: Any) -> dict[str, Any]:
    kind = {"type": "comment", "story_id": 500, "parent_id": 500, "points": None, "title": None}
    return {"id": number, "created_at": "2026-03-01T20:00:00.000Z", "author": author, "text": text} | {
        **kind,
        "children": list(below),
        **more,
    }


REPLY = item(503, "old_salt", "<p>The tax on the quay doubled, they told us so in March.</p>", parent_id=502)
ASKED = item(502, "ada_ferry", "<p>The crew was cut to one shift, so nobody is left for the night.</p>", REPLY)
GONE = item(504, None, None)
STORY = item(
    500, "mo_pier", None, ASKED, GONE, type="story", parent_id=None, points=41, title="Why did the night ferry stop?"
)


@pytest.fixture
def api() -> Iterator[Site]:
    """Hacker News's API with one story."""
    with site() as made:
        made.at("/api/v1/items/500", body(json.dumps(STORY).encode()))
        for comment in (ASKED, REPLY):
            made.at(f"/api/v1/items/{comment['id']}", body(json.dumps(comment).encode()))
        yield made


@pytest.fixture
def settings(api: Site, tmp_path: Path, encoder_home: Path) -> Settings:
    return Settings(home=tmp_path / "home", encoder_dir=encoder_home, hackernews_api=f"{api.url}/api/v1/")


@pytest.fixture
def product(settings: Settings) -> Iterator[DiggDeeper]:
    with closing(assemble(settings)) as made:
        yield made


@pytest.fixture
def client(product: DiggDeeper) -> TestClient:
    return TestClient(create_app(product), base_url="http://localhost:7860", raise_server_exceptions=False)


class TestProduct:
    def test_a_story_is_read_and_cited_by_its_permalinks(self, product: DiggDeeper, api: Site) -> None:
        stages: list[str] = []
        read = product.ingest_url(PAGE.format(500), progress=lambda stage, *_: stages.append(stage))
        (summary,) = read.threads
        assert (summary.id, summary.url, summary.comments) == ("hackernews-500", PAGE.format(500), 4)
        assert (summary.known_total, summary.state, read.notes, read.skipped) == (None, "full", (), ())
        assert api.asked == ["/api/v1/items/500"]
        assert stages[0] == "asking for item 500"
        answer = product.ask("Why did the night ferry stop?")
        cited = {citation.url for statement in answer.statements for citation in statement.citations}
        assert PAGE.format(502) in cited

    def test_how_many_there_are_is_kept_where_it_is_told(self, product: DiggDeeper, api: Site) -> None:
        api.at("/api/v1/items/500", body(json.dumps({**STORY, "num_comments": 9}).encode()))
        assert product.ingest_url(PAGE.format(500)).threads[0].known_total == 10

    @pytest.mark.parametrize("number", [502, 503])
    def test_of_a_comment_the_whole_story_is_read_and_that_is_said(
        self, product: DiggDeeper, api: Site, number: int
    ) -> None:
        read = product.ingest_url(PAGE.format(number))
        assert [thread.id for thread in read.threads] == ["hackernews-500"]
        assert api.asked == [f"/api/v1/items/{number}", "/api/v1/items/500"]
        assert read.notes == (f"Item {number} is a comment; read is the whole discussion of story 500.",)

    def test_of_a_comment_whose_story_is_gone_what_hangs_below_is_read(self, product: DiggDeeper, api: Site) -> None:
        api.at("/api/v1/items/500", status(404))
        read = product.ingest_url(PAGE.format(502))
        assert [(thread.id, thread.comments) for thread in read.threads] == [("hackernews-502", 2)]
        assert "story is gone" in read.notes[0]

    def test_of_a_comment_that_names_no_story_what_hangs_below_is_read(self, product: DiggDeeper, api: Site) -> None:
        api.at("/api/v1/items/502", body(json.dumps({**ASKED, "story_id": None}).encode()))
        read = product.ingest_url(PAGE.format(502))
        assert read.threads[0].id == "hackernews-502"
        assert "below" in read.notes[0]

    def test_read_again_it_is_updated(self, product: DiggDeeper, api: Site) -> None:
        first = product.ingest_url(PAGE.format(500)).threads[0]
        assert product.ingest_url(f"http://hn.algolia.com/story/{500}/#502").threads[0].revision == first.revision
        api.at("/api/v1/items/500", body(json.dumps({**STORY, "children": [ASKED]}).encode()))
        assert product.ingest_url(PAGE.format(500)).threads[0].comments == 3

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b'{"id": 999, "type": "story", "author": "x", "children": []}', UnusableReply),
            (b'{"id": "forum:mine", "source": "forum", "title": "t", "comments": []}', UnusableReply),
            (b"[]", UnusableReply),
            (b"null", UnusableReply),
            (b'{"id": 500, "type": "story", "aut', UnusableReply),
            (b"", UnusableReply),
            (b"<html>Checking your browser</html>", UnusableReply),
        ],
    )
    def test_what_is_not_that_item_is_not_kept(
        self, product: DiggDeeper, api: Site, content: bytes, error: type[Exception]
    ) -> None:
        url = api.at("/api/v1/items/500", body(content))
        with pytest.raises(error, match=url):
            product.ingest_url(PAGE.format(500))
        assert product.threads().threads == ()

    def test_a_very_deep_thread_is_fetched_whole(self, settings: Settings, api: Site) -> None:
        """Deeper than json.loads goes."""
        deep = '{"id": 500, "type": "story", "author": "a", "title": "t", "children": ['
        for number in range(1_000, 3_000):
            deep += f'{{"id": {number}, "type": "comment", "author": "a", "text": "Well.", "children": ['
        content = (deep + "]}" * 2_001).encode()
        api.at("/api/v1/items/500", body(content))
        assert (
            Sources.at(hackernews_api=settings.hackernews_api, limits=Limits()).fetch(PAGE.format(500)).content
            == content
        )

    def test_a_name_of_the_real_api_at_home_here_is_refused(self) -> None:
        """The default is no address that an operator vouched for."""
        sources = Sources.at(limits=Limits())
        sources._fetcher._resolve = lambda *_: ("127.0.0.1",)
        with pytest.raises(AddressRefused, match="no public address"):
            sources.fetch(PAGE.format(500))


class TestApi:
    def test_a_url_is_read_in(self, client: TestClient) -> None:
        reply = client.post("/v1/threads", json={"url": PAGE.format(502)})
        assert reply.status_code == 201, reply.text
        told = reply.json()
        assert told["threads"][0]["url"] == PAGE.format(500)
        assert "whole discussion" in told["notes"][0]
        assert client.get("/v1/threads/hackernews-500").status_code == 200

    @pytest.mark.parametrize(
        ("url", "code", "slug"),
        [
            (PAGE.format(404), 404, NothingThere.slug),
            (PAGE.format(403), 502, UnusableReply.slug),
            (PAGE.format(429), 503, SourceBusy.slug),
            ("http://169.254.169.254/latest/meta-data/", 422, AddressRefused.slug),
            ("https://ada:secret@news.ycombinator.com/item?id=500", 422, AddressRefused.slug),
        ],
    )
    def test_what_goes_wrong_is_a_problem(self, client: TestClient, api: Site, url: str, code: int, slug: str) -> None:
        api.at("/api/v1/items/403", status(403))
        api.at("/api/v1/items/429", status(429, Retry_After="86400"))
        reply = client.post("/v1/threads", json={"url": url})
        problem = reply.json()
        assert (reply.status_code, problem["type"]) == (code, f"urn:digg-deeper:problem:{slug}")
        assert problem["next_step"]
        assert "secret" not in reply.text
        assert reply.headers.get("Retry-After") == ("86400" if code == 503 else None)

    def test_every_status_is_documented(self, client: TestClient) -> None:
        documented = client.get("/openapi.json").json()["paths"]["/v1/threads"]["post"]["responses"]
        assert {"404", "422", "502", "503", "504"} <= set(documented)


class TestPage:
    def test_a_pasted_url_is_read_in(self, product: DiggDeeper, api: Site) -> None:
        from bot.faces.web.panes import Panes

        shown: list[str] = []
        read = Panes(product).read_in(f" {PAGE.format(502)}\n".encode(), "", lambda html: shown.append(str(html)))
        assert 'data-added="hackernews-500"' in str(read)
        assert "whole discussion of story 500" in str(read)
        assert "Asking for item 502 …" in shown[0]

    def test_a_file_that_holds_a_url_is_a_file(self, product: DiggDeeper, api: Site) -> None:
        from bot.faces.web.panes import Panes
        from corpus.errors import UnreadableInput

        with pytest.raises(UnreadableInput):
            Panes(product).read_in(PAGE.format(502).encode(), "links.txt", lambda _: None)
        assert api.asked == []


class TestCommandLine:
    def run(self, settings: Settings, *arguments: str) -> "subprocess.CompletedProcess[str]":
        env = environment(settings.home, settings.encoder_dir, DIGG_HACKERNEWS_API=settings.hackernews_api)
        return subprocess.run(command(*arguments), capture_output=True, text=True, env=env, cwd=settings.home.parent)

    def test_a_url_is_read_in_and_what_was_climbed_is_said(self, settings: Settings) -> None:
        done = self.run(settings, "ingest", PAGE.format(503))
        assert done.returncode == 0, done.stderr
        assert "hackernews-500" in done.stdout
        assert "whole discussion of story 500" in done.stderr

    def test_one_bad_url_does_not_hold_up_the_others(self, settings: Settings, api: Site) -> None:
        api.at("/api/v1/items/1", status(429, Retry_After="3600"))
        done = self.run(settings, "ingest", PAGE.format(1), PAGE.format(500))
        assert done.returncode == 1
        assert "3,600 s" in done.stderr
        assert "hackernews-500" in done.stdout
        assert "Traceback" not in done.stderr

    def test_an_address_that_cannot_be_read_is_wrong_use(self, settings: Settings, api: Site) -> None:
        done = self.run(settings, "ingest", PAGE.format(500), "http://127.0.0.1/x")
        assert done.returncode == 2
        assert "no site" in done.stderr, done.stderr
        assert api.asked == []

    def test_it_goes_through_a_running_server(self, product: DiggDeeper) -> None:
        """With the values and errors that the product itself gives."""
        server = uvicorn.Server(uvicorn.Config(create_app(product), host="127.0.0.1", port=0, log_config=None))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        with closing(Remote(f"http://127.0.0.1:{port}")) as remote:
            read = remote.ingest_url(PAGE.format(502))
            with pytest.raises(NothingThere) as caught:
                remote.ingest_url(PAGE.format(404))
        server.should_exit = True
        thread.join()
        assert [kept.id for kept in read.threads] == ["hackernews-500"]
        assert "whole discussion" in read.notes[0]
        assert "404" in caught.value.message
        assert caught.value.next_step


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, hackernews_api="http://127.0.0.1:1/api", fetch_total_s=0.5)
    with closing(assemble(settings)) as product, pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1:1/api/items/5"):
        product.ingest_url(PAGE.format(5))

"""Requests made up from the OpenAPI document, by schemathesis: none is a fault, and every reply is as documented.

A few hundred in a test run, always the same ones. By hand, as many others as wanted:
`FUZZ_REQUESTS=5000 python -m pytest tests/test_bot_api_fuzz.py --timeout 3600`.
Not here: requests that are written out one by one (tests/test_bot_api.py).
"""

import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from conftest import ferry_thread
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from web_servers import site

from bot.faces.http.api import create_app
from bot.product.assemble import assemble
from bot.settings import Settings

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "260"))
BY_HAND = "FUZZ_REQUESTS" in os.environ
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.allow_header_conformance,
]


class Api:
    """The real API over a real product with a thread and an answer in it, which requests are aimed at."""

    def __init__(self, app: Any) -> None:
        config = schemathesis.Config()
        self.schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config, headers={"Host": "localhost"})
        self.operations = [found.ok() for found in self.schema.get_all_operations()]
        self.client = TestClient(app, base_url="http://localhost")
        self.sent: Counter[str] = Counter()
        self.fill()

    def fill(self) -> None:
        thread = ferry_thread()
        assert self.client.post("/v1/threads", json={"thread": thread}).status_code == 201
        made = self.client.post(f"/v1/threads/{thread['id']}/questions", json={"question": "Why does the ferry stop?"})
        at_once = {"Prefer": "wait=0"}
        while (begun := self.client.post("/v1/threads", json={"thread": thread}, headers=at_once)).status_code != 202:
            assert begun.status_code == 201  # it was done before it was looked at
        ids = {"answer_id": made.json()["id"], "job_id": begun.json()["job"]["id"]}
        self.there = {"thread_id": thread["id"], **ids}

    def send(self, case: Case, *, aimed: bool = False) -> None:
        """The request, and what is checked of its reply. `aimed`: at what is there, else where it was made up for."""
        wanted = [*CHECKS, *self._acceptance(case)]
        if aimed and case.path_parameters:
            case.path_parameters = {name: self.there[name] for name in case.path_parameters}
            wanted.remove(checks.negative_data_rejection)  # what was wrong with it may have been its path
        if aimed and isinstance(case.body, dict) and isinstance(case.body.get("thread"), dict):
            case.body = {**case.body, "thread": {**ferry_thread(), "id": "forum:more", **case.body["thread"]}}
        reply = case.call(base_url="http://localhost")
        self.sent[f"{case.method} {case.path} {reply.status_code}"] += 1
        case.validate_response(reply, checks=wanted)
        if case.method == "DELETE" and reply.status_code == 204:
            self.fill()

    def _acceptance(self, case: Case) -> list[Any]:
        """Whether to check that what fits the document is taken: it cannot say which cursors and threads there are, nor
        that a time comes before another one."""
        filters = isinstance(case.body, dict) and bool({"after", "before", "author"} & case.body.keys())
        opaque = (case.path == "/v1/threads" and case.method == "POST") or "cursor" in (case.query or {}) or filters
        return [] if opaque else [checks.positive_data_acceptance]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Iterator[Api]:
    with site() as nowhere:
        home = tmp_path_factory.mktemp("fuzzed")
        product = assemble(Settings(home=home, encoder_dir=encoder_home, hackernews_api=nowhere.url))
        made = Api(create_app(product))
        yield made
        product.close()
    if BY_HAND:
        print("\n" + "\n".join(f"{n:6} {what}" for what, n in sorted(made.sent.items())), "\nin all", made.sent.total())  # noqa: T201


def test_no_request_at_the_borders_of_the_document_is_a_fault(api: Api, subtests: pytest.Subtests) -> None:
    """Every parameter at and beyond its limits, left out and twice; every method that is not for the path."""
    for operation in api.operations:
        with subtests.test(operation.label):
            for case in api.schema.iter_coverage_cases(
                operation,
                generation_modes=list(GenerationMode),
                generation_config=api.schema.config.generation_for(operation=operation, phase="coverage"),
            ):
                api.send(case)


def test_no_request_from_the_document_is_a_fault(api: Api, subtests: pytest.Subtests) -> None:
    each = math.ceil(REQUESTS / (2 * len(api.operations)))
    for operation in api.operations:
        for mode in GenerationMode:
            if mode is GenerationMode.NEGATIVE and not (list(operation.iter_parameters()) or operation.body):
                continue

            @hypothesis_settings(
                max_examples=each,
                deadline=None,
                derandomize=not BY_HAND,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            )
            @given(case=operation.as_strategy(generation_mode=mode), aimed=st.booleans())
            def sent(case: Case, aimed: bool) -> None:
                api.send(case, aimed=aimed)

            with subtests.test(operation.label, mode=mode.value):
                sent()

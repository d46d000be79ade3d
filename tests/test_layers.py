"""docs/ARCHITECTURE.md, enforced: which way imports go, and who alone may import what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "corpus", "index")
MAY_IMPORT = {"corpus": {"corpus"}, "index": {"index", "corpus"}, "bot": {"bot", "index", "corpus"}}
ONLY_HERE = {
    "chromadb": {"index/chroma.py"},
    "fastapi": {
        "bot/api.py",
        "bot/api_",
        "bot/server.py",
        "bot/guard.py",
        "bot/problems.py",
        "bot/streaming.py",
        "bot/telemetry.py",
        "bot/web.py",
    },
    "gradio": {"bot/web.py"},
    "httpcore": {"bot/llm_transport.py", "corpus/fetch.py", "corpus/pinned.py", "corpus/replies.py"},
    "slack_bolt": {"bot/slack.py"},
    "slack_sdk": {"bot/slack.py", "bot/slack_room.py"},
    "typer": {"bot/cli_app.py", "bot/cli_ask.py", "bot/cli_serve.py", "bot/cli_upkeep.py"},
    "alembic": {"corpus/"},
    "sqlalchemy": {
        "corpus/",
        "bot/saved.py",
        "bot/conversation.py",
        "bot/allowance.py",
        "bot/job_records.py",
        "bot/digest_store.py",
        "bot/withdrawal.py",
        "bot/traces.py",
        "bot/forgetting.py",
    },
    "selectolax": {"corpus/markup.py"},
    "onnxruntime": {"index/onnx_encoder.py"},
    "sentence_transformers": {"index/"},
    "torch": {"index/"},
    "pydantic_settings": {"bot/settings.py"},
}
MAY_TOUCH_THE_ENVIRONMENT = {
    "bot/settings.py",  # the only reader of settings
    "bot/web.py",  # tells Gradio to send nothing home, before it is imported
    "index/onnx_encoder.py",  # hands its environment on to the process that exports the encoder
}
MADE_ELSEWHERE = {
    "bot/assemble.py": {"ThreadStore", "SavedAnswers", "Conversations", "JobRecords"},
    "bot/reach.py": {"ThreadStore"},  # threads are listed and shown without the seconds that the index takes to import
}
MAX_LINES = 400


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sources(), ids=name)
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {module.split(".")[0] for module in imported(path)} & set(PACKAGES)
    assert ours <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", sources(), ids=name)
def test_an_outside_library_has_one_place(path: Path) -> None:
    for module in imported(path):
        allowed = ONLY_HERE.get(module.split(".")[0])
        assert allowed is None or any(name(path).startswith(place) for place in allowed), f"{module} in {name(path)}"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    reads = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"environ", "getenv"}]
    assert not reads or name(path) in MAY_TOUCH_THE_ENVIRONMENT, f"{name(path)} line {reads[0].lineno}"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_module_says_what_lives_in_it_and_is_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text)), f"{name(path)} has no docstring"
    assert text.count("\n") <= MAX_LINES


def test_only_the_assembly_makes_the_parts() -> None:
    for path in sources():
        made = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        parts = made & {"ThreadStore", "SavedAnswers", "Conversations", "JobRecords"}
        assert parts <= MADE_ELSEWHERE.get(name(path), set()), name(path)

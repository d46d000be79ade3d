"""docs/ARCHITECTURE.md, enforced: which way imports go, and who alone may import what."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "corpus", "index")
MAY_IMPORT = {"corpus": {"corpus"}, "index": {"index", "corpus"}, "bot": {"bot", "index", "corpus"}}
ORDER = (
    "values",
    "questions",
    "evidence",
    "llm",
    "kinds",
    "verification",
    "writers",
    "library",
    "digests",
    "history",
    "product",
    "faces",
)
"""The rooms of bot/, bottom to top: each imports only those below it. settings and log lie under all, server on top."""
MOST_MODULES = 15
ONLY_HERE = {
    "chromadb": {"index/vectors/chroma.py"},
    "fastapi": {
        "bot/faces/http/api.py",
        "bot/faces/http/",
        "bot/server.py",
        "bot/faces/http/guard.py",
        "bot/faces/http/problems.py",
        "bot/faces/http/streaming.py",
        "bot/faces/http/telemetry.py",
        "bot/faces/web/app.py",
    },
    "gradio": {"bot/faces/web/app.py"},
    "httpcore": {
        "bot/llm/transport.py",
        "corpus/fetching/fetch.py",
        "corpus/fetching/pinned.py",
        "corpus/fetching/responses.py",
    },
    "slack_bolt": {"bot/faces/slack/app.py"},
    "slack_sdk": {"bot/faces/slack/app.py", "bot/faces/slack/room.py"},
    "typer": {"bot/faces/cli/app.py", "bot/faces/cli/ask.py", "bot/faces/cli/serve.py", "bot/faces/cli/upkeep.py"},
    "alembic": {"corpus/"},
    "sqlalchemy": {
        "corpus/",
        "bot/history/saved_answers.py",
        "bot/history/conversations.py",
        "bot/llm/allowance.py",
        "bot/library/job_records.py",
        "bot/digests/store.py",
        "bot/history/withdrawal.py",
        "bot/history/forgotten_words.py",
        "bot/history/forgetting.py",
    },
    "selectolax": {"corpus/text/markup.py"},
    "onnxruntime": {"index/encoders/onnx_encoder.py"},
    "sentence_transformers": {"index/"},
    "torch": {"index/"},
    "pydantic_settings": {"bot/settings.py"},
}
MAY_TOUCH_THE_ENVIRONMENT = {
    "bot/settings.py",  # the only reader of settings
    "bot/faces/web/app.py",  # tells Gradio to send nothing home, before it is imported
    "index/encoders/onnx_encoder.py",  # hands its environment on to the process that exports the encoder
}
MADE_ELSEWHERE = {
    "bot/product/assemble.py": {"ThreadStore", "SavedAnswers", "Conversations", "JobRecords"},
    "bot/faces/connection.py": {
        "ThreadStore"
    },  # threads are listed and shown without the seconds that the index takes to import
}
MAX_LINES = 400
GONE = frozenset(
    "claim stance stance_forms attitude bearing roles rebuttal acts manner subject tongue whose told grounds excerpt "
    "attitudes claims acting asked_here exchange_forms exchanges exchange_leads figures adverts views".split()
)
"""Modules of the first edition in which hand-written English decided what comments mean."""


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


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sources():
        yield name(path), ast.parse(path.read_text(encoding="utf-8"))


def test_imports_go_one_way() -> None:
    wrong = {}
    for path in sources():
        ours = {module.split(".")[0] for module in imported(path)} & set(PACKAGES)
        if not ours <= MAY_IMPORT[path.relative_to(ROOT).parts[0]]:
            wrong[name(path)] = ours
    assert not wrong


def test_the_rooms_of_bot_import_only_rooms_below_them() -> None:
    rank = {room: place for place, room in enumerate(ORDER)}
    wrong = []
    for path in sources():
        here = path.relative_to(ROOT).parts
        if here[0] != "bot" or len(here) < 3:
            continue
        assert here[1] in rank, f"{here[1]} is no room of bot/"
        for module in imported(path):
            there = module.split(".")[1:2] if module.startswith("bot.") else []
            if there == ["server"] or any(rank.get(room, -1) > rank[here[1]] for room in there):
                wrong.append(f"{name(path)} imports {module}")
    assert not wrong


def test_no_folder_holds_more_modules_than_one_can_keep_in_view() -> None:
    held = Counter(path.parent.relative_to(ROOT).as_posix() for path in sources() if path.stem != "__init__")
    assert not {folder: modules for folder, modules in held.items() if modules > MOST_MODULES}


def test_an_outside_library_has_one_place() -> None:
    wrong = []
    for path in sources():
        for module in imported(path):
            allowed = ONLY_HERE.get(module.split(".")[0])
            if allowed is not None and not any(name(path).startswith(place) for place in allowed):
                wrong.append(f"{module} in {name(path)}")
    assert not wrong


def test_only_the_settings_read_the_environment() -> None:
    wrong = []
    for file, tree in trees():
        reads = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"environ", "getenv"}]
        if reads and file not in MAY_TOUCH_THE_ENVIRONMENT:
            wrong.append(f"{file} line {reads[0].lineno}")
    assert not wrong


def test_a_module_says_what_lives_in_it_and_is_short() -> None:
    assert not [file for file, tree in trees() if tree.body and not ast.get_docstring(tree)]
    lengths = {name(path): path.read_text(encoding="utf-8").count("\n") for path in sources()}
    assert not {file: lines for file, lines in lengths.items() if lines > MAX_LINES}


def test_only_the_assembly_makes_the_parts() -> None:
    wrong = {}
    for file, tree in trees():
        calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
        parts = {f.id for f in calls if isinstance(f, ast.Name)} & MADE_ELSEWHERE["bot/product/assemble.py"]
        if not parts <= MADE_ELSEWHERE.get(file, set()):
            wrong[file] = parts
    assert not wrong


def test_nothing_of_what_decided_what_comments_mean_is_back() -> None:
    assert not [path for path in sources() if path.stem in GONE]

"""The command line as people and programs use it: real processes, what they print where, and their exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import ferry_thread

from bot.library.writer_lock import WriterLock
from bot.values.answer import Answer
from corpus.thread import Thread

ROOT = Path(__file__).resolve().parents[1]
START = "import sys; sys.argv[0] = 'digg-deeper'; from bot.faces.cli.main import main; main()"
ESC = "\x1b"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", START, *arguments]


def environment(home: Path, encoder_home: Path, **more: str) -> dict[str, str]:
    """Of a process: this one's without our settings, and those of a test."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DIGG_")}
    inherited.pop("NO_COLOR", None)
    ours = {"DIGG_HOME": str(home), "DIGG_ENCODER_DIR": str(encoder_home), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return {**inherited, **ours, **more}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, encoder_home: Path, tmp_path: Path) -> Run:
    """Runs a command over a fresh home, in an empty folder."""

    def go(*arguments: str, given: bytes = b"", **more: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            command(*arguments),
            input=given,
            capture_output=True,
            cwd=tmp_path,
            env=environment(home, encoder_home, **more),
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return go


@pytest.fixture(scope="module")
def ferry_home(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Path:
    """A home that holds the ferry's thread, shared by tests that change nothing."""
    home = tmp_path_factory.mktemp("ferry-home")
    done = subprocess.run(
        command("ingest", "-"),
        input=json.dumps(ferry_thread()).encode(),
        capture_output=True,
        cwd=home,
        env=environment(home, encoder_home),
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def ferry_run(run: Run, ferry_home: Path) -> Run:
    def go(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        return run(*arguments, DIGG_HOME=str(ferry_home), **more)

    return go


def on_a_terminal(arguments: Sequence[str], env: dict[str, str], cwd: Path) -> tuple[int, str]:
    """Exit code and everything that a terminal of 100 columns would get."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env={**env, "TERM": "xterm-256color"},
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65_536):
            shown += chunk
    except OSError:  # Linux ends a pseudo-terminal so
        pass
    os.close(ours)
    return process.wait(), shown.decode()


class TestHelp:
    def test_help_lists_the_commands_and_the_exit_codes(self, run: Run) -> None:
        done = run("--help")
        assert done.returncode == 0
        for name in ("ingest", "ask", "threads", "show", "serve", "sync", "reindex", "forget", "evaluate"):
            assert name in done.stdout
        assert "Exit codes" in done.stdout

    @pytest.mark.parametrize(
        "name", ["ingest", "ask", "threads", "show", "serve", "sync", "reindex", "forget", "evaluate"]
    )
    def test_every_command_has_help_with_an_example(self, run: Run, name: str) -> None:
        done = run(name, "--help")
        assert done.returncode == 0
        assert f"digg-deeper {name}" in " ".join(done.stdout.split())

    def test_the_version_is_told(self, run: Run) -> None:
        assert run("--version").stdout.startswith("digg-deeper 0.")

    def test_help_imports_nothing_heavy(self) -> None:
        heavy = {
            "sqlalchemy",
            "chromadb",
            "torch",
            "numpy",
            "llama_index",
            "onnxruntime",
            "gradio",
            "fastapi",
            "pydantic",
        }
        told = f"import bot.faces.cli.main, sys; print(sorted({heavy!r} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True)
        assert done.stdout.strip() == "[]"

    def test_listing_threads_imports_no_model(self, ferry_home: Path, encoder_home: Path) -> None:
        heavy = {"chromadb", "torch", "llama_index", "onnxruntime", "gradio", "fastapi"}
        told = (
            "import sys, atexit; from bot.faces.cli.main import main\n"
            "sys.argv = ['digg-deeper', 'threads']; "
            f"atexit.register(lambda: print(sorted({heavy!r} & set(sys.modules)))); main()"
        )
        done = subprocess.run(
            [sys.executable, "-c", told],
            capture_output=True,
            text=True,
            check=True,
            env=environment(ferry_home, encoder_home),
        )
        assert done.stdout.splitlines()[-1] == "[]"

    def test_asking_imports_no_torch(self, ferry_home: Path, encoder_home: Path) -> None:
        heavy = {"torch", "sentence_transformers", "transformers"}
        told = (
            "import sys, atexit; from bot.faces.cli.main import main; "
            "sys.argv = ['digg-deeper', 'ask', 'Why the tax?']; "
            f"atexit.register(lambda: print(sorted({heavy!r} & set(sys.modules)))); main()"
        )
        env = environment(ferry_home, encoder_home)
        done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=env)
        assert done.stdout.splitlines()[-1] == "[]"


class TestIngest:
    def test_files_and_standard_input_are_read(self, run: Run, tmp_path: Path, ferry: dict[str, Any]) -> None:
        (tmp_path / "one.json").write_text(json.dumps(ferry))
        (tmp_path / "two.json").write_text(json.dumps({**ferry, "id": "forum:two"}))
        done = run("ingest", "one.json", "two.json", "-", given=json.dumps({**ferry, "id": "forum:three"}).encode())
        assert done.returncode == 0, done.stderr
        assert [line.split()[0] for line in done.stdout.splitlines()] == [
            "forum:night-ferry",
            "forum:two",
            "forum:three",
        ]
        assert "8 comments, 6 commenters" in done.stdout

    def test_one_bad_file_does_not_hold_up_the_others(self, run: Run, tmp_path: Path, ferry: dict[str, Any]) -> None:
        (tmp_path / "bad.bin").write_bytes(b"\x00\x01")
        (tmp_path / "good.json").write_text(json.dumps(ferry))
        done = run("ingest", "bad.bin", "good.json")
        assert done.returncode == 1
        assert "bad.bin: " in done.stderr
        assert ferry["id"] in done.stdout
        assert "Traceback" not in done.stderr

    def test_a_skipped_record_is_reported_not_silent(self, run: Run, ferry: dict[str, Any]) -> None:
        ferry["comments"].append({"id": "c9", "text": ["no", "text"]})
        done = run("ingest", "--json", "-", given=json.dumps(ferry).encode())
        assert done.returncode == 0
        assert "skipped" in done.stderr
        read = json.loads(done.stdout)
        assert (len(read["threads"]), len(read["skipped"])) == (1, 1)

    @pytest.mark.parametrize(
        ("path", "told"),
        [("https://digg.example/x", "no site"), ("nowhere.json", "is not there"), (".", "is a folder")],
    )
    def test_what_cannot_be_a_file_is_wrong_use(self, run: Run, path: str, told: str) -> None:
        done = run("ingest", path)
        assert done.returncode == 2
        assert told in done.stderr

    def test_a_file_over_the_limit_names_the_setting(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "big.json").write_bytes(b"x" * 2_000)
        done = run("ingest", "big.json", DIGG_MAX_INPUT_BYTES="1000")
        assert done.returncode == 1
        assert "DIGG_MAX_INPUT_BYTES" in done.stderr


class TestAsk:
    def test_an_answer_names_speaker_words_and_place(self, ferry_run: Run) -> None:
        done = ferry_run("ask", "Why does the night ferry stop?")
        assert done.returncode == 0, done.stderr
        assert "@ada_ferry" in done.stdout
        assert "“The crew was cut to one shift" in done.stdout
        assert "comment c2" in done.stdout
        assert "Looked at" in done.stdout
        assert ESC not in done.stdout

    def test_json_is_an_answer_as_the_api_gives_it(self, ferry_run: Run, ferry: dict[str, Any]) -> None:
        done = ferry_run("ask", "--json", "--thread", ferry["id"], "Why does the night ferry stop?")
        answer = Answer.model_validate_json(done.stdout)
        texts = {c["id"]: c["text"] for c in ferry["comments"]}
        cited = [citation for statement in answer.statements for citation in statement.citations]
        assert cited
        assert all(texts[one.comment_id][one.start : one.end] == one.quote for one in cited)

    def test_markdown_opens_with_who_said_what(self, ferry_run: Run, ferry: dict[str, Any]) -> None:
        done = ferry_run("ask", "--markdown", "--thread", ferry["id"], "Why does the night ferry stop?")
        assert done.stdout.startswith("**@")
        assert "\n> " in done.stdout
        assert ferry_run("ask", "--markdown", "--json", "Why?").returncode == 2

    def test_declining_is_an_answer_too(self, ferry_run: Run) -> None:
        done = ferry_run("ask", "What is the capital of Mongolia?")
        assert done.returncode == 0
        assert json.loads(ferry_run("ask", "--json", "What is the capital of Mongolia?").stdout)["abstained"] is True

    def test_the_only_thread_is_meant_when_none_is_named(self, ferry_run: Run, ferry: dict[str, Any]) -> None:
        answer = json.loads(ferry_run("ask", "--json", "Why does the night ferry stop?").stdout)
        assert answer["thread_ids"] == [ferry["id"]]

    def test_a_conversation_is_followed_up(self, ferry_run: Run) -> None:
        first = json.loads(ferry_run("ask", "--json", "Why does the night ferry stop?").stdout)
        follow = ferry_run("ask", "--json", "--conversation", first["conversation_id"], "And the engine?")
        assert json.loads(follow.stdout)["conversation_id"] == first["conversation_id"]

    def test_an_unknown_thread_is_a_failure_that_says_what_to_do(self, ferry_run: Run) -> None:
        done = ferry_run("ask", "--thread", "none", "Why?")
        assert done.returncode == 1
        assert "'none'" in done.stderr
        assert "digg-deeper threads" in done.stderr
        assert done.stdout == ""

    def test_with_nothing_read_in_it_says_what_to_do(self, run: Run) -> None:
        done = run("ask", "Why?")
        assert done.returncode == 1
        assert "digg-deeper ingest" in done.stderr

    def test_words_in_another_encoding_are_no_fault(self, ferry_run: Run) -> None:
        assert ferry_run("ask", os.fsdecode(b"caf\xe9?")).returncode == 0

    def test_without_a_question_it_is_wrong_use(self, run: Run) -> None:
        assert run("ask").returncode == 2


class TestThreadsAndShow:
    def test_a_listing_for_programs(self, ferry_run: Run, ferry: dict[str, Any]) -> None:
        (one,) = json.loads(ferry_run("threads", "--json").stdout)
        wanted = {"id": ferry["id"], "title": ferry["title"], "source": "forum", "url": None, "known_total": None}
        assert {name: one[name] for name in wanted} == wanted
        assert (one["comments"], one["commenters"]) == (8, 6)
        assert ferry_run("threads").stdout == f"{ferry['id']}\t8\t6\tforum\t{ferry['title']}\n"

    def test_a_listing_is_narrowed(self, ferry_run: Run) -> None:
        assert json.loads(ferry_run("threads", "--json", "--source", "digg").stdout) == []
        assert len(json.loads(ferry_run("threads", "--json", "--q", "NIGHT").stdout)) == 1

    def test_an_empty_listing_says_what_to_do(self, run: Run) -> None:
        done = run("threads")
        assert (done.returncode, done.stdout) == (0, "")
        assert "digg-deeper ingest" in done.stderr

    def test_show_gives_every_field_and_can_be_read_in_again(
        self, ferry_run: Run, run: Run, ferry: dict[str, Any]
    ) -> None:
        shown = ferry_run("show", "--json", ferry["id"]).stdout
        thread = Thread.model_validate_json(shown)
        assert [(c.id, c.parent_id, c.text) for c in thread.comments] == [
            (c["id"], c["parent_id"], c["text"]) for c in ferry["comments"]
        ]
        assert run("ingest", "-", given=shown.encode()).returncode == 0
        assert run("show", "--json", ferry["id"]).stdout == shown

    def test_show_is_a_tree(self, ferry_run: Run, ferry: dict[str, Any]) -> None:
        lines = ferry_run("show", ferry["id"]).stdout.splitlines()
        assert ferry["title"] in lines
        assert "    @tide_table  2026-03-01 20:03 UTC  7 activity  c4" in lines

    def test_an_unknown_thread_is_a_failure(self, run: Run) -> None:
        done = run("show", "none")
        assert done.returncode == 1
        assert "digg-deeper threads" in done.stderr

    def test_a_reader_that_leaves_early_is_no_fault(
        self, ferry_home: Path, encoder_home: Path, ferry: dict[str, Any]
    ) -> None:
        process = subprocess.Popen(
            command("show", "--json", ferry["id"]),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(ferry_home, encoder_home),
        )
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
        process.stderr.close()
        assert process.wait() in {0, 1}


class TestOnATerminal:
    def test_tables_and_colours_are_shown(self, ferry_home: Path, encoder_home: Path, tmp_path: Path) -> None:
        code, shown = on_a_terminal(["threads"], environment(ferry_home, encoder_home), tmp_path)
        assert code == 0
        assert f"{ESC}[" in shown
        assert "comments" in shown

    def test_no_color_is_heeded(
        self, ferry_home: Path, encoder_home: Path, tmp_path: Path, ferry: dict[str, Any]
    ) -> None:
        env = environment(ferry_home, encoder_home, NO_COLOR="1")
        for arguments in (["threads"], ["show", ferry["id"]], ["ask", "Why does the night ferry stop?"]):
            _, shown = on_a_terminal(arguments, env, tmp_path)
            assert f"{ESC}[3" not in shown

    def test_hostile_words_steer_nothing(
        self, run: Run, home: Path, encoder_home: Path, tmp_path: Path, ferry: dict[str, Any]
    ) -> None:
        evil = f"The ferry stops {ESC}]0;owned\x07 {ESC}[2J \x9b31m \u202eback [red]x[/red] because of the tax."
        ferry["comments"] = [{"id": "c1", "author": f"e{ESC}[31mvil", "text": evil}]
        assert run("ingest", "-", given=json.dumps({**ferry, "title": evil}).encode()).returncode == 0
        env = environment(home, encoder_home)
        for arguments in (
            ["threads"],
            ["show", ferry["id"]],
            ["ask", "Why does the ferry stop?"],
            ["show", "--json", ferry["id"]],
        ):
            code, shown = on_a_terminal(arguments, env, tmp_path)
            assert code == 0
            assert not {"\x07", "\x9b", "\u202e"} & set(shown)
            assert f"{ESC}[2J" not in shown
            assert f"{ESC}]0" not in shown
            assert f"{ESC}[31mvil" not in shown
        assert json.loads(run("show", "--json", ferry["id"]).stdout)["comments"][0]["text"] == evil


class TestForgetAndSync:
    def test_a_forgotten_thread_is_gone(self, run: Run, ferry: dict[str, Any]) -> None:
        run("ingest", "-", given=json.dumps(ferry).encode())
        assert run("forget", "--thread", ferry["id"]).returncode == 0
        assert json.loads(run("threads", "--json").stdout) == []
        assert run("forget", "--thread", ferry["id"]).returncode == 1

    def test_sync_has_nothing_to_do_after_an_ingest(self, ferry_run: Run) -> None:
        done = ferry_run("sync")
        assert (done.returncode, done.stdout) == (0, "")

    def test_reindex_makes_every_thread_anew_and_it_answers_as_before(self, run: Run, ferry: dict[str, Any]) -> None:
        run("ingest", "-", given=json.dumps(ferry).encode())
        made = run("reindex")
        assert made.returncode == 0, made.stderr
        assert made.stdout.startswith(ferry["id"])
        asked = json.loads(run("ask", "--json", "Why does the night ferry stop?").stdout)
        assert asked["coverage"]["state"] == "full"
        assert asked["statements"]


class TestEvaluate:
    def test_figures_go_to_a_file_and_a_table(self, run: Run, tmp_path: Path, ferry: dict[str, Any]) -> None:
        (tmp_path / "threads").mkdir()
        (tmp_path / "threads" / "ferry.json").write_text(json.dumps(ferry))
        gold = {"thread_id": ferry["id"], "kind": "open"}
        asked = [
            {
                **gold,
                "qid": "1",
                "question": "Why does the night ferry stop?",
                "evidence": ["c2", "c3"],
                "answerable": True,
            },
            {**gold, "qid": "2", "question": "What is the capital of Mongolia?", "evidence": [], "answerable": False},
        ]
        for name in ("one", "two"):
            (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in asked))
        out = tmp_path / "out.json"
        files = ("--questions", "one.jsonl", "two.jsonl", "--json", str(out), "--answers", "answers.jsonl")
        done = run("evaluate", "--threads", "threads", *files)
        assert done.returncode == 0, done.stderr
        sources = json.loads(out.read_text())["sources"]
        assert set(sources) == {"one", "two"}
        assert sources["one"]["all"]["n"] == 2
        assert sources["one"]["all"]["quote_exact"] == 1
        answers = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()]
        assert [one["qid"] for one in answers] == ["1", "2", "1", "2"]
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        assert lines[0][:3] == ["source", "kind", "n"]
        assert {len(line) for line in lines} == {len(lines[0])}
        assert json.loads(run("threads", "--json").stdout) == []

    def test_what_is_missing_is_said(self, run: Run, tmp_path: Path) -> None:
        assert run("evaluate", "--threads", str(tmp_path)).returncode == 2
        done = run("evaluate", "--threads", str(tmp_path / "none"), "--questions", str(tmp_path / "none.jsonl"))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr


class TestLog:
    def test_a_misspelt_setting_is_noted(self, run: Run, home: Path) -> None:
        assert run("threads", DIGG_PROT="80").returncode == 0
        assert "DIGG_PROT is no setting" in (home / "digg-deeper.log").read_text()

    def test_no_word_that_was_asked_or_said_is_logged(self, run: Run, home: Path, ferry: dict[str, Any]) -> None:
        run("ingest", "-", given=json.dumps(ferry).encode(), DIGG_LOG_LEVEL="debug")
        run("ask", "Why does the zeppelin stop?", DIGG_LOG_LEVEL="debug")
        written = (home / "digg-deeper.log").read_text()
        assert "zeppelin" not in written
        assert "one shift" not in written


class TestFailures:
    def test_a_bad_setting_is_named(self, run: Run) -> None:
        done = run("threads", DIGG_PORT="http")
        assert done.returncode == 1
        assert "DIGG_PORT is 'http'" in done.stderr

    def test_a_file_of_settings_in_the_working_folder_is_read(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("DIGG_LOG_LEVEL=loud\nOTHER=1\n")
        done = run("threads")
        assert done.returncode == 1
        assert "DIGG_LOG_LEVEL is 'loud'" in done.stderr
        assert run("threads", DIGG_LOG_LEVEL="info").returncode == 0

    def test_an_unknown_command_or_option_is_wrong_use(self, run: Run) -> None:
        assert run("brew").returncode == 2
        assert run("threads", "--brew").returncode == 2
        assert run().returncode in {0, 2}

    def test_a_store_that_cannot_be_opened_is_no_traceback(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        for arguments in (["threads"], ["ask", "Why?"]):
            done = run(*arguments, DIGG_HOME=str(tmp_path / "file"))
            assert done.returncode == 1
            assert "Traceback" not in done.stderr
            assert "DIGG_HOME" in done.stderr or str(tmp_path / "file") in done.stderr

    def test_a_fault_is_short_and_the_log_has_the_rest(self, home: Path, encoder_home: Path) -> None:
        broken = (
            "import sys, bot.faces.connection; bot.faces.connection.reach_to_read = lambda settings: 1 / 0; "
            "sys.argv = ['digg-deeper', *sys.argv[1:]]; from bot.faces.cli.main import main; main()"
        )
        env = environment(home, encoder_home)
        done = subprocess.run([sys.executable, "-c", broken, "threads"], capture_output=True, text=True, env=env)
        assert done.returncode == 70
        assert "ZeroDivisionError" in done.stderr
        assert "Traceback" not in done.stderr
        assert str(home / "digg-deeper.log") in done.stderr
        assert "Traceback" in (home / "digg-deeper.log").read_text()
        done = subprocess.run(
            [sys.executable, "-c", broken, "--debug", "threads"], capture_output=True, text=True, env=env
        )
        assert "Traceback" in done.stderr

    def test_while_another_writes_it_waits_a_bounded_time_and_names_it(
        self, run: Run, home: Path, ferry: dict[str, Any]
    ) -> None:
        with WriterLock(home, command="ingest").held(wait_s=0):
            done = run("ingest", "-", given=json.dumps(ferry).encode(), DIGG_WRITER_WAIT_S="0.3")
            listed = run("threads", "--json")
        assert done.returncode == 1
        assert f"digg-deeper ingest (process {os.getpid()})" in done.stderr
        assert "Waiting for" in done.stderr
        assert (listed.returncode, listed.stdout) == (0, "[]\n")

    def test_two_at_once_both_do_their_work(
        self, run: Run, home: Path, encoder_home: Path, tmp_path: Path, ferry: dict[str, Any]
    ) -> None:
        started = []
        for n in range(2):
            (tmp_path / f"{n}.json").write_text(json.dumps({**ferry, "id": f"forum:{n}"}))
            started.append(
                subprocess.Popen(
                    command("ingest", f"{n}.json"),
                    cwd=tmp_path,
                    env=environment(home, encoder_home),
                    stdout=subprocess.DEVNULL,
                )
            )
        assert [process.wait() for process in started] == [0, 0]
        listed = json.loads(run("threads", "--json").stdout)
        assert sorted((one["id"], one["state"]) for one in listed) == [("forum:0", "full"), ("forum:1", "full")]

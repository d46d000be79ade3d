"""A process that has imported the program and forks: its children run real commands, and are killed at given moments.

Run as a script it reads orders, one JSON a line, and answers each with a line. The one that forks opens no store and no
model, so a child is what a process of its own would be, without seconds of imports. Not here: what is to hold after a
kill (test_nothing_lost).
"""

import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def serve_orders() -> None:
    import bot.faces.cli.main
    import bot.faces.web.app  # noqa: F401 - what `serve` imports late: before the fork it is paid once

    _import_late_ones()
    say("warm")
    for line in sys.stdin:
        say(_obey(json.loads(line)))


def _import_late_ones() -> None:
    import chromadb.api.rust
    import onnxruntime
    import tokenizers

    import index.encoders.onnx_encoder
    import index.encoders.torch_encoder

    _ = (chromadb, onnxruntime, tokenizers, index)


def _obey(order: dict[str, Any]) -> dict[str, Any]:
    """Fork a child that runs `order`; end it with kill -9 after `kill_after` seconds of its life, if that is given."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_command(order)
    if order.get("background"):
        return {"pid": child}
    moment = order.get("kill_after")
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return {"killed": False, "code": os.waitstatus_to_exitcode(status), "took": time.monotonic() - started}
        if moment is not None and time.monotonic() - started >= moment:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return {"killed": True, "code": -9, "took": time.monotonic() - started}
        time.sleep(0.001)


def _be_the_command(order: dict[str, Any]) -> None:
    code = 99
    try:
        os.environ.update(order["environment"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
        os.dup2(os.open(order["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
        if "look" in order:
            say(look(**order["look"]))
            code = 0
        else:
            code = _run(order["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _run(arguments: list[str]) -> int:
    from bot.faces.cli.main import main

    sys.argv = ["digg-deeper", *arguments]
    try:
        main()
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else int(exc.code is not None)
    return 0


def look(*, home: str, question: str, ask_of: str) -> dict[str, Any]:
    """What a program that comes after the kill finds in the home folder."""
    from bot.product.assemble import assemble
    from bot.settings import Settings
    from corpus.errors import IndexUnusable

    database = Path(home) / "threads.db"
    with closing(sqlite3.connect(database)) as connection:
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
        foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    with closing(assemble(Settings.load())) as product:
        rankings = product._rankings
        threads = {}
        damaged = ""
        for thread_id in product._store.thread_ids():
            thread, summary = product.thread(thread_id), product.summary(thread_id)
            try:
                whole = rankings.is_whole(thread)
            except IndexUnusable as exc:
                whole, damaged = False, exc.message
            threads[thread_id] = {"json": thread.model_dump_json(), "state": summary.state, "whole": whole}
        answer = product.ask(question, thread_ids=[ask_of]) if ask_of in threads else None
        saved = sum(len(product.answers(thread_id).answers) for thread_id in threads)
        return {
            "integrity": integrity if not foreign else f"foreign keys: {foreign}",
            "threads": threads,
            "damaged": damaged,
            "answer": None if answer is None else answer.model_dump(mode="json"),
            "saved": saved,
        }


if __name__ == "__main__":
    serve_orders()

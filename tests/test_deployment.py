"""What is shipped: the packages with their files, the pinned dependencies, the commands of the Dockerfile."""

import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from test_bot_cli import environment

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_package_is_shipped() -> None:
    found = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for package in ("bot", "corpus", "index")
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert found == set(PROJECT["tool"]["setuptools"]["packages"])


def test_every_file_of_a_package_is_shipped() -> None:
    patterns: dict[str, list[str]] = PROJECT["tool"]["setuptools"]["package-data"]
    for top in ("bot", "corpus", "index"):
        for path in (ROOT / top).rglob("*"):
            if path.is_dir() or path.suffix in {".py", ".pyc"}:
                continue
            shipped = any(
                fnmatch(path.relative_to(ROOT / package.replace(".", "/")).as_posix(), pattern)
                for package, globs in patterns.items()
                for pattern in globs
                if path.is_relative_to(ROOT / package.replace(".", "/"))
            )
            assert shipped, f"{path.relative_to(ROOT)} is in no package-data"


def test_every_dependency_is_pinned_and_has_its_reason() -> None:
    pinned = {
        re.split(r"==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    lists = [PROJECT["project"]["dependencies"], PROJECT["project"]["optional-dependencies"]["test"]]
    for dependency in [one for some in lists for one in some]:
        assert re.split(r"[<>=\[]", dependency)[0].lower().replace("_", "-") in pinned, dependency
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text[text.index("dependencies = [") : text.index("[project.optional-dependencies]")]
    for line in listed.splitlines():
        assert '"' not in line or " # " in line, f"no reason: {line.strip()}"


@pytest.fixture
def container(tmp_path: Path, encoder_home: Path) -> Iterator[tuple[dict[str, str], int]]:
    """The Dockerfile's CMD with its environment, on a free port, over an empty volume; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    (command,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.M)
    name, *arguments = json.loads(command)
    env = environment(tmp_path / "data", encoder_home) | {"DIGG_HOST": "0.0.0.0", "DIGG_PORT": str(port)}
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name(name)), *arguments], env=env, cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield env, port
    process.terminate()
    process.communicate()


@pytest.mark.slow
def test_the_container_serves_and_its_health_check_sees_it(container: tuple[dict[str, str], int]) -> None:
    env, port = container
    (check,) = re.findall(r"^HEALTHCHECK.*?\n\s+CMD (\[[^\n]*\])$", DOCKERFILE, re.M | re.S)
    command = [part.replace(":7860/", f":{port}/") for part in json.loads(check)]
    healthy = subprocess.run([sys.executable, *command[1:]], env=env, capture_output=True)
    assert healthy.returncode == 0, healthy.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()[1]
        wrong = [part.replace(f":{port}/", f":{nobody}/") for part in command]
        assert subprocess.run([sys.executable, *wrong[1:]], env=env, capture_output=True).returncode != 0


def test_the_dockerfile_copies_what_the_build_needs() -> None:
    copied = {part for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.M) for part in line.split()}
    assert {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", "bot", "corpus", "index"} <= copied
    assert "USER digg" in DOCKERFILE
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not copied & set(ignored)


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make check\n" in script
    assert "make test\n" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)

"""Fixtures that more than one test file uses: a home folder, an encoder exported once, a product to ask.

Not here: payloads (tests/data) and stand-ins for outside services (tests/fakes.py).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import PREFIX, Settings

if TYPE_CHECKING:
    from bot.assemble import DiggDeeper


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of the person who runs it."""
    for name in [name for name in os.environ if name.startswith(PREFIX) and name != "DIGG_SHARED"]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session")
def encoder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose encoder is exported once for the whole run; nothing else may be kept in it."""
    from index.embedder import load_embedder

    home = tmp_path_factory.mktemp("encoder-home")
    load_embedder(None, home=home)
    return home


@pytest.fixture
def settings(tmp_path: Path, encoder_home: Path) -> Settings:
    """Settings of a fresh home that takes its encoder from the shared folder."""
    return Settings(home=tmp_path / "home", encoder_dir=encoder_home)


@pytest.fixture
def product(settings: Settings) -> "Iterator[DiggDeeper]":
    """The real product on a fresh home: nothing in it is faked."""
    from bot.assemble import assemble

    made = assemble(settings)
    yield made
    made.close()

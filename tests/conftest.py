"""Fixtures that more than one test file uses: a home folder, an encoder exported once, a product to ask.

Not here: payloads (tests/data) and stand-ins for outside services (tests/fakes.py).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bot.settings import PREFIX, Settings

if TYPE_CHECKING:
    from bot.product.assemble import DiggDeeper

# Machines are noisy, so no example is failed for its time. CI looks at the same examples at every run.
hypothesis_settings.register_profile(
    "digg-deeper",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
)
hypothesis_settings.load_profile("digg-deeper")


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """No test sees the settings of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX) and name != "DIGG_SHARED"]:
            patch.delenv(name)
        patch.setitem(Settings.model_config, "env_file", None)
        yield


@pytest.fixture(scope="session")
def encoder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose encoder is exported once for the whole run; nothing else may be kept in it."""
    from index.encoders.embedder import load_embedder

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
    from bot.product.assemble import assemble

    made = assemble(settings)
    yield made
    made.close()


@pytest.fixture
def ferry() -> dict[str, Any]:
    """A small thread in the generic shape: eight comments by six invented people."""
    return ferry_thread()


def ferry_thread() -> dict[str, Any]:
    said = [
        ("c1", None, "mo_pier", "The night ferry stops for good in May. Does anybody know why?"),
        ("c2", "c1", "ada_ferry", "The crew was cut to one shift, so nobody is left for the night."),
        ("c3", "c1", "old_salt", "Because the harbour tax doubled. They told us so at the quay in March."),
        ("c4", "c3", "tide_table", "The tax did not double, it rose by 40 percent. Still too much."),
        ("c5", "c1", "nadia_n", "The engine fails every other week and spare parts take months to arrive."),
        ("c6", "c5", "old_salt", "True. Last winter it lay in dock for nineteen days because of that engine."),
        ("c7", "c1", "kestrel", "I will miss the stars from the upper deck."),
        ("c8", "c2", "mo_pier", "Thanks, that explains the empty bridge at midnight."),
    ]
    return {
        "id": "forum:night-ferry",
        "source": "forum",
        "title": "The night ferry stops for good",
        "comments": [
            {
                "id": comment_id,
                "parent_id": parent,
                "author": author,
                "text": text,
                "created_at": f"2026-03-01T20:{place:02}:00Z",
                "score": 10 - place,
            }
            for place, (comment_id, parent, author, text) in enumerate(said)
        ],
    }

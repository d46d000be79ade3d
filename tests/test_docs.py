"""The documents say what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAP = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
MODULES = sorted(p for d in ("bot", "corpus", "index") for p in (ROOT / d).rglob("*.py") if p.stem != "__init__")


def test_every_module_is_on_the_map() -> None:
    missing = [path for path in MODULES if not re.search(rf"\b{path.stem}\b", MAP) and "migrations" not in path.parts]
    assert not [path.relative_to(ROOT).as_posix() for path in missing], "not in docs/ARCHITECTURE.md"
    assert "migrations/" in MAP


def test_every_file_on_the_map_is_there() -> None:
    drawn = MAP[MAP.index("## The map") : MAP.index("## One comment on its way in")]
    there = {path.name for path in MODULES}
    assert not set(re.findall(r"\b(\w+\.py)\b", drawn)) - there, "on the map and nowhere else"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"

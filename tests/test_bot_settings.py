"""Settings: what the environment gives, what is refused, and that every one is documented."""

import re
from pathlib import Path

import pytest

from bot.settings import PREFIX, Settings, unknown_settings
from corpus.errors import InvalidSetting

ROOT = Path(__file__).resolve().parents[1]
VARIABLES = sorted(f"{PREFIX}{name}".upper() for name in Settings.model_fields)


def documented(text: str) -> dict[str, str]:
    """Variable -> its value, of the lines of .env.example that set one or show how."""
    return dict(re.findall(rf"^(?:# )?({PREFIX}[A-Z_]+)=(.*)$", text, flags=re.MULTILINE))


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_setting_stands_in_the_example(variable: str) -> None:
    assert variable in documented((ROOT / ".env.example").read_text(encoding="utf-8"))


def test_the_example_names_no_setting_that_is_none() -> None:
    assert sorted(documented((ROOT / ".env.example").read_text(encoding="utf-8"))) == VARIABLES


def test_the_example_copied_as_it_stands_changes_nothing(tmp_path: Path) -> None:
    copied = tmp_path / ".env"
    copied.write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert Settings(_env_file=copied) == Settings(_env_file=None)


def test_every_shown_value_is_one_that_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in documented((ROOT / ".env.example").read_text(encoding="utf-8")).items():
        monkeypatch.setenv(variable, value)
    Settings.load()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


def test_everything_is_kept_in_the_home_folder(tmp_path: Path) -> None:
    settings = Settings.load(home=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path.as_posix()}/threads.db"
    assert (settings.chroma_dir, settings.encoder_dir) == (tmp_path / "chroma", tmp_path)
    assert settings.log_file.parent == tmp_path


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIGG_HOME", str(tmp_path))
    monkeypatch.setenv("DIGG_PORT", "8080")
    monkeypatch.setenv("DIGG_LOG_LEVEL", "WARNING")
    monkeypatch.setenv("DIGG_CHROMA_URL", "")
    settings = Settings.load()
    assert (settings.home, settings.port, settings.log_level) == (tmp_path, 8080, "warning")
    assert settings.chroma_url is None


def test_a_tilde_is_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert Settings.load(home="~/digg").home == tmp_path / "digg"


def test_an_option_wins_over_the_environment_and_none_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGG_PORT", "8080")
    assert Settings.load(port=9000, host=None).port == 9000
    assert Settings.load(port=None).port == 8080


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DIGG_PORT", "http"),
        ("DIGG_PORT", "70000"),
        ("DIGG_CHROMA_URL", "chroma:8000"),
        ("DIGG_PUBLIC_URL", "digg.example.org"),
        ("DIGG_HACKERNEWS_API", "hn.algolia.com"),
        ("DIGG_HACKERNEWS_API", "http://hn.algolia.com:port"),
        ("DIGG_FETCH_TOTAL_S", "0"),
        ("DIGG_FETCH_WAIT_S", "-1"),
        ("DIGG_DATABASE_URL", "threads.db"),
        ("DIGG_LOG_LEVEL", "loud"),
        ("DIGG_MAX_INPUT_BYTES", "0"),
        ("DIGG_MAX_QUESTION_CHARS", "-1"),
        ("DIGG_WRITER_WAIT_S", "soon"),
        ("DIGG_HOME", "what?"),
    ],
)
def test_a_bad_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSetting) as caught:
        Settings.load()
    assert caught.value.message.startswith(f"{variable} is {value!r}: ")
    assert variable in caught.value.next_step


def test_a_misspelt_variable_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGG_PROT", "8080")
    monkeypatch.setenv("DIGG_PORT", "8080")
    assert "DIGG_PROT" in unknown_settings()
    assert "DIGG_PORT" not in unknown_settings()


def test_host_names_are_those_listened_on_and_configured() -> None:
    settings = Settings.load(
        host="Digg", public_url="https://Digg.example.org:8443", allowed_hosts="a.example, B.example"
    )
    assert settings.host_names == {"digg", "digg.example.org", "a.example", "b.example"}

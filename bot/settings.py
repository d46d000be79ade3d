"""Settings: the only reader of the environment (prefix DIGG_) and of a `.env` file in the working folder.

Not here: what a command is told by its options (bot.faces.cli.main), or anything opened or made from a setting
(bot.product.assemble).
"""

import os
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import InvalidSetting
from corpus.fetching.addresses import HACKERNEWS_API

PREFIX = "DIGG_"


class Settings(BaseSettings):
    """What can be set, once, at the start. `Settings.load()` reads it with errors fit for a user."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
        use_attribute_docstrings=True,
        protected_namespaces=(),
    )

    home: Path = Field(default_factory=lambda: user_data_path("digg-deeper", appauthor=False))
    """Folder that holds everything kept: threads.db, chroma/, encoder/, the log. Made when it is missing."""
    database_url: str = ""
    """Record store as an SQLAlchemy URL. Default: SQLite in the file threads.db of the home folder."""
    chroma_url: str | None = None
    """A Chroma server, such as http://chroma:8000. Default: embedded, in the folder chroma of the home folder."""
    model: str | None = None
    """A sentence-transformers model by name or path. Default: all-MiniLM-L6-v2, which comes with the program."""
    reranker: str | None = None
    """A sentence-transformers CrossEncoder by name or path that reads the best of a ranking again; none by default."""
    encoder_dir: Path = Path()
    """Folder in whose folder encoder the one made from the default model is kept. Default: the home folder."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """Address that `serve` listens on; 0.0.0.0 for every one. There is no log-in: think before you open it."""
    port: int = Field(default=7860, ge=0, le=65_535)
    """Port that `serve` listens on; 0 takes a free one."""
    public_url: str | None = None
    """Where people reach the server when a proxy stands before it, such as https://digg.example.org."""
    allowed_hosts: str = ""
    """Further host names that requests may be addressed to, with commas between; IP addresses and localhost may be."""
    max_input_bytes: int = Field(default=50_000_000, ge=1, le=2_000_000_000)
    """Largest export or request body that is read, in bytes."""
    hackernews_api: str = HACKERNEWS_API
    """Base address of the API that Hacker News discussions are read from; one that you set may be anywhere."""
    fetch_total_s: float = Field(default=60.0, gt=0, le=3_600)
    """Longest that reading from a URL may take in all, waiting and further tries included, in seconds."""
    fetch_connect_s: float = Field(default=10.0, gt=0, le=600)
    """Longest that finding and connecting to a site may take, in seconds."""
    fetch_read_s: float = Field(default=20.0, gt=0, le=600)
    """Longest that a site may stay silent, in seconds."""
    fetch_wait_s: float = Field(default=30.0, ge=0, le=3_600)
    """Longest rest that a busy site may ask for before reading from it is given up, in seconds."""
    max_question_chars: int = Field(default=2_000, ge=1, le=100_000)
    """Longest question that is taken, in characters."""
    writer_wait_s: float = Field(default=30.0, ge=0, le=3_600)
    """How many seconds a command waits for another process that is writing before it gives up."""
    slack_bot_token: SecretStr | None = None
    """Token of the Slack bot, which starts with xoxb-; docs/slack.md says where Slack shows it."""
    slack_app_token: SecretStr | None = None
    """Token that `digg-deeper slack` opens a socket with; it starts with xapp-."""
    slack_signing_secret: SecretStr | None = None
    """Slack's signing secret. With it `serve` takes Slack's requests at /slack/events."""
    slack_api_url: str = "https://slack.com/api"
    """Where Slack's methods are called; another address only for tests."""
    llm_url: str | None = None
    """Base address of a language model's OpenAI-compatible API, such as http://localhost:11434/v1; none by default."""
    llm_model: str | None = None
    """The language model's name, as its endpoint knows it."""
    llm_key: SecretStr | None = None
    """The key that the endpoint asks for, where it asks for one. It is sent nowhere else."""
    llm_maker: Literal["openai", "anthropic"] = "openai"
    """Whose API the endpoint speaks: "openai", as nearly all do, or "anthropic", an extra, which needs no address."""
    llm_format: Literal["auto", "schema", "tool", "prompt"] = "auto"
    """How a reply's form is asked for: by JSON schema, by tool, by words alone; "auto" tries them in this order."""
    llm_timeout_s: float = Field(default=60.0, gt=0, le=3_600)
    """Longest that the language model may take over one answer, all calls and rests together, in seconds."""
    llm_evidence_tokens: int = Field(default=6_000, ge=200, le=1_000_000)
    """About how many tokens of comments are put before the language model in one call."""
    llm_answer_tokens: int = Field(default=1_500, ge=50, le=100_000)
    """Most tokens that the language model may write in one call."""
    llm_tokens_per_day: int | None = Field(default=None, ge=0)
    """Tokens that may be used in a day of UTC, in and out together; then answers are made without the model."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much goes into the log, digg-deeper.log in the home folder."""

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """The settings as the environment, `.env` and `overrides` give them. Raises InvalidSetting."""
        try:
            return cls(**{name: value for name, value in overrides.items() if value is not None})
        except ValidationError as exc:
            raise _named(exc) from None

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        if "?" in str(value):
            raise ValueError("a folder with a question mark in its name cannot be written into a database URL")
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _sqlite_in_home(cls, value: str, info: ValidationInfo) -> str:
        if value and "://" not in value:
            raise ValueError("not a database URL: it starts like sqlite:/// or postgresql+psycopg://")
        if value or "home" not in info.data:
            return value
        return f"sqlite:///{(info.data['home'] / 'threads.db').as_posix()}"

    @field_validator("encoder_dir")
    @classmethod
    def _encoder_in_home(cls, value: Path, info: ValidationInfo) -> Path:
        if value == Path() and "home" in info.data:
            return Path(info.data["home"])
        return value.expanduser().absolute()

    @field_validator("chroma_url", "public_url", "slack_api_url", "hackernews_api", "llm_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError("not a web address: it starts with http:// or https:// and names a host")
        return value.rstrip("/")

    @field_validator("llm_url")
    @classmethod
    def _no_password(cls, value: str | None) -> str | None:
        if value is not None and ("@" in urlsplit(value).netloc or "?" in value or "#" in value):
            raise ValueError("an address with a password, a query or a fragment; the key belongs into DIGG_LLM_KEY")
        return value

    @field_validator("llm_model")
    @classmethod
    def _named_where(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("llm_url") is not None:
            raise ValueError("DIGG_LLM_URL is set, and no model is named")
        return value

    @field_validator("llm_maker")
    @classmethod
    def _somewhere(cls, value: str, info: ValidationInfo) -> str:
        if value == "openai" and info.data.get("llm_model") is not None and info.data.get("llm_url", "") is None:
            raise ValueError("DIGG_LLM_MODEL is set, and DIGG_LLM_URL, where it is to be reached, is not")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @property
    def chroma_dir(self) -> Path:
        """Where embedded Chroma keeps the vectors."""
        return self.home / "chroma"

    @property
    def log_file(self) -> Path:
        return self.home / "digg-deeper.log"

    @property
    def host_names(self) -> frozenset[str]:
        """Names, lower case, that requests may be addressed to beside IP addresses and localhost."""
        named = {name.strip().lower() for name in self.allowed_hosts.split(",")}
        named.add(self.host.lower())
        named.add((urlsplit(self.public_url).hostname or "") if self.public_url else "")
        return frozenset(named - {""})


def unknown_settings() -> tuple[str, ...]:
    """Variables of the environment that look like settings and are none: most likely misspelt."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))


def _named(exc: ValidationError) -> InvalidSetting:
    """The first thing that is wrong, by the variable's name."""
    first = exc.errors(include_url=False, include_context=False)[0]
    variable = f"{PREFIX}{first['loc'][0]}".upper()
    wrong = first["msg"].removeprefix("Value error, ")
    return InvalidSetting(
        f"{variable} is {first['input']!r}: {wrong[:1].lower()}{wrong[1:]}.",
        next_step=f"Set {variable} in the environment or in .env, or leave it out; .env.example describes it.",
    )

"""Messages of a Slack thread -> Thread, as conversations.replies gives them: what people wrote, in plain text.

Left out are what the bot itself wrote, what it was asked, and what no person wrote (joins, topic changes).
Not here: how messages and people are asked for (bot.faces.slack.room), mrkdwn and rich text
(corpus.readers.slack_text).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from corpus.readers.slack_text import Written, mentioned, written
from corpus.text.plain import borrowed_words, merged
from corpus.thread import Author, Comment, Engagement, Thread, Value, Words, storable

SOURCE = "slack"
_WRITTEN_BY_SOMEBODY = frozenset({None, "bot_message", "thread_broadcast", "me_message", "file_share", "tombstone"})
_TS = re.compile(r"\d{1,11}\.\d{1,9}", re.ASCII)
_TITLE_LENGTH = 80

Message = Mapping[str, Any]


class Person(Value):
    """A member of the workspace, as users.info tells."""

    id: str
    shown: Words
    """The name that others see; people share them."""
    username: Words


class Place(Value):
    """Where a thread is."""

    team: str
    channel: str
    ts: str
    """Of the message that the thread hangs on."""
    workspace_url: str
    """Such as https://harbour.slack.com/, as auth.test tells it."""

    @property
    def thread_id(self) -> str:
        return f"slack-{self.team}-{self.channel}-{self.ts}"

    def permalink(self, ts: str) -> str:
        """As chat.getPermalink gives it, without asking for each message."""
        link = f"{self.workspace_url.rstrip('/')}/archives/{self.channel}/p{ts.replace('.', '')}"
        return link if ts == self.ts else f"{link}?thread_ts={self.ts}&cid={self.channel}"


class Us(Value):
    """The bot, so that it never cites itself."""

    user_id: str
    bot_id: str | None = None

    def wrote(self, message: Message) -> bool:
        return message.get("user") == self.user_id or (self.bot_id is not None and message.get("bot_id") == self.bot_id)

    def asked_in(self, message: Message) -> bool:
        """Whether the message opens by addressing the bot: a question to it, no part of what people discuss."""
        return str(message.get("text") or "").lstrip().startswith((f"<@{self.user_id}>", f"<@{self.user_id}|"))


def people_in(messages: Iterable[Message]) -> tuple[str, ...]:
    """Ids of everybody who wrote one of the messages or is mentioned in it, each once."""
    found: dict[str, None] = {}
    for message in messages:
        if isinstance(message.get("user"), str):
            found[message["user"]] = None
        found.update(dict.fromkeys(mentioned(message)))
    return tuple(found)


def authors(people: Iterable[Person]) -> dict[str, Author]:
    """Author by user id: the handle is the name that others see, told apart by username where people share one."""
    people = list(people)
    shown = [_shown(person).casefold() for person in people]
    return {
        person.id: Author(
            id=person.id,
            handle=name if shown.count(name.casefold()) == 1 else f"{name} ({person.username})",
            name=name,
        )
        for person, name in ((person, _shown(person)) for person in people)
    }


def _shown(person: Person) -> str:
    return person.shown.strip().removeprefix("@") or person.username or person.id


def thread_of(
    messages: Sequence[Message],
    place: Place,
    *,
    known_people: Mapping[str, Author],
    us: Us,
    leave_out: Collection[str] = (),
    fetched_at: datetime | None = None,
) -> Thread:
    """The thread of these messages. `leave_out` are the ts of messages that are none of it, such as the question."""
    comments: list[Comment] = []
    told = list(_distinct(messages))
    root = next((written(message, known_people).text for message in told if message["ts"] == place.ts), "")
    for message in told:
        if message["ts"] not in leave_out and not us.wrote(message) and not us.asked_in(message):
            comments.append(_comment(message, place, known_people, root))
    replies = max((m["reply_count"] for m in told if isinstance(m.get("reply_count"), int)), default=0)
    there = {comment.id for comment in comments}
    return Thread(
        id=place.thread_id,
        source=SOURCE,
        title=_title(root),
        url=place.permalink(place.ts),
        comments=tuple(c if c.parent_id in there else c.model_copy(update={"parent_id": None}) for c in comments),
        fetched_at=fetched_at or datetime.now(UTC),
        known_total=len(comments) + max(0, replies + 1 - len(told)),
    )


def questions_before(
    messages: Sequence[Message], *, us: Us, asked_ts: str, known_people: Mapping[str, Author]
) -> tuple[str, ...]:
    """What the bot was asked in this thread before, oldest first."""
    before = [m for m in _distinct(messages) if us.asked_in(m) and float(m["ts"]) < float(asked_ts)]
    asked = (question_in(str(message.get("text") or ""), us=us, known_people=known_people) for message in before)
    return tuple(filter(None, asked))


def question_in(mrkdwn: str, *, us: Us, known_people: Mapping[str, Author]) -> str:
    """What the bot is asked in a message: its words without the bot's name."""
    bare = re.sub(rf"<@{re.escape(us.user_id)}(?:\|[^>]*)?>", " ", mrkdwn)
    return " ".join(written({"text": bare}, known_people).text.split())


def _distinct(messages: Sequence[Message]) -> Iterator[Message]:
    """What was written by somebody, oldest first, each once: a page may bring the first message again."""
    once = {
        message["ts"]: message
        for message in messages
        if isinstance(message.get("ts"), str)
        and _TS.fullmatch(message["ts"])
        and message.get("subtype") in _WRITTEN_BY_SOMEBODY
    }
    yield from sorted(once.values(), key=lambda message: float(message["ts"]))


def _comment(message: Message, place: Place, known_people: Mapping[str, Author], root: str) -> Comment:
    ts = message["ts"]
    deleted = message.get("subtype") == "tombstone"
    said = Written(text="") if deleted else written(message, known_people)
    edited = message.get("edited")
    return Comment(
        id=ts,
        thread_id=place.thread_id,
        parent_id=None if ts == place.ts else place.ts,
        author=None if deleted else _author(message, known_people),
        text=said.text,
        quoted=said.quoted if ts == place.ts else merged((*said.quoted, *borrowed_words(said.text, root))),
        addressed=said.addressed,
        posted_at=_moment(ts),
        edited_at=_moment(edited.get("ts")) if isinstance(edited, Mapping) else None,
        engagement=Engagement(replies=message["reply_count"] if isinstance(message.get("reply_count"), int) else None),
        url=place.permalink(ts),
        deleted=deleted,
        is_bot="bot_id" in message,
    )


def _author(message: Message, known_people: Mapping[str, Author]) -> Author | None:
    user, bot = message.get("user"), message.get("bot_id")
    if isinstance(user, str) and user:
        return known_people.get(user) or Author(id=user, handle=user)
    if not isinstance(bot, str) or not bot:
        return None
    profile = message.get("bot_profile")
    told = message.get("username") or (profile.get("name") if isinstance(profile, Mapping) else None)
    name = storable(told).strip() if isinstance(told, str) else ""
    return Author(id=bot, handle=name or bot, name=name or None)


def _moment(ts: object) -> datetime | None:
    return datetime.fromtimestamp(float(ts), UTC) if isinstance(ts, str) and _TS.fullmatch(ts) else None


def _title(root: str) -> str:
    line = " ".join(root.split())
    return line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"

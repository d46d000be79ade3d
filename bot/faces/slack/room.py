"""Reads a thread from Slack: all its pages, and who its people are, in as few calls as that takes.

Not here: what is answered (bot.faces.slack.app), what a message says (corpus.readers.slack_text).
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from corpus.errors import FetchError, NothingThere, SourceBusy, SourceUnavailable
from corpus.readers.slack import (
    Message,
    Person,
    Place,
    Us,
    authors,
    people_in,
    question_in,
    questions_before,
    thread_of,
)
from corpus.thread import Author, Thread, Value

PAGE = 200
MOST_MESSAGES = 5_000
"""Messages of one thread that are read; the coverage tells of the others."""
LONGEST_WAIT_S = 60
"""Seconds that Slack may ask to wait before an asker is told to come back instead."""
_KEPT_PEOPLE = 5_000
_KEPT_S = 3_600.0
_log = logging.getLogger(__name__)

_REFUSALS = {
    "not_in_channel": "Invite me to this channel, then ask again.",
    "channel_not_found": "Invite me to this channel, then ask again.",
    "thread_not_found": "The thread is gone.",
    "missing_scope": "The app's manifest.yaml has changed or was not taken over whole: install the app again with it.",
}


class Asked(Value):
    """A question put in a thread, and the thread without it."""

    question: str
    thread: Thread
    before: tuple[str, ...]


class Patience(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks, five times, unless that is longer than anybody would."""

    def __init__(self) -> None:
        super().__init__(max_retry_count=5)

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        wait = _retry_after(response.headers)
        return wait is not None and wait <= LONGEST_WAIT_S


class Room:
    """The threads of a workspace, through the bot's own client. Thread-safe."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._workspace_url: str | None = None
        self._lock = Lock()
        self._people: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    def place(self, team: str, channel: str, ts: str) -> Place:
        """Where the thread is whose first message has this ts. Raises FetchError."""
        if self._workspace_url is None:  # Bolt has asked already, and does not hand this on
            with told():
                self._workspace_url = str(self._client.auth_test()["url"])
        return Place(team=team, channel=channel, ts=ts, workspace_url=self._workspace_url)

    def asked(self, mrkdwn: str, place: Place, *, us: Us, asked_ts: str) -> Asked:
        """The thread that a message stands in, and what that message asks. Raises FetchError."""
        with told():
            messages = self._messages(place)
            known_people = self._authors([*messages, {"text": mrkdwn}], us)
        return Asked(
            question=question_in(mrkdwn, us=us, known_people=known_people),
            thread=thread_of(messages, place, known_people=known_people, us=us, leave_out={asked_ts}),
            before=questions_before(messages, us=us, asked_ts=asked_ts, known_people=known_people),
        )

    def question(self, mrkdwn: str, *, us: Us) -> str:
        """What a message asks, where only that matters."""
        return question_in(mrkdwn, us=us, known_people={})

    def _messages(self, place: Place) -> Sequence[Message]:
        messages: list[Message] = []
        cursor = ""
        while len(messages) < MOST_MESSAGES:
            options: dict[str, Any] = {"cursor": cursor} if cursor else {}
            page = self._client.conversations_replies(channel=place.channel, ts=place.ts, limit=PAGE, **options)
            messages.extend(page.get("messages") or ())
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return messages

    def _authors(self, messages: Sequence[Message], us: Us) -> dict[str, Author]:
        ids = [user_id for user_id in people_in(messages) if user_id != us.user_id]
        return authors(self._person(user_id) for user_id in ids)

    def _person(self, user_id: str) -> Person:
        with self._lock:
            kept = self._people.get(user_id)
        if kept is not None and time.monotonic() - kept[0] < _KEPT_S:
            return kept[1]
        person = self._told_of(user_id)
        with self._lock:
            self._people[user_id] = (time.monotonic(), person)
            self._people.move_to_end(user_id)
            while len(self._people) > _KEPT_PEOPLE:
                self._people.popitem(last=False)
        return person

    def _told_of(self, user_id: str) -> Person:
        """The member; by id alone where Slack does not tell (a stranger of a shared channel)."""
        try:
            user: dict[str, Any] = self._client.users_info(user=user_id).get("user") or {}
        except SlackApiError as exc:
            if exc.response.get("error") not in {"user_not_found", "user_not_visible", "users_not_found"}:
                raise
            user = {}
        profile = user.get("profile") or {}
        names: Collection[str | None] = (profile.get("display_name"), profile.get("real_name"), user.get("name"))
        shown = next((name for name in names if name and name.strip()), user_id)
        return Person(id=user_id, shown=shown, username=user.get("name") or user_id)


@contextmanager
def told() -> Iterator[None]:
    """Slack's errors and the network's become ours. Raises FetchError."""
    try:
        yield
    except SlackApiError as exc:
        raise _refusal(exc) from exc
    except OSError as exc:
        raise SourceUnavailable(f"Slack cannot be reached: {exc}.", next_step="Ask again in a minute.") from exc


def _refusal(exc: SlackApiError) -> FetchError:
    """Why Slack did not do it, in words for the asker."""
    error = str(exc.response.get("error"))
    if error == "ratelimited" or exc.response.status_code == 429:
        wait = _retry_after(exc.response.headers)
        after = f"in {wait} seconds" if wait else "in a minute"
        return SourceBusy("Slack asks to be left alone for now.", next_step=f"Ask again {after}.", retry_after_s=wait)
    _log.warning("Slack refused: %s, needed %s", error, exc.response.get("needed"))
    kind = NothingThere if error == "thread_not_found" else FetchError
    return kind(
        f"Slack does not let me read this thread ({error}).",
        next_step=_REFUSALS.get(error, "Ask whoever runs this app; docs/slack.md names what it needs."),
    )


def _retry_after(headers: Any) -> int | None:
    value = next((value for name, value in dict(headers or {}).items() if name.lower() == "retry-after"), None)
    first = value[0] if isinstance(value, list) and value else value
    return int(first) if isinstance(first, str) and first.isdecimal() else None

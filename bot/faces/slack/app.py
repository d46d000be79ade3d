"""The Slack face: mentioned in a thread it answers from that thread; /digg-deeper asks the threads that are kept.

All is acknowledged at once and answered in a worker thread; whatever happens, the asker gets an answer or a word.
A thread of Slack is read for one answer and kept nowhere: see docs/decisions/0005-slack-threads.md.
Not here: how a thread is read (bot.faces.slack.room), how an answer looks (bot.faces.slack.blocks).
"""

import logging
import re
import signal
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from threading import BoundedSemaphore, Event, Lock
from typing import Any

from pydantic import SecretStr
from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.faces.connection import Product, reach
from bot.faces.slack.blocks import Message, answer_messages, words_messages
from bot.faces.slack.room import Patience, Room
from bot.product.product import DiggDeeper
from bot.settings import Settings
from corpus.errors import AddressRefused, DiscussionError, InvalidSetting, SourceUnavailable, ThreadNotFound
from corpus.fetching.addresses import discussion
from corpus.readers.slack import Us
from corpus.thread import THREAD_ID

PATH = "/slack/events"
COMMAND = "/digg-deeper"
_WORKERS = 4
_WAITING = 64
"""Questions that may be under way or wait; who comes after that is told to come back."""
_REMEMBERED = 2_000
_MOST_REPLIES = 5
"""Messages that Slack takes for one command."""
_TIMEOUT_S = 30
_ADDRESS = re.compile(r"\s*<(https?://[^|<>\s]+)(?:\|[^<>]*)?>")
_MAYBE_AN_ID = re.compile(r"[:._~@\d-]")

_HOW_TO_MENTION = (
    "Mention me within a thread, with a question: I read that thread and answer from it, and every point cites who "
    "said it. This message stands in no thread, so there is nothing to answer from."
)
_HOW_TO_COMMAND = (
    f"{COMMAND} QUESTION asks all discussions that are kept here.",
    f"{COMMAND} ID QUESTION, or the address of a discussion instead of its ID, asks only that one.",
    "To ask a Slack thread, mention me in it. Only you see my replies to this command.",
)
_BUSY = "I have too many questions waiting. Ask again in a minute."
_FAULT = "Something failed here that should not have, so there is no answer. Whoever runs me finds it in the log."

Say = Callable[[Sequence[Message]], None]
Library = Callable[[], AbstractContextManager[Product]]
_log = logging.getLogger(__name__)


class SlackFace:
    """One workspace's bot. `product` answers from threads that are handed in, `library` gives access to those kept."""

    def __init__(self, settings: Settings, product: DiggDeeper, *, library: Library) -> None:
        """Calls nobody yet. Raises InvalidSetting."""
        self._product = product
        self._library = library
        self._client = WebClient(
            token=_needed(settings.slack_bot_token, "DIGG_SLACK_BOT_TOKEN"),
            base_url=f"{settings.slack_api_url}/",
            timeout=_TIMEOUT_S,
            retry_handlers=[ConnectionErrorRetryHandler(), Patience()],
        )
        secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
        self._signatures = SignatureVerifier(secret) if secret else None
        self.bolt = App(
            client=self._client,
            signing_secret=secret,
            token_verification_enabled=False,
            logger=_log,
        )
        self.bolt.event("app_mention")(self._mentioned)
        self.bolt.command(COMMAND)(self._commanded)
        self._room = Room(self._client)
        self._seen = _Seen()
        self._places = BoundedSemaphore(_WAITING)
        self._workers = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="slack")

    def workspace(self) -> str:
        """Whom the token lets in where. Raises InvalidSetting where Slack refuses it, SourceUnavailable."""
        with _reaching("DIGG_SLACK_BOT_TOKEN"):
            told = self._client.auth_test()
        return f"{told.get('user')} in {told.get('team')}"

    def signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack sent this, within the last five minutes."""
        told = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if self._signatures is None or not all(part.isascii() for part in told) or not told[0].isdecimal():
            return False
        try:
            return self._signatures.is_valid(body, *told)
        except UnicodeDecodeError:
            return False

    def close(self) -> None:
        """Returns when everybody who asked has an answer."""
        self._workers.shutdown(wait=True)

    # what comes in: acknowledged, looked at, handed on

    def _mentioned(self, event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        message = f"{event.get('channel')} {event.get('ts')}"
        if _by_a_bot(event) or "edited" in event or not self._seen.first(body.get("event_id"), message):
            return
        say = partial(self._post, event["channel"], event.get("thread_ts") or event["ts"])
        self._start(partial(self._from_thread, event, context), say)

    def _commanded(self, ack: Ack, command: dict[str, Any], respond: Respond, context: BoltContext) -> None:
        ack()
        if self._seen.first(command.get("trigger_id")):
            self._start(partial(self._from_library, command.get("text") or "", context), partial(_reply, respond))

    def _start(self, find: Callable[[], Sequence[Message]], say: Say) -> None:
        if not self._places.acquire(blocking=False):
            say(words_messages(_BUSY))
            return
        try:
            self._workers.submit(self._finish, find, say)
        except RuntimeError:  # closing
            self._places.release()
            say(words_messages(_BUSY))

    def _finish(self, find: Callable[[], Sequence[Message]], say: Say) -> None:
        try:
            say(_found(find))
        except Exception:
            _log.exception("an answer could not be sent to Slack")
        finally:
            self._places.release()

    # answers

    def _from_thread(self, event: Mapping[str, Any], context: BoltContext) -> Sequence[Message]:
        asked_ts, thread_ts = event["ts"], event.get("thread_ts")
        if not thread_ts or thread_ts == asked_ts:
            return words_messages(_HOW_TO_MENTION)
        place = self._room.place(context.team_id or "", event["channel"], thread_ts)
        asked = self._room.asked(event.get("text") or "", place, us=_us(context), asked_ts=asked_ts)
        return answer_messages(self._product.ask_passing(asked.question, asked.thread, before=asked.before))

    def _from_library(self, text: str, context: BoltContext) -> Sequence[Message]:
        asked = self._room.question(_ADDRESS.sub(r"\1 ", text, count=1), us=_us(context))
        if asked.casefold() in {"", "help", "?"}:
            return words_messages(*_HOW_TO_COMMAND)
        with self._library() as product:
            thread_id = _thread_named(product, asked.split()[0])
            question = asked if thread_id is None else asked.partition(" ")[2].strip()
            if not question:
                return words_messages(*_HOW_TO_COMMAND)
            return answer_messages(product.ask(question, thread_ids=None if thread_id is None else [thread_id]))

    # what goes out

    def _post(self, channel: str, thread_ts: str, messages: Sequence[Message]) -> None:
        """Into the thread. What Slack refuses as blocks is at least told of."""
        for message in messages:
            try:
                self._send(channel, thread_ts, text=message.text, blocks=list(message.blocks))
            except SlackApiError as exc:
                _log.error("Slack refused an answer: %s", exc.response.get("error"))
                self._send(channel, thread_ts, text=f"Slack refused my answer ({exc.response.get('error')}).")
                return

    def _send(self, channel: str, thread_ts: str, **content: Any) -> None:
        self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            parse="none",
            mrkdwn=False,
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
            **content,
        )


class _Seen:
    """Remembers what was taken on, so that what Slack sends again is answered once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._names: OrderedDict[str, None] = OrderedDict()

    def first(self, *names: str | None) -> bool:
        """Whether none of these names was there before; from now on all were."""
        given = [name for name in names if name]
        with self._lock:
            new = not any(name in self._names for name in given)
            self._names.update(dict.fromkeys(given))
            while len(self._names) > _REMEMBERED:
                self._names.popitem(last=False)
        return new


def _found(find: Callable[[], Sequence[Message]]) -> Sequence[Message]:
    try:
        return find()
    except DiscussionError as exc:
        return words_messages(*filter(None, (exc.message, exc.next_step)))
    except Exception:
        _log.exception("unexpected error while answering in Slack")
        return words_messages(_FAULT)


def _reply(respond: Respond, messages: Sequence[Message]) -> None:
    """To the one who gave the command. Slack takes a few messages only: the last one says if there was more."""
    shown = list(messages[:_MOST_REPLIES])
    if len(messages) > _MOST_REPLIES:
        shown[-1:] = words_messages("The answer is longer than Slack takes here. Ask for less at once.")
    for message in shown:
        sent = respond(text=message.text, blocks=list(message.blocks), response_type="ephemeral")
        if sent.status_code != 200:
            _log.error("Slack did not take a reply: %s %s", sent.status_code, sent.body[:200])
            return


def _by_a_bot(event: Mapping[str, Any]) -> bool:
    return bool(event.get("bot_id")) or event.get("subtype") in {"bot_message", "message_changed"}


def _us(context: BoltContext) -> Us:
    return Us(user_id=context.bot_user_id or "", bot_id=context.bot_id)


def _thread_named(product: Product, word: str) -> str | None:
    """The kept thread that the word names by address or id; None where it is just a word. Raises ThreadNotFound."""
    if word.startswith(("http://", "https://")):
        wanted = _plain_address(word)
        found = _first(product, lambda thread: thread.url is not None and _plain_address(thread.url) == wanted)
        if found is None:
            raise ThreadNotFound(
                f"no discussion that is kept here has the address {word!r}.",
                next_step="Whoever runs me can read it in: `digg-deeper ingest ADDRESS`.",
            )
        return found
    if not (THREAD_ID.fullmatch(word) and _MAYBE_AN_ID.search(word)):
        return None
    return _first(product, lambda thread: thread.id == word, q=word)


def _first(product: Product, fits: Callable[[Any], bool], *, q: str | None = None) -> str | None:
    cursor = None
    while True:
        page = product.threads(q=q, cursor=cursor, limit=200)
        found = next((thread.id for thread in page.threads if fits(thread)), None)
        cursor = page.next_cursor
        if found is not None or cursor is None:
            return found


def _plain_address(url: str) -> str:
    """What two addresses of one page have in common: the discussion, where we know the site, else all but trimmings."""
    with suppress(AddressRefused):
        return str(discussion(url))
    return re.sub(r"^https?://(?:www\.)?", "", url.partition("#")[0]).rstrip("/")


def _needed(secret: SecretStr | None, variable: str) -> str:
    if secret is None:
        raise InvalidSetting(f"{variable} is not set.", next_step="docs/slack.md says where Slack shows it.")
    return secret.get_secret_value()


@contextmanager
def _reaching(variable: str) -> Iterator[None]:
    """Calls by the token of that setting. Raises InvalidSetting where Slack refuses it, SourceUnavailable."""
    try:
        yield
    except SlackApiError as exc:
        refused = f"Slack refuses {variable}: {exc.response.get('error')}."
        raise InvalidSetting(refused, next_step="docs/slack.md says where Slack shows it.") from exc
    except (OSError, SlackClientError) as exc:
        unreachable = f"Slack cannot be reached: {exc}."
        raise SourceUnavailable(unreachable, next_step="Look at the network and DIGG_SLACK_API_URL.") from exc


# ---- the two ways in


def mount(app: Starlette, face: SlackFace) -> None:
    """Slack's requests over HTTP, at /slack/events: their signature is checked before anything else is looked at."""

    async def events(request: Request) -> Response:
        body = await request.body()
        if not face.signed(body, request.headers):  # Bolt would parse first, and log what it turns away
            return Response("The signature is not Slack's, or too old.", status_code=401)
        try:
            incoming = to_bolt_request(request, body)
        except ValueError:
            return Response("Not readable.", status_code=400)
        return to_starlette_response(await run_in_threadpool(_dispatched, face.bolt, incoming))

    app.add_route(PATH, events, methods=["POST"], include_in_schema=False)


def _dispatched(bolt: App, incoming: BoltRequest) -> BoltResponse:
    reply: BoltResponse = bolt.dispatch(incoming)
    return reply


def answer_over_socket(settings: Settings, *, on_ready: Callable[[str], None], stop: Event | None = None) -> None:
    """Answer in Slack until stopped by a signal, or by `stop`; no port is opened. Raises InvalidSetting, FetchError.

    What is kept is asked through `reach`: by the server if one runs, else here, for the time of a question.
    """
    from bot.product.assemble import assemble  # some seconds of imports, once the settings are known to be there

    app_token = _needed(settings.slack_app_token, "DIGG_SLACK_APP_TOKEN")
    stop = stop or Event()
    with suppress(ValueError):  # in a thread (tests) there are no signals to handle
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with (
        closing(assemble(settings)) as product,
        closing(SlackFace(settings, product, library=partial(reach, settings, command="slack"))) as face,
    ):
        workspace = face.workspace()
        with closing(SocketModeHandler(face.bolt, app_token)) as socket:
            with _reaching("DIGG_SLACK_APP_TOKEN"):
                socket.connect()  # type: ignore[no-untyped-call]  # Bolt's handlers carry no types
            on_ready(workspace)
            with suppress(KeyboardInterrupt):
                stop.wait()

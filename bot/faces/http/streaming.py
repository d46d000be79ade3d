"""An answer as server-sent events: each statement when it is verified, then the answer whole.

event: progress      data: Progress: how far a long reading is, as often as it gets on; there may be none
event: statement     data: Statement
event: answer        data: Answer: the last one, which holds every statement again
event: problem       data: Problem, in place of the answer, if it fails half-way
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from bot.faces.bodies import Progress
from bot.faces.http.problems import problem_of, unexpected
from bot.values.answer import Answer, Statement
from corpus.errors import DiscussionError

MEDIA_TYPE = "text/event-stream"
UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""So that nothing on the way keeps events back."""
Ask = Callable[[Callable[[Statement], None], Callable[[str, int, int], None]], Answer]
"""Given what takes each statement, and what takes stage, done and total."""
_Item = Progress | Statement | Answer | Exception
_log = logging.getLogger(__name__)


async def stream_answer(ask: Ask) -> StreamingResponse:
    """The response, begun once there is something to say: what fails before is raised, and gets its own status."""
    arrived: asyncio.Queue[_Item] = asyncio.Queue()
    asking = asyncio.create_task(run_in_threadpool(_asking(ask, arrived)))
    first = await arrived.get()
    if isinstance(first, Exception):
        raise first
    return StreamingResponse(_events(first, arrived, asking), media_type=MEDIA_TYPE, headers=UNBUFFERED)


def _asking(ask: Ask, arrived: "asyncio.Queue[_Item]") -> Callable[[], None]:
    """`ask`, to be run in a thread, with everything that comes of it put into `arrived`."""
    loop = asyncio.get_running_loop()

    def put(item: _Item) -> None:
        with suppress(RuntimeError):  # the server has stopped meanwhile: nobody waits for it
            loop.call_soon_threadsafe(arrived.put_nowait, item)

    def progress(stage: str, done: int, total: int) -> None:
        put(Progress(stage=stage, done=done, total=total))

    def work() -> None:
        try:
            put(ask(put, progress))
        except Exception as exc:  # handed over whole: raised or reported where it arrives
            put(exc)

    return work


async def _events(item: _Item, arrived: "asyncio.Queue[_Item]", asking: "asyncio.Task[None]") -> AsyncIterator[str]:
    while isinstance(item, Statement | Progress):
        yield event("statement" if isinstance(item, Statement) else "progress", item.model_dump_json())
        item = await arrived.get()
    await asking
    if isinstance(item, Answer):
        yield event("answer", item.model_dump_json())
    elif isinstance(item, DiscussionError):
        yield event("problem", problem_of(item).model_dump_json())
    else:
        _log.error("unexpected error while answering", exc_info=item)
        yield event("problem", unexpected().model_dump_json())


def event(name: str, data: str) -> str:
    """JSON holds no raw line break, so one data line is enough."""
    return f"event: {name}\ndata: {data}\n\n"

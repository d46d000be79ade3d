"""The routes of questions: asked of one thread or of many, listed once answered, rated.

Not here: an answer as events (bot.faces.http.streaming).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, status
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from bot.faces.bodies import Feedback, QuestionAsked, QuestionOverThreads
from bot.faces.http import problems, streaming
from bot.faces.http.parameters import Cursor, Id, Limit, example
from bot.faces.http.telemetry import Telemetry
from bot.history.saved_answers import AnswerPage
from bot.product.product import DiggDeeper
from bot.values.answer import Answer
from corpus.thread import Words

_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; as text/event-stream each statement once it is verified (`statement`), then the "
        "answer (`answer`), or what went wrong (`problem`). While a language model reads a long discussion in parts, "
        "`progress` tells how many are done; whoever does not know an event may leave it out.",
        "content": {
            "application/json": {"example": "answer"},
            streaming.MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": "answer events",
            },
        },
    },
    **problems.documented(404, 409),
}


def questions(product: DiggDeeper, counted: Telemetry) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["questions"])
    _asked(router, product, counted)
    _answered(router, product)
    return router


def _asked(router: APIRouter, product: DiggDeeper, counted: Telemetry) -> None:
    async def ask(request: Request, asked: QuestionAsked, thread_ids: tuple[str, ...] | None) -> Response:

        within = asked.within()

        def answer(on_statement: Any = None, progress: Any = None) -> Answer:
            made = product.ask(
                asked.question,
                thread_ids=thread_ids,
                conversation_id=asked.conversation_id,
                on_statement=on_statement,
                progress=progress,
                within=within,
            )
            counted.answer(made)
            return made

        if streaming.MEDIA_TYPE in request.headers.get("accept", ""):
            return await streaming.stream_answer(answer)
        made = await run_in_threadpool(answer)
        return Response(await run_in_threadpool(made.model_dump_json), media_type="application/json")

    @router.post("/threads/{thread_id}/questions", response_model=Answer, summary="Ask a thread", responses=_ANSWERED)
    async def ask_thread(request: Request, thread_id: Id, asked: QuestionAsked) -> Response:
        """Answered from its comments alone. With nothing to say it abstains, and shows the nearest comments."""
        return await ask(request, asked, (thread_id,))

    @router.post("/questions", response_model=Answer, summary="Ask all threads, or some", responses=_ANSWERED)
    async def ask_threads(request: Request, asked: QuestionOverThreads) -> Response:
        """As for one thread; a comment is cited with the thread it stands in.

        Under a filter (source, author, after, before) no other comment is found, counted or cited, and the answer's
        coverage says so.
        """
        return await ask(request, asked, asked.thread_ids)


def _answered(router: APIRouter, product: DiggDeeper) -> None:
    @router.get(
        "/threads/{thread_id}/questions",
        summary="Its answered Digg Deeper questions",
        responses={200: example("answers"), **problems.documented(404)},
    )
    def answers(thread_id: Id, cursor: Cursor = None, limit: Limit = 50) -> AnswerPage:
        """What was asked and answered, newest first, verified again in the thread as it is now.

        An answer says in `note` how many comments came in since; one whose comments were edited or deleted says that it
        was withdrawn, and `abstained` is true.
        """
        return product.answers(thread_id, cursor=cursor, limit=limit)

    @router.post(
        "/answers/{answer_id}/feedback",
        status_code=status.HTTP_204_NO_CONTENT,
        summary="Say whether an answer helped",
        responses=problems.documented(404),
    )
    def feedback(
        answer_id: Annotated[Words, Path(max_length=200, examples=["a3f0c2"])],
        said: Feedback,
    ) -> None:
        product.feedback(answer_id, helpful=said.helpful, note=said.note)

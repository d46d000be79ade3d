"""The routes by which a comment or an author is forgotten for good.

Not here: forgetting a whole thread (bot.faces.http.threads).
"""

from typing import Annotated

from fastapi import APIRouter, Query

from bot.faces.http import problems
from bot.faces.http.parameters import example
from bot.product.product import DiggDeeper
from bot.values.story import Forgotten
from corpus.thread import THREAD_ID, Words


def forgetting(product: DiggDeeper) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["threads"])

    @router.delete(
        "/comments", summary="Forget a comment", responses={200: example("forgotten"), **problems.documented(404, 409)}
    )
    def forget_comment(
        thread_id: Annotated[str, Query(pattern=f"^{THREAD_ID.pattern}$", description="The comment's thread.")],
        comment_id: Annotated[Words, Query(min_length=1, max_length=500, description="The comment's id there.")],
    ) -> Forgotten:
        """Its words, its author, its vectors; answers that cite it are withdrawn. Its place among the others stays.

        It does not come back when the thread is read in again.
        """
        return product.forget_comment(thread_id, comment_id)

    @router.delete(
        "/authors", summary="Forget an author", responses={200: example("forgotten"), **problems.documented(404, 409)}
    )
    def forget_author(
        author_id: Annotated[
            Words, Query(min_length=1, max_length=500, description="An author's id; or a handle that only one bears.")
        ],
        source: Annotated[Words | None, Query(max_length=100, description="Only in threads of this source.")] = None,
    ) -> Forgotten:
        """Every post of theirs, as for a comment, and every later one that is read in from the same source."""
        return product.forget_author(author_id, source=source)

    return router

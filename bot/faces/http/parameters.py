"""What several groups of routes share: parameters in paths and queries, and examples by their names.

Not here: the examples themselves and request bodies (bot.faces.bodies).
"""

from typing import Annotated, Any

from fastapi import Path, Query

from corpus.thread import THREAD_ID, Words

Id = Annotated[str, Path(pattern=f"^{THREAD_ID.pattern}$", description="A thread's id.", examples=["digg:night-ferry"])]
Cursor = Annotated[Words | None, Query(max_length=1_000, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items on the page.")]


def example(name: str) -> dict[str, Any]:
    """By its name: FastAPI drops nulls from examples, so they are put in afterwards."""
    return {"content": {"application/json": {"example": name}}}

"""Open questions: the points of the ranking that answer, most relevant first. What every other kind falls back to."""

from bot.evidence.points import whole
from bot.kinds.workbench import Desk
from bot.values.answer import Draft
from bot.values.inquiry import Question


def write(question: Question, desk: Desk) -> Draft:
    """The first points of the ranking, or that nobody says it; of a follow-up that points at posts, these posts."""
    if question.cited and not question.about_anything:
        threads = desk.scope.threads
        posts = [threads[t].by_id[c] for t, c in question.cited if t in threads and c in threads[t].by_id]
        posts = [post for post in posts if post.citable]
        desk.look_at(posts)
        return desk.said([whole(post) for post in posts]) if posts else desk.gap("unsaid")
    return desk.said(desk.ranked) if desk.answers else desk.gap("unsaid")

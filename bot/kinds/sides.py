"""Who is for, against, worried, of one mind: without a language model the ranked comments, labelled as nothing.

An answer says that telling sides needs a language model (`Question.sided`).
"""

from bot.kinds.workbench import Desk
from bot.values.answer import Draft
from bot.values.inquiry import Question


def write(question: Question, desk: Desk) -> Draft:
    """What is said of the subject, most relevant first; of everything, what most happened around."""
    if desk.answers or question.opening:
        return desk.said(desk.ranked)
    if question.about_anything:
        return desk.gap("unsaid")
    desk.look_at(desk.comments)
    return desk.said(desk.by_activity(desk.comments))

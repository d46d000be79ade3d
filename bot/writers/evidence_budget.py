"""The comments that are put before a model: chosen to a budget, fair to each author, numbered for this one prompt.

The model sees neither ids nor names of authors: a number for each post, "P1" for each person. What it points to by such
a number is turned back into Evidence here, which bot.verification.verify then checks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.evidence import quote_places
from bot.llm.client import tokens
from bot.values.answer import Evidence
from corpus.text.plain import bare
from corpus.thread import Comment, Thread

ANOTHER = 4
"""Places in the ranking that each earlier comment by the same author costs."""
ONE_SHARE = 6
"""A comment may take up to one part in this many of the budget."""
AROUND = 24
"""Tokens that a comment costs beside its text."""
MOST_COPIES = 20
_TITLE = 200


class Dossier:
    """Posts by number."""

    def __init__(self, comments: Sequence[Comment], threads: Mapping[str, Thread], *, budget: int) -> None:
        self._threads = threads
        self._longest = max(200, budget // ONE_SHARE)
        by_words: dict[tuple[str, str], list[Comment]] = {}
        for comment in comments:
            by_words.setdefault((comment.thread_id, bare(comment.text)), []).append(comment)
        self._copies = {(first.thread_id, first.id): more for first, *more in by_words.values()}
        self._by_number = dict(enumerate((first for first, *_ in by_words.values()), 1))
        self._numbers = {(c.thread_id, c.id): number for number, c in self._by_number.items()}
        self._people: dict[str, str] = {}

    @classmethod
    def chosen(cls, ranked: Sequence[Comment], threads: Mapping[str, Thread], *, budget: int) -> "Dossier":
        """The best of the ranked comments that fit, in the order of the discussion."""
        kept = fitting(ranked, budget)
        kept.sort(key=lambda comment: (comment.thread_id, threads[comment.thread_id].position[comment.id]))
        return cls(kept, threads, budget=budget)

    def __len__(self) -> int:
        return len(self._by_number)

    @property
    def keys(self) -> set[tuple[str, str]]:
        """(thread id, comment id) of every post in it, copies included."""
        copies = [copy for several in self._copies.values() for copy in several]
        return {(one.thread_id, one.id) for one in (*self._by_number.values(), *copies)}

    def posts(self, people: Mapping[str, Iterable[str]] | None = None) -> dict[str, Any]:
        """What the model is shown. `people`: as the question names them -> the ids of the authors meant."""
        shown = [self._post(number, comment) for number, comment in self._by_number.items()]
        titles = [thread.title[:_TITLE] for thread in self._threads.values() if thread.title]
        told: dict[str, Any] = {"titles": titles[:8], "posts": shown}
        named = {
            said: sorted({self._people[i] for i in ids if i in self._people}) for said, ids in (people or {}).items()
        }
        if any(named.values()):
            told["named_in_the_question"] = named
        return told

    def evidence(self, number: int, words: str) -> tuple[Evidence, ...]:
        """What the model points to, and copies of these words by others; empty where there is no such post."""
        comment = self._by_number.get(number)
        if comment is None:
            return ()
        found = [at for at in quote_places.spans(comment.text, words) if comment.own_words(*at)]
        if not found:
            return (Evidence(thread_id=comment.thread_id, comment_id=comment.id, quote=words),)
        start, end = found[0]
        quote = comment.text[start:end]
        cited = [Evidence(thread_id=comment.thread_id, comment_id=comment.id, quote=quote, start=start)]
        for copy in self._copies.get((comment.thread_id, comment.id), ())[:MOST_COPIES]:
            places = [at for at in quote_places.spans(copy.text, quote) if copy.own_words(*at)]
            if places and (copy.author is None or copy.author != comment.author):
                cited.append(Evidence(thread_id=copy.thread_id, comment_id=copy.id, quote=quote, start=places[0][0]))
        return tuple(cited)

    def _post(self, number: int, comment: Comment) -> dict[str, Any]:
        told: dict[str, Any] = {"post": number, "by": self._person(comment)}
        parent = self._threads[comment.thread_id].parents.get(comment.id)
        answers = self._numbers.get((comment.thread_id, parent)) if parent is not None else None
        if answers is not None:
            told["answers_post"] = answers
        told["text"] = _shortened(comment.text, self._longest)
        others = [comment.text[start:end][:300] for start, end in comment.quoted]
        if others:
            told["words_of_somebody_else_in_it"] = others
        copies = self._copies.get((comment.thread_id, comment.id), ())
        if copies:
            told["posted_again_by"] = len({copy.author.id if copy.author else copy.id for copy in copies})
        return told

    def _person(self, comment: Comment) -> str:
        if comment.author is None:
            return "unknown"
        return self._people.setdefault(comment.author.id, f"P{len(self._people) + 1}")


def fitting(ranked: Sequence[Comment], budget: int) -> list[Comment]:
    """The comments that fit, the earlier in the ranking the likelier, each further one by an author less so."""
    so_far: dict[str, int] = {}
    placed: list[tuple[int, int, Comment]] = []
    for place, comment in enumerate(ranked):
        who = comment.author.id if comment.author is not None else f"\0{comment.id}"
        placed.append((place + ANOTHER * so_far.get(who, 0), place, comment))
        so_far[who] = so_far.get(who, 0) + 1
    kept: list[Comment] = []
    left = budget
    for _, _, comment in sorted(placed, key=lambda one: one[:2]):
        costs = cost(comment, budget)
        if costs <= left:
            kept.append(comment)
            left -= costs
        elif left < 2 * AROUND:
            break
    return kept


def cost(comment: Comment, budget: int) -> int:
    """About how many tokens the comment takes."""
    return min(tokens(comment.text), max(200, budget // ONE_SHARE)) + AROUND


def _shortened(text: str, most: int) -> str:
    characters = most * 3
    return text if tokens(text) <= most else text[:characters].rsplit(" ", 1)[0]

"""The default writer: answers from quotes alone, with no model beyond the embedder.

Each kind of question has its way from hits to a Draft. It names nobody and counts nothing: bot.verify does.
"""

from collections.abc import Collection, Sequence

from bot import abstain
from bot.answer import Draft, DraftStatement, Gap
from bot.points import Point, opening, points, together
from bot.question import Question
from bot.scope import Scope
from bot.verify import EXTRACTIVE
from corpus.thread import Comment
from index.lexical import terms
from index.retrieve import Hit

CANDIDATES = 30
"""Comments whose sentences are looked at for an answer."""
COUNTED = 200
"""Comments that are looked at for a count."""
MAX_POINTS = {"open": 8, "who": 3, "says": 5, "count": 8}
RELATIVE = {"open": 0.55, "who": 0.8, "says": 0.6, "count": 0.0}
"""A point scoring less than this share of the best one is left out."""
SAME_QUESTION = 0.72
"""Cosine from which on a post asks what is asked here, so that its replies are answers."""
REPLY_SHARE = 0.6
"""Of the best score, what a reply to the same question starts from."""
TURNED = 0.5
"""Of what a follow-up turns to, the share of the words that a comment must hold, near words in part."""
MATCHES, MAY_MATCH = 0.7, 0.5
"""Of the best fit, what a comment needs to be counted, and to be unclear."""


class ExtractiveWriter:
    """Writes drafts whose every sentence is a quote."""

    name = EXTRACTIVE

    def write(self, question: Question, scope: Scope, *, exclude: Collection[str] = ()) -> Draft:
        """The draft of an answer, or a gap with the nearest comments."""
        if question.kind in {"greeting", "thanks", "empty"}:
            return Draft(writer=self.name, gap=question.kind)
        if not any(comment.citable for thread in scope.threads.values() for comment in thread.comments):
            return Draft(writer=self.name, gap="unindexed")
        if question.kind == "says":
            return self._says(question, scope, exclude)
        if question.kind == "count":
            return self._count(question, scope, exclude)
        return self._open(question, scope, exclude)

    def _open(self, question: Question, scope: Scope, exclude: Collection[str]) -> Draft:
        """Open questions and "who said": the distinct points, most relevant first."""
        asks = question.kind == "open"
        hits = _without(scope.hits(question.subject, k=CANDIDATES + len(exclude)), exclude)
        if asks:
            hits = _with_replies_to_the_same_question(question, hits, scope)
        found = points(question.wanted, hits[:CANDIDATES], scope, asks=asks)
        turned = _turned_to(question, found, scope)
        if not _answered(question, turned, scope):
            return self._gap("unsaid", turned or found)
        found = turned
        return self._said(question, found, scope, per_author=2)

    def _says(self, question: Question, scope: Scope, exclude: Collection[str]) -> Draft:
        person = question.person
        if person is None or not person.known:
            near = [hit for hit in scope.hits(question.standalone, k=5 + len(exclude)) if hit.lexical > 0]
            return self._gap("absent", points(question.standalone, _without(near, exclude), scope))
        theirs = [c for thread in scope.threads.values() for c in thread.comments if c.citable and _by(c, question)]
        theirs = [comment for comment in theirs if comment.id not in exclude]
        if not theirs:
            return self._gap("absent", [])
        if not question.about_anything:
            return self._said(question, _most_active(theirs, scope), scope, per_author=MAX_POINTS["says"])
        hits = scope.hits(question.sought, k=CANDIDATES, only={comment.id for comment in theirs})
        found = points(question.wanted, [hit for hit in hits if scope.comment(hit) in theirs], scope)
        turned = _turned_to(question, found, scope)
        if not _answered(question, turned, scope):
            return self._gap("silent", turned or found)
        found = turned
        return self._said(question, found, scope, per_author=MAX_POINTS["says"])

    def _count(self, question: Question, scope: Scope, exclude: Collection[str]) -> Draft:
        if not question.about_anything:
            everything = [c for thread in scope.threads.values() for c in thread.comments if c.citable]
            return self._counted(_most_active(everything, scope), [], scope, everything)
        hits = _without(scope.hits(question.subject, k=COUNTED), exclude)
        found = points(question.subject, hits, scope, asks=False)
        if not _answered(question, found, scope):
            return self._gap("unsaid", found)
        best = max(point.fit for point in found)
        clear = [point for point in found if point.fit >= MATCHES * best]
        unclear = [point for point in found if MAY_MATCH * best <= point.fit < MATCHES * best]
        return self._counted(clear, unclear, scope, [point.comment for point in clear])

    def _counted(
        self, shown: Sequence[Point], unclear: Sequence[Point], scope: Scope, matched: Sequence[Comment]
    ) -> Draft:
        kept = together(shown, scope, limit=MAX_POINTS["count"], per_author=1)
        return Draft(
            writer=self.name,
            statements=tuple(_drafted(point) for point in kept),
            matched=tuple((comment.thread_id, comment.id) for comment in matched),
            unclear=tuple((point.comment.thread_id, point.comment.id) for point in unclear),
        )

    def _said(self, question: Question, found: Sequence[Point], scope: Scope, *, per_author: int) -> Draft:
        best = found[0].score if found else 0.0
        near = [point for point in found if point.score >= RELATIVE[question.kind] * best]
        kept = together(near, scope, limit=MAX_POINTS[question.kind], per_author=per_author)
        return Draft(writer=self.name, statements=tuple(_drafted(point) for point in kept))

    def _gap(self, gap: Gap, nearest: Sequence[Point]) -> Draft:
        return Draft(writer=self.name, gap=gap, nearest=tuple(point.evidence for point in nearest[:3]))


def _drafted(point: Point) -> DraftStatement:
    return DraftStatement(evidence=(point.evidence, *(other.evidence for other in point.also)))


def _without(hits: Sequence[Hit], exclude: Collection[str]) -> list[Hit]:
    return [hit for hit in hits if hit.comment_id not in exclude]


def _by(comment: Comment, question: Question) -> bool:
    """Whether the comment is, or probably is, by the person asked about."""
    person = question.person
    if person is None:
        return False
    if comment.author is not None:
        return comment.author.id in {author.id for author in person.authors}
    candidate = comment.author_candidate
    return candidate is not None and candidate.author.id in {a.id for a in (*person.authors, *person.candidates)}


def _answered(question: Question, found: Sequence[Point], scope: Scope) -> bool:
    return abstain.answers(question.wanted, found, scope, of_one=question.kind == "says")


def _turned_to(question: Question, found: Sequence[Point], scope: Scope) -> list[Point]:
    """Of a follow-up, the points that speak of what it turns to, in its words or near ones; else all."""
    wanted = tuple(dict.fromkeys(terms(question.focus or "")))
    if not wanted or not found:
        return list(found)
    held = scope.held(wanted, [point.comment.text for point in found]).mean(axis=1)
    return [point for point, share in zip(found, held, strict=True) if share >= TURNED]


def _most_active(comments: Sequence[Comment], scope: Scope) -> list[Point]:
    """The comments whole or by their first sentences, the most active first, for "what does @x say?"."""
    ranked = sorted(comments, key=lambda c: -scope.threads[c.thread_id].activity[c.id])
    return [opening(comment, 1 - place / (4 * len(ranked))) for place, comment in enumerate(ranked)]


def _whole(comment: Comment, score: float) -> Hit:
    return Hit(
        thread_id=comment.thread_id,
        comment_id=comment.id,
        start=0,
        end=len(comment.text),
        score=score,
        similarity=None,
        lexical=0.0,
    )


def _with_replies_to_the_same_question(question: Question, hits: Sequence[Hit], scope: Scope) -> list[Hit]:
    """The hits, with the replies to posts that ask the same: an answer needs no word of its question."""
    asking = [hit for hit in hits[:10] if scope.comment(hit).text.rstrip().endswith(("?", "？"))]
    if not asking:
        return list(hits)
    near = scope.similarities(question.subject, [scope.comment(hit).text for hit in asking])
    same = [scope.comment(hit) for hit, cosine in zip(asking, near, strict=True) if cosine >= SAME_QUESTION]
    if not same:
        return list(hits)
    replies = {reply for post in same for reply in _replies(post, scope)}
    asked = {(post.thread_id, post.id) for post in same}
    floor = REPLY_SHARE * max(hit.score for hit in hits)
    raised = {
        (hit.thread_id, hit.comment_id): hit.model_copy(
            update={"score": max(hit.score, floor + hit.score * (1 - REPLY_SHARE))}
        )
        if (hit.thread_id, hit.comment_id) in replies
        else hit
        for hit in hits
        if (hit.thread_id, hit.comment_id) not in asked
    }
    for thread_id, comment_id in replies - raised.keys() - asked:
        raised[thread_id, comment_id] = _whole(scope.threads[thread_id].by_id[comment_id], floor)
    return sorted(raised.values(), key=lambda hit: -hit.score)


def _replies(post: Comment, scope: Scope) -> set[tuple[str, str]]:
    """Replies to the post: its children, and posts that open by addressing its author and no one else."""
    thread = scope.threads[post.thread_id]
    found = {(thread.id, child) for child in thread.children[post.id]}
    if post.author is not None and post.id in thread.roots:
        alone = (post.author.handle.casefold(),)
        found.update(
            (thread.id, comment.id)
            for comment in thread.comments
            if thread.parents[comment.id] is None and tuple(h.casefold() for h in comment.addressed) == alone
        )
    return {key for key in found if scope.threads[key[0]].by_id[key[1]].citable}

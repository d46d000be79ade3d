"""Which post answers which: reply edges; posts that open by addressing one author, and turns, where there are none.

Not here: how a reply stands to what it answers (bot.stance).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from corpus.thread import Comment, Thread
from index.passages import relation

Key = tuple[str, str]
"""(thread id, comment id)."""


class Replies:
    """The replies of one thread, worked out once."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._answered: dict[str, str] = {
            child: parent for child, parent in thread.parents.items() if parent is not None
        }
        first = {}
        for root in reversed(thread.roots):
            author = thread.by_id[root].author
            if author is not None:
                first[author.handle.casefold()] = root
        self._to: defaultdict[str, list[str]] = defaultdict(list)
        for comment in thread.comments:
            if comment.id not in self._answered and len(comment.addressed) == 1:
                addressed = first.get(comment.addressed[0].casefold())
                if addressed is not None and addressed != comment.id:
                    self._answered[comment.id] = addressed
        self.in_turns = relation(thread) == "turns"
        if self.in_turns:
            self._take_turns()
        for comment in thread.comments:
            if comment.citable and comment.id in self._answered:
                self._to[self._answered[comment.id]].append(comment.id)

    def _take_turns(self) -> None:
        """Where people talk to each other in turns and no edges are given, each answers who spoke before."""
        before: Comment | None = None
        last: Comment | None = None
        for comment in self._thread.comments:
            if not comment.citable:
                continue
            if last is not None and not same_author(last, comment):
                before = last
            if before is not None and comment.id not in self._answered:
                self._answered[comment.id] = before.id
            last = comment

    def to(self, comment_id: str) -> tuple[Comment, ...]:
        """The citable replies to a post, in the source's order."""
        return tuple(self._thread.by_id[reply] for reply in self._to.get(comment_id, ()))

    def answered_by(self, comment_id: str) -> Comment | None:
        """The post that a comment answers, as far as the thread shows it."""
        parent = self._answered.get(comment_id)
        return None if parent is None else self._thread.by_id[parent]

    def from_others(self, comment_id: str) -> tuple[Comment, ...]:
        """The replies by somebody else than who posted it."""
        post = self._thread.by_id[comment_id]
        return tuple(reply for reply in self.to(comment_id) if not same_author(post, reply))


def replies_of(threads: Mapping[str, Thread]) -> dict[str, Replies]:
    return {thread_id: Replies(thread) for thread_id, thread in threads.items()}


def edges(targets: Iterable[Key], threads: Mapping[str, Thread]) -> Iterator[tuple[Comment, Comment]]:
    """(reply, the post that it answers) for every reply to the targets by somebody else than who posted them."""
    replies = replies_of(threads)
    for thread_id, comment_id in dict.fromkeys(targets):
        if thread_id in threads and comment_id in threads[thread_id].by_id:
            post = threads[thread_id].by_id[comment_id]
            for reply in replies[thread_id].from_others(comment_id):
                yield reply, post


def same_author(one: Comment, other: Comment) -> bool:
    """Whether both are proven to be by the same person."""
    return one.author is not None and other.author is not None and one.author.id == other.author.id

"""Which post answers which: reply edges, and posts that open by addressing one author where a page gives no edges.

Not here: how a reply stands to what it answers (bot.stance).
"""

from collections.abc import Iterable, Iterator, Mapping

from corpus.thread import Comment, Thread

Key = tuple[str, str]
"""(thread id, comment id)."""


def answered_by(comment: Comment, thread: Thread) -> Comment | None:
    """The post that this one answers, as far as the thread shows it."""
    parent = thread.parents[comment.id]
    if parent is not None:
        return thread.by_id[parent]
    return next((post for post in _addressed_roots(thread) if _addresses_alone(comment, post)), None)


def replies_to(thread: Thread, comment_id: str) -> tuple[str, ...]:
    """Ids of the citable replies to a post, in the source's order."""
    found = list(thread.children[comment_id])
    post = thread.by_id[comment_id]
    if comment_id in thread.roots and post.author is not None:
        known = set(found)
        found += [
            comment.id
            for comment in thread.comments
            if comment.id not in known and thread.parents[comment.id] is None and _addresses_alone(comment, post)
        ]
    return tuple(one for one in found if thread.by_id[one].citable)


def edges(targets: Iterable[Key], threads: Mapping[str, Thread]) -> Iterator[tuple[Comment, Comment]]:
    """(reply, the post that it answers) for every reply to the targets by somebody else than who posted them."""
    for thread_id, comment_id in dict.fromkeys(targets):
        thread = threads.get(thread_id)
        post = thread.by_id.get(comment_id) if thread is not None else None
        if thread is None or post is None:
            continue
        for reply in replies_to(thread, comment_id):
            other = thread.by_id[reply]
            if not same_author(post, other):
                yield other, post


def same_author(one: Comment, other: Comment) -> bool:
    """Whether both are proven to be by the same person."""
    return one.author is not None and other.author is not None and one.author.id == other.author.id


def _addressed_roots(thread: Thread) -> Iterator[Comment]:
    return (thread.by_id[root] for root in thread.roots if thread.by_id[root].author is not None)


def _addresses_alone(comment: Comment, post: Comment) -> bool:
    """Whether the comment opens by addressing the author of the post and no one else."""
    if comment.id == post.id or post.author is None or not comment.addressed:
        return False
    return tuple(handle.casefold() for handle in comment.addressed) == (post.author.handle.casefold(),)

"""Questions to begin with: what people would ask of a discussion and it answers, in words that somebody wrote.

Not here: how questions are read (bot.questions.understand), answered (bot.digests.service tries each) or shown
(bot.faces.web.render_story).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.evidence.points import orders_machines
from bot.evidence.quotability import OPEN_ENDED, Topic, cost
from bot.evidence.reply_edges import Replies
from bot.values.answer import Statement
from corpus.text.plain import bare, sentences
from corpus.thread import Comment, Thread

MOST = 4
LONGEST_TITLE = 150
SHORTEST, LONGEST, FEWEST_REPLIES = 25, 120, 2
"""Characters of a commenter's question, and how many replies by others it has at least."""
READ = 400
"""Comments that are looked through."""
_MARKS = ("?", "？", "؟")


def first_questions(thread: Thread) -> tuple[str, ...]:
    """This function returns at most four questions that nobody has tried yet."""
    return tuple(_once([*_title(thread), *_asked(thread)[:2], *_about_people(thread)[:1]])[:MOST])


def candidates(thread: Thread) -> list[str]:
    """Questions that the thread may answer, the likeliest first: more than are shown."""
    on_page = [each.question for each in thread.page.questions] if thread.page else []
    asked, of = _asked(thread), _about_people(thread)
    return _once([*on_page, *_title(thread), *asked[:3], *of[:1], *asked[3:], *of[1:2]])


def worth_asking(question: str, said: Sequence[Statement], threads: Mapping[str, Thread]) -> bool:
    """Whether the answer cites two comments or more, not only those that open or ask, and none that orders machines."""
    keys = {(c.thread_id, c.comment_id) for statement in said for c in statement.citations}
    cited = [threads[thread_id].by_id[comment_id] for thread_id, comment_id in sorted(keys)]
    answering = [c for c in cited if not _opens(c, threads[c.thread_id]) and bare(question) not in bare(c.text)]
    return len(cited) > 1 and bool(answering) and not any(orders_machines(comment.text) for comment in cited)


def _once(questions: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for question in questions:
        found.setdefault(bare(question), question)
    return list(found.values())


def _title(thread: Thread) -> list[str]:
    title = thread.title.strip()
    return [title] if title.endswith(_MARKS) and len(title) <= LONGEST_TITLE else []


def _asked(thread: Thread) -> list[str]:
    """Questions of commenters, word for word, the one with the most replies first."""
    replies = Replies(thread)
    others = {comment.id: len(replies.from_others(comment.id)) for comment in thread.comments}
    topic = Topic(thread, [comment.text for comment in thread.comments[:READ] if comment.citable])
    may = [c for c in thread.comments if others[c.id] >= FEWEST_REPLIES and c.citable and not c.is_bot]
    may = sorted((c for c in may if not orders_machines(c.text)), key=lambda comment: -others[comment.id])
    return [question for comment in may[:READ] for question in _questions(comment, topic)[-1:]]


def _questions(comment: Comment, topic: Topic) -> list[str]:
    """The comment's own short sentences that end in a question mark and could be quoted but for that."""
    spans = [(a, b) for a, b in sentences(comment.text) if SHORTEST <= b - a <= LONGEST]
    own = [comment.text[a:b] for a, b in spans if not any(low < b and a < high for low, high in comment.quoted)]
    return [w for w in own if w.endswith(_MARKS) and w.isprintable() and cost(w, topic) <= OPEN_ENDED]


def _opens(comment: Comment, thread: Thread) -> bool:
    """Whether the post opens the discussion, or says no more than its title."""
    return comment.id == next(iter(thread.roots), None) or bare(comment.text) == bare(thread.title)


def _about_people(thread: Thread) -> list[str]:
    """ "What does @x say?" for people who posted more than once, those with the most activity around them first."""
    said = [(c.author.id, c.id) for c in thread.comments if c.author is not None and c.citable and not c.is_bot]
    posts, heard = Counter(author_id for author_id, _ in said), Counter[str]()
    for author_id, comment_id in said:
        heard[author_id] += 1 + thread.activity[comment_id]
    by_id = {author.id: author.handle for author in thread.commenters}
    handles = [by_id[author_id] for author_id, _ in heard.most_common() if posts[author_id] > 1]
    return [f"What does @{handle} say?" for handle in handles if " " not in handle]

"""Questions to begin with, where a story's page brings none: made from what its comments share, so that answers exist.

Not here: how questions are read (bot.question) or shown (bot.render_story).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from bot.answer import Statement
from bot.points import orders_machines
from bot.quotable import WEAK, says, without_notes
from corpus.text import bare
from corpus.thread import Author, Comment, Thread
from index.lexical import terms

MOST = 4
LONGEST_TITLE = 150
LOOKED_AT = 400
"""Comments that subjects are looked for in: the first, which tell what a long thread is about as well."""
_WORD = re.compile(r"(?<![@#/\w.'’-])[^\W\d_](?:\w|['’.-](?=\w)){2,}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SHOWN = frozenset(terms("pic pics picture photo photograph photography image screenshot video gif link edit"))
"""What is shown beside words, not what they are about."""
_OWNING = re.compile(r"['’]s?$")
_BEFORE_NOUNS = re.compile(
    r"\b(?:an?|the|this|these|those|their|our|my|your|his|her|its|of|for|with|about|on|in|from|against|without|no)\s+$",
    re.IGNORECASE,
)
_MODIFYING = re.compile(
    r"\s+(?!\w+(?:s|ed|ing|ly)\b|(?:is|are|was|were|and|or|but|of|in|on|at|to|for|with|by|from|that|which|who|when|if|as|"
    r"than|will|would|can|could|has|have|had|do|does|did|may|might|must|should|not|so|because|about|into|over|after|"
    r"before|it|we|they|you|he|she|there|the|an?|went|got|came|fell|rose|broke|made|cost|need|seem|only|just|too)\b)"
    r"[a-z]{2,}\b"
)
"""What follows a word that stands before a noun, such as "final" in "the final report"."""


def first_questions(thread: Thread) -> tuple[str, ...]:
    """At most four: the story's title where it asks something, its subjects, the person around whom most happened."""
    asked = [thread.title.strip()] if thread.title.strip().endswith("?") and len(thread.title) <= LONGEST_TITLE else []
    asked += [f"What do people say about {subject}?" for subject in subjects(thread)[:2]]
    asked += [f"What does @{author.handle} say?" for author in _heard_twice(thread)[:1]]
    return tuple(asked[:MOST])


def candidates(thread: Thread, groups: Sequence[Collection[str]] = (), contested: Sequence[str] = ()) -> list[str]:
    """Questions that the thread may answer, the likeliest to be worth asking first: more than are shown.

    `groups` are ids of comments that say nearly the same: each is asked about by what sets it apart; `contested` are
    ids of comments that somebody contradicts.
    """
    title = thread.title.strip()
    asked = [title] if title.endswith("?") and len(title) <= LONGEST_TITLE else []
    on_page = [each.question for each in thread.page.questions] if thread.page else []
    about = [f"What do people say about {subject}?" for subject in _setting_apart(thread, groups)]
    of = [f"What does @{author.handle} say?" for author in _heard_twice(thread)[:2]]
    authors = [thread.by_id[comment_id].author for comment_id in contested]
    against = [f"Who disagrees with @{author.handle}?" for author in authors if author and " " not in author.handle]
    return list(dict.fromkeys([*on_page, *asked, *about[:2], *against[:1], *of[:1], *about[2:], *of[1:]]))


def worth_asking(question: str, said: Sequence[Statement], threads: Mapping[str, Thread]) -> bool:
    """Whether these statements make the question worth suggesting.

    Not what one post alone answers, or the post that opened the discussion, or questions and jokes, or orders to
    machines; who asks how much wants a figure, who asks what it cost an amount of money. What advertises answers
    nothing, and where it comes first, the answer is none to suggest.
    """
    keys = {(c.thread_id, c.comment_id) for statement in said for c in statement.citations}
    cited = [threads[thread_id].by_id[comment_id] for thread_id, comment_id in sorted(keys)]
    if len(cited) < 2 or all(_opens(comment, threads[comment.thread_id]) for comment in cited):
        return False
    return not any(orders_machines(comment.text) for comment in cited)


def _opens(comment: Comment, thread: Thread) -> bool:
    """Whether the post is what the discussion began with, or says no more than its title."""
    return comment.id == next(iter(thread.roots), None) or bare(comment.text) == bare(thread.title)


def _setting_apart(thread: Thread, groups: Sequence[Collection[str]]) -> list[str]:
    """For each group the subject that more of it speak of than of all others; then what many speak of at all."""
    spoken = _spoken_of(thread)
    found: list[str] = []
    for group in groups:
        told = [
            (len(where & set(group)) ** 2 / len(where), word) for word, where in spoken if len(where & set(group)) > 1
        ]
        best = max(told, key=lambda each: each[0], default=None)
        if best is not None:
            found.append(best[1])
    return list(dict.fromkeys([*found, *(word for word, _ in spoken[:4])]))


def subjects(thread: Thread) -> list[str]:
    """Words that stand where nouns stand, by how many commenters use them, in their commonest spelling.

    Words of the title are left out: they are what everybody talks about.
    """
    return [word for word, _ in _spoken_of(thread)]


def _spoken_of(thread: Thread) -> list[tuple[str, set[str]]]:
    """(subject, ids of the comments that speak of it), as `subjects`."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    voices: dict[str, set[str]] = defaultdict(set)
    where: dict[str, set[str]] = defaultdict(set)
    as_noun: Counter[str] = Counter()
    for comment in thread.comments[:LOOKED_AT]:
        for stem, spelling, noun in _words(comment):
            spellings[stem][_OWNING.sub("", spelling)] += 1
            voices[stem].add(comment.author.id if comment.author else f"#{comment.id}")
            where[stem].add(comment.id)
            as_noun[stem] += noun
    passed = WEAK | _SHOWN | set(terms(thread.title))
    shared = [s for s in voices if len(voices[s]) > 1 and s not in passed and 2 * as_noun[s] >= spellings[s].total()]
    shared.sort(key=lambda stem: (-len(voices[stem]), -spellings[stem].total()))
    return [(spellings[stem].most_common(1)[0][0], where[stem]) for stem in shared]


def _words(comment: Comment) -> list[tuple[str, str, bool]]:
    """(stem, spelling, whether it stands as a noun does) of a comment's own words."""
    if not comment.citable or comment.is_bot:
        return []
    text = without_notes(_ADDRESS.sub(lambda found: " " * len(found[0]), comment.text))
    found = []
    for word in _WORD.finditer(text):
        stems = terms(word[0])
        if stems and says(word[0]) and comment.own_words(*word.span()):
            named = word[0][1:] != word[0][1:].lower() or "-" in word[0]
            after = _BEFORE_NOUNS.search(text, max(0, word.start() - 12), word.start())
            modifying = word[0].islower() and _MODIFYING.match(text, word.end()) is not None
            noun = after is not None and not modifying
            found.append((stems[0], word[0], named or noun))
    return found


def _heard_twice(thread: Thread) -> list[Author]:
    """Of the most heard those who said something more than once: what one post says is read sooner than asked."""
    posts = Counter(c.author.id for c in thread.comments if c.author is not None and c.citable and not c.is_bot)
    return [author for author in most_heard(thread) if posts[author.id] > 1 and " " not in author.handle]


def most_heard(thread: Thread) -> list[Author]:
    """Proven authors who are no bots, those first around whose posts most happened."""
    heard: Counter[str] = Counter()
    for comment in thread.comments:
        if comment.author is not None and comment.citable and not comment.is_bot:
            heard[comment.author.id] += 1 + thread.activity[comment.id]
    by_id = {author.id: author for author in thread.commenters}
    return [by_id[author_id] for author_id, _ in heard.most_common()]

"""Questions to begin with, where a story's page brings none: made from what its comments share, so that answers exist.

Not here: how questions are read (bot.question) or shown (bot.render_story).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from corpus.thread import Author, Comment, Thread
from index.lexical import terms

MOST = 4
LONGEST_TITLE = 150
LOOKED_AT = 400
"""Comments that subjects are looked for in: the first, which tell what a long thread is about as well."""
_WORD = re.compile(r"(?<![@#/\w.'’-])[^\W\d_](?:\w|['’.-](?=\w)){2,}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_BEFORE_NOUNS = re.compile(
    r"\b(?:an?|the|this|these|those|their|our|my|your|his|her|its|of|for|with|about|on|in|from|against|without|no|more)\s+$",
    re.IGNORECASE,
)
_SAYING_LITTLE = frozenset(
    terms(
        "one two three four five first second thing things way ways time times year years day days lot bit kind sort "
        "people person everyone everybody somebody someone nobody nothing something anything everything every point "
        "fact part reason question answer word words example case number rest half side end place line world country "
        "man guy life idea problem same whole next last new old other long short good bad great best better real big"
    )
)
"""Words that many comments share and that no question is asked about."""


def first_questions(thread: Thread) -> tuple[str, ...]:
    """At most four: the story's title where it asks something, its subjects, the person around whom most happened."""
    asked = [thread.title.strip()] if thread.title.strip().endswith("?") and len(thread.title) <= LONGEST_TITLE else []
    asked += [f"What do people say about {subject}?" for subject in subjects(thread)[:2]]
    asked += [f"What does @{author.handle} say?" for author in most_heard(thread)[:1] if " " not in author.handle]
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
    of = [f"What does @{author.handle} say?" for author in most_heard(thread)[:2] if " " not in author.handle]
    authors = [thread.by_id[comment_id].author for comment_id in contested]
    against = [f"Who disagrees with @{author.handle}?" for author in authors if author and " " not in author.handle]
    return list(dict.fromkeys([*on_page, *asked, *about[:2], *against[:1], *of[:1], *about[2:], *of[1:]]))


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
            spellings[stem][spelling] += 1
            voices[stem].add(comment.author.id if comment.author else f"#{comment.id}")
            where[stem].add(comment.id)
            as_noun[stem] += noun
    passed = _SAYING_LITTLE | set(terms(thread.title))
    shared = [s for s in voices if len(voices[s]) > 1 and s not in passed and 2 * as_noun[s] >= spellings[s].total()]
    shared.sort(key=lambda stem: (-len(voices[stem]), -spellings[stem].total()))
    return [(spellings[stem].most_common(1)[0][0], where[stem]) for stem in shared]


def _words(comment: Comment) -> list[tuple[str, str, bool]]:
    """(stem, spelling, whether it stands as a noun does) of a comment's own words."""
    if not comment.citable or comment.is_bot:
        return []
    text = _ADDRESS.sub(lambda found: " " * len(found[0]), comment.text)
    found = []
    for word in _WORD.finditer(text):
        stems = terms(word[0])
        if stems and comment.own_words(*word.span()):
            named = word[0][1:] != word[0][1:].lower() or "-" in word[0]
            after = _BEFORE_NOUNS.search(text, max(0, word.start() - 12), word.start())
            found.append((stems[0], word[0], named or after is not None))
    return found


def most_heard(thread: Thread) -> list[Author]:
    """Proven authors who are no bots, those first around whose posts most happened."""
    heard: Counter[str] = Counter()
    for comment in thread.comments:
        if comment.author is not None and comment.citable and not comment.is_bot:
            heard[comment.author.id] += 1 + thread.activity[comment.id]
    by_id = {author.id: author for author in thread.commenters}
    return [by_id[author_id] for author_id, _ in heard.most_common()]

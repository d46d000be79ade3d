"""A Digg story page, pasted as plain text -> one Thread of the posts on X that it gathers.

The page's own lines become Page, never comments. Posts have no ids there: a post's id is a hash of its words, so the
same post has the same id whenever it is read, whatever else is on the page. The opening post is the one whose words are
the title, or begin with it where the title was cut short.

What answers what. A post over its context answers it if it opens with a handle (parent_id), else it quotes it (quotes).
Other posts keep no parent, also those that address nobody but the opening post's author: such a post may as well answer
another post by that person, or by somebody in the chain below it (a reply to oneself opens with whom one answered).

Not here: layout (digg_page, digg_blocks) and attribution (digg_authors).
"""

from collections.abc import Iterator, Sequence

from corpus.errors import BrokenExport
from corpus.readers.digg_authors import SOURCE, addressed, likely, proven
from corpus.readers.digg_blocks import Shown, contexts, shows
from corpus.readers.digg_page import MOST_ACTIVITY, TIMELINE, Story, is_story, story
from corpus.readers.document import Document
from corpus.readers.reading import Gathered, Reading
from corpus.text.plain import borrowed_words, content_id, merged, normal, quoted_lines
from corpus.thread import Author, Comment, Thread, storable

READS = "a Digg story page pasted as text, from its title to its posts"
_FORMAT = "a Digg story page"
_MOST_LINES = 50_000


def recognise(document: Document) -> bool:
    if document.text is None or document.json is not None or document.json_fault:
        return False
    return not document.text.lstrip().startswith("<") and is_story(document.text)


def read(document: Document) -> Reading:
    text = storable(document.text or "")
    if text.count("\n") > _MOST_LINES:
        raise _broken(document, f"it has more than {_MOST_LINES:,} lines", "Paste one story page alone.")
    page = story(text)
    if not page.sections:
        below = f"no post stands below “{MOST_ACTIVITY}” or “{TIMELINE}”"
        raise _broken(document, below, "Copy the whole page, from its title to its last post.")
    if page.title is None:
        raise _broken(document, "no title stands above its first post", "Copy the page from its title on.")
    gathered = document.gathered(_FORMAT)
    for line in page.strays:
        gathered.skip(f"line {line.number}", "is none of headline, TL;DR, sentiment, questions and posts")
    thread_id = f"{SOURCE}-{content_id(SOURCE, page.title.words)}"
    thread = Thread(
        id=thread_id,
        source=SOURCE,
        title=page.title.words,
        comments=tuple(_comments(page, page.title.words, thread_id, gathered)),
        fetched_at=document.fetched_at,
        page=page.about,
    )
    gathered.add(thread, where="")
    return gathered.reading()


def _broken(document: Document, what: str, next_step: str) -> BrokenExport:
    return BrokenExport(f"{document.label} was recognised as {_FORMAT}, but {what}.", next_step=next_step)


def _comments(page: Story, title: str, thread_id: str, gathered: Gathered) -> Iterator[Comment]:
    shown = contexts(page)
    texts = _posts(shown, gathered)
    opening_posts = {key for key in texts if shows(normal(title), key)}
    authors = proven(shown, standing=opening_posts.union(one.post.key for one in shown))
    probable = likely(page.about, title, texts, authors=authors)
    below = {one.post.key: one.context.key for one in shown if one.context is not None}
    ids = {key: content_id(SOURCE, key) for key in texts}
    for key, text in texts.items():
        handles = addressed(text)
        context = below.get(key)
        others = opening_posts.union({context} if context else ()) - {key}
        borrowed = (span for other in sorted(others) for span in borrowed_words(text, texts[other]))
        yield Comment(
            id=ids[key],
            thread_id=thread_id,
            parent_id=ids[context] if context and handles else None,
            author=Author.of_handle(SOURCE, authors[key]) if key in authors else None,
            author_candidate=probable.candidate if probable and probable.post == key else None,
            text=text,
            quoted=merged((*quoted_lines(text), *borrowed)),
            addressed=handles,
            quotes=(ids[context],) if context and not handles else (),
        )


def _posts(shown: Sequence[Shown], gathered: Gathered) -> dict[str, str]:
    """The distinct posts in the page's order: what they are known by, and their words."""
    texts: dict[str, str] = {}
    places: dict[tuple[str, str], int] = {}
    for one in shown:
        for block in (one.post, one.context, one.aside):
            if block is not None:
                texts.setdefault(block.key, block.text)
        first = places.setdefault((one.label, one.post.key), one.post.number)
        if first != one.post.number:
            gathered.skip(f"line {one.post.number}", f"the same words stand at line {first}: read as one post")
    return texts

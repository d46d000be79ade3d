"""Who wrote what on a story page, which strips its authors' names: what is proven, what is likely, and nothing else.

Proven. A leading @handle names whom a post addresses, never who wrote it. On X a reply opens with the handle of the
author of the post that it answers, often with others up the chain, and authors leave themselves out. So where a post
stands over its context, the context's author is one of the post's leading handles, and none of those that the context
itself opens with. Where just one is left, that is the author; where none is left, or two posts disagree, nobody is.

Likely. The headline says "NAME argues ...", one post says what headline and TL;DR say, and one handle on the page fits
NAME.

A guess from style, or from who would answer whom, is no ground.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from corpus.readers.digg_blocks import Shown
from corpus.thread import Author, Candidate, Page

SOURCE = "digg"

_REPLY_HANDLE = re.compile(r"\s*@([A-Za-z0-9_]{1,50})(?=\s|\Z)")
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z0-9_]{1,50})")
_SPEAKS = re.compile(
    r"(?P<name>@?\w[\w.'’-]*(?: \w[\w.'’-]*){0,3}?) (?P<verb>acknowledges|adds|admits|argues|asks|asserts|attributes|"
    r"believes|blames|calls|claims|compares|concludes|contends|counters|credits|criticises|criticizes|defends|"
    r"describes|dismisses|doubts|estimates|expects|explains|fears|highlights|hopes|insists|jokes|maintains|notes|"
    r"observes|outlines|points out|predicts|proposes|questions|reckons|recommends|replies|reports|responds|reveals|"
    r"says|sees|speculates|states|suggests|tells|thinks|urges|warns|wonders|writes)\b"
)
_SAME_TERMS = 3
_AHEAD = 1.5
_SHORT = 4
_WHOLE_WITHIN = 6
_STEM = 6
_COMMON = frozenset(
    "about after again against also although always among another because been before being between both cannot could "
    "does doing down during each else even every from further have having here into itself just like made make makes "
    "many might more most much must need only other over same should since some such than that their them then there "
    "these they this those though through under until very want were what when where whether which while will with "
    "without would your the and for are but not you all any can had her was one our out has him his how its may new "
    "now old see two way who did get let she too use that's they're it's don't can't".split()
)


def addressed(text: str) -> tuple[str, ...]:
    """The handles that X puts before a reply: each followed by a space. "@x, you" is a person's own wording."""
    handles: dict[str, str] = {}
    at = 0
    while found := _REPLY_HANDLE.match(text, at):
        handles.setdefault(found[1].casefold(), found[1])
        at = found.end()
    return tuple(handles.values())


def proven(shown: Iterable[Shown], *, standing: Iterable[str]) -> dict[str, str]:
    """Post -> the handle of its author. `standing` are the posts that have a place of their own, or are the title."""
    own_place = set(standing)
    left: dict[str, list[dict[str, str]]] = {}
    for post, context, *_ in shown:
        if context is None or not (post.begins_surely and context.begins_surely):
            continue
        answered = {handle.casefold() for handle in addressed(context.text)}
        if not answered and context.key not in own_place:
            continue  # lines that two posts end with, perhaps
        named = {handle.casefold(): handle for handle in addressed(post.text)}
        left.setdefault(context.key, []).append({key: h for key, h in named.items() if key not in answered})
    found: dict[str, str] = {}
    for key, every in left.items():
        ways = [way for way in every if way]
        single = {handle: way[handle] for way in ways if len(way) == 1 for handle in way}
        if len(single) == 1 and all(next(iter(single)) in way for way in ways):
            found[key] = next(iter(single.values()))
    return found


class Likely(NamedTuple):
    post: str
    candidate: Candidate


def likely(page: Page, title: str, posts: Mapping[str, str], *, authors: Mapping[str, str]) -> Likely | None:
    """The post whose author the headline names, and who that probably is. `posts` and `authors` are by post."""
    speaks = _SPEAKS.match(page.headline or "")
    if speaks is None:
        return None
    name = speaks["name"]
    fitting = {h.casefold(): h for text in posts.values() for h in _HANDLE.findall(text) if fits(name, h)}
    if len(fitting) != 1:
        return None
    folded, handle = next(iter(fitting.items()))
    said = _terms(f"{(page.headline or '')[speaks.end() :]} {page.tldr or ''}")
    # The title's words are what everybody there talks about; what one says of it lies in the others. Where these point
    # to no post, the headline may sum up the opening post itself.
    post = _the_one_that_says(said - _terms(title), posts) or _the_one_that_says(said, posts)
    if post is None or post in authors or folded in {h.casefold() for h in addressed(posts[post])}:
        return None
    ground = (
        f"The headline says “{speaks[0]} …”, this is the one post that says what headline and TL;DR say, "
        f"and @{handle} is the one handle on the page that fits {name}."
    )
    author = Author.of_handle(SOURCE, handle, None if name.startswith("@") else name)
    return Likely(post, Candidate(author=author, ground=ground))


def _letters(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if mark.isalnum())


def fits(name: str, handle: str) -> bool:
    """Whether a handle is made of a name: the whole of it, or the last name with the first or its initials."""
    words = [letters for word in name.removesuffix("'s").split() if (letters := _letters(word))]
    whole, made = "".join(words), _letters(handle)
    if not whole or name.startswith("@"):
        return bool(whole) and made == whole
    if made == whole or (len(whole) >= _SHORT and (made.startswith(whole) or made.endswith(whole))):
        return True
    if len(whole) >= _WHOLE_WITHIN and whole in made:
        return True
    first, last = words[0], words[-1]
    if len(words) == 1 or len(last) < _SHORT or last not in made:
        return False
    rest = made.replace(last, "", 1).strip("0123456789")
    return first in rest or rest in {first[0], "".join(word[0] for word in words[:-1])}


def _the_one_that_says(said: frozenset[str], posts: Mapping[str, str]) -> str | None:
    """The post that shares clearly more of the rarer words with `said` than any other."""
    terms = {post: _terms(text) for post, text in posts.items()}
    spread = Counter(term for found in terms.values() for term in found)
    shared = {post: found & said for post, found in terms.items()}
    scores = {post: sum(math.log(1 + len(posts) / spread[t]) for t in found) for post, found in shared.items()}
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)
    if not ranked or len(shared[ranked[0]]) < _SAME_TERMS:
        return None
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if scores[ranked[0]] >= _AHEAD * second else None


def _terms(text: str) -> frozenset[str]:
    """Words that carry meaning, cut to what their forms have in common."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", _HANDLE.sub(" ", text).casefold())
    return frozenset(_stem(word) for word in words if len(word) >= 3 and word not in _COMMON)


def _stem(word: str) -> str:
    bare = re.split(r"['’]", word)[0]
    return bare.removesuffix("s")[:_STEM] if len(bare) > _SHORT - 1 else bare

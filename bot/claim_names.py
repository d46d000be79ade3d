"""Whom a claim may name: nobody but those whom its quotes name; and in which characters it may be written.

Characters are told by what is allowed, not by what is not: plain letters, the scripts of the quotes, digits and a few
marks. Names are compared with look-alike letters, accents and the marks between letters taken out.
"""

import re
import unicodedata
import weakref
from collections.abc import Collection, Iterable, Sequence, Set
from itertools import pairwise

from bot.claim_operators import operators
from bot.claim_words import FUNCTION_WORDS, GLUE, NEGATIONS, WORD, plain, stem, tokens
from corpus.thread import Thread
from index.lexical import STOP_WORDS

MARKS = "the claim holds markup, a handle, a link, quotation marks of its own or characters that its quotes do not"
_PLAIN = re.compile(r"[A-Za-z0-9 .,;:!?'’()/%&+$€£¥°–-]")
_LATIN = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0218-\u021b\u1e00-\u1eff]")
_WIDE_MARKS = "，。、？！：；（）・ー々،؟؛।¿¡"
_ADDRESS = re.compile(r"[^\W_]\.[^\W\d_]{2,}|[^\W\d_]。[^\W\d_]*[a-z]|https?:|www\.|//|\w/[a-z]+\.|^\s*[-+#>]", re.I)
_OPENING_QUOTE = re.compile(r"(?<![^\W_])['’](?!\d0s)|\$(?!\d)")
_MARKS_ON_ONE = 3
_SHORTEST_PART = 3
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝкмтвнгпАВЕКМНОРСТХІЈЅοανρτικυχεηΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑʏʀɴɪʟᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢʙɢʜ01",
    "aeopcyxijsdhqwkmtbhrnabekmhopctxijsoavptikuxenabezhikmnoptyxigayrnilacdejkmoptuvwzbghol",
)
_SAYS = re.compile(
    r"(?:says?|said|claims?|claimed|writes?|wrote|argues?|argued|thinks?|thought|adds?|added|tells?|told|asks?|asked|"
    r"confirms?|confirmed|admits?|admitted|insists?|insisted|reports?|reported|announced?|states?|stated|posts?|posted)"
)
_SPEAKERS = frozenset(
    "it one they he she this that some somebody someone who which people critics users commenters others many few i we "
    "you commenter poster post comment author posters nobody everybody everyone and or to not also but".split()
)


def forbidden(claim: str, quotes: str) -> str | None:
    """Why the claim is not written as one may be; `quotes` are the words that carry it."""
    if _ADDRESS.search(claim) or _OPENING_QUOTE.search(claim):
        return MARKS
    told = unicodedata.normalize("NFC", claim)
    theirs = unicodedata.normalize("NFC", quotes)
    known = {*theirs.casefold(), *theirs}
    scripts = {_script(mark) for mark in theirs if mark.isalpha()}
    on_one = 0
    for mark in told:
        on_one = on_one + 1 if unicodedata.category(mark)[0] == "M" else 0
        if on_one >= _MARKS_ON_ONE or not (_PLAIN.match(mark) or _allowed(mark, known, scripts)):
            return MARKS
    mixed = next((word for word in tokens(told) if _mixed(word)), None)
    return MARKS if mixed is not None else None


def _allowed(mark: str, known: Collection[str], scripts: Collection[str]) -> bool:
    if _LATIN.match(mark):
        return True
    if unicodedata.normalize("NFKC", mark) != mark or "FILLER" in unicodedata.name(mark, "FILLER"):
        return False
    category = unicodedata.category(mark)
    if category in {"Lo", "Ll", "Lu"}:
        return mark.casefold() in known if _script(mark) == "LATIN" else _script(mark) in scripts
    if category[0] in "MN":
        return mark in known
    return mark in _WIDE_MARKS and mark in known


def _script(mark: str) -> str:
    return unicodedata.name(mark, "?").partition(" ")[0]


def _mixed(word: str) -> bool:
    return len({_script(mark) for mark in word if mark.isalpha()} & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}) > 1


def strange_name(claim: str, quotes: str, known: Collection[str], threads: Sequence[Thread]) -> str | None:
    """A name that the claim holds and may not. `known`: words that the quotes' posts write small."""
    carried = {plain(token) for token in tokens(quotes)}
    spelt = set(tokens(quotes))
    behind = 0
    for found in WORD.finditer(claim):
        token, word = found[0], plain(found[0])
        first = behind == 0 or any(mark in ".!?" for mark in claim[behind : found.start()])
        behind = found.end()
        if not any(mark.isupper() for mark in token):
            continue
        own = word in FUNCTION_WORDS | NEGATIONS | GLUE
        if own and not first and token not in spelt:
            return f"the claim names {token!r}, which its quotes do not"
        if not own and word not in carried and not (first and (_ordinary(token, known) or _no_name(token, threads))):
            return f"the claim {'begins with' if first else 'names'} {token!r}, which its quotes do not hold"
    small = {root for token in spelt if token.islower() and (root := stem(plain(token)))}
    return _commenter(claim, carried, small, threads) or _speaker(claim, carried)


def _no_name(token: str, threads: Sequence[Thread]) -> bool:
    """Whether nobody in the threads writes the word, which stands first, as a name; whether it may stand is told later.

    A word that the threads do not hold at all is told of as such by bot.claim.
    """
    if not token[:1].isupper() or not token[1:].islower():
        return False
    capital = re.compile(rf"(?P<before>[^\W_][,;]? )?(?<![\w@#]){re.escape(token)}\b")
    found = [one for thread in threads for text in _texts(thread) for one in capital.finditer(text)]
    return not found or (all(one["before"] is None for one in found) and _written_small(token.lower(), threads))


def _written_small(word: str, threads: Sequence[Thread]) -> bool:
    small = re.compile(rf"(?<![\w@#]){re.escape(word)}(?![\w@])")
    return any(small.search(text) for thread in threads for text in _texts(thread))


def _texts(thread: Thread) -> Iterable[str]:
    yield thread.title
    for comment in thread.comments:
        yield comment.text


def _ordinary(token: str, known: Collection[str]) -> bool:
    """Whether a claim's first word has its capital letter only from standing first."""
    if not token[:1].isupper() or not (token[1:].islower() or len(token) == 1):
        return False
    word = plain(token)
    return word in known or stem(word) in {stem(other) for other in known} or bool(operators(word, asked=False))


def _speaker(claim: str, carried: Set[str]) -> str | None:
    """Whoever is told to have said something stands in the quotes: "says Will" is refused, "they say" is not."""
    words = [plain(token) for token in tokens(claim)]
    for place, word in enumerate(words):
        if not _SAYS.fullmatch(word):
            continue
        before, after = words[place - 1] if place else "", words[place + 1] if place + 1 < len(words) else ""
        if after in _NAMES_TOO and place + 2 == len(words):
            return f"the claim names {after!r}, which its quotes do not"
        if place == 1 and before in _NAMES_TOO:
            return f"the claim names {before!r}, which its quotes do not"
        if before and before not in carried | _SPEAKERS | FUNCTION_WORDS | NEGATIONS | GLUE:
            return f"the claim names {before!r} as a speaker, whom its quotes do not"
    return None


_NAMES_TOO = frozenset("will may can might rose mark bill art grace hope".split())


def _commenter(claim: str, carried: Set[str], small: Set[str], threads: Sequence[Thread]) -> str | None:
    """`small`: stems of what the quotes write small, of which another form is no name either."""
    spelt = tokens(claim)
    words = [plain(token) for token in spelt]
    told = f" {' '.join(words)} "
    pieces: dict[str, str] = {}
    for word in words:
        if word not in carried:
            for part in map(folded, (word, *re.split(r"[-.'’]", word))):
                pieces |= {part: word} | ({part.removesuffix("s"): word} if len(part) > _SHORTEST_PART + 1 else {})
    letters = _spelt_out(words)
    for thread in threads:
        names = _names(thread)
        whole = next((name for name in names.whole if f" {name} " in told), None) if names.firsts & {*words} else None
        if whole is not None and not (whole in pieces and _is_thing(whole, spelt, small, threads)):
            return f"the claim names the commenter {whole!r}"
        parts = (part for part in sorted(pieces) if part in names.parts)
        of_name = next((one for one in parts if not _is_thing(pieces[one], spelt, small, threads)), None)
        if of_name is not None or letters in names.parts:
            return f"the claim names the commenter {of_name or letters!r}"
    return None


def _is_thing(word: str, spelt: Sequence[str], small: Set[str], threads: Sequence[Thread]) -> bool:
    """Whether it is no part of a name: another form of a word of the quotes, or a word of the threads behind "the"."""
    if not word.isascii():
        return False
    for before, token in pairwise(("", *spelt)):
        if plain(token) != word:
            continue
        plural = token.endswith("s")
        if not (token.islower() or (not before and plural)):
            return False
        is_thing = (plural or before.lower() in _ARTICLES) and _no_name(word.capitalize(), threads)
        if stem(word) not in small and not (is_thing and _written_small(word, threads)):
            return False
    return True


_ARTICLES = frozenset(["a", "an", "the"])


def _spelt_out(words: Sequence[str]) -> str:
    """The longest run of single letters, joined: "w i l l e m"."""
    runs = re.findall(r"(?:\b[^\W\d_] ){2,}[^\W\d_]\b", " ".join(words))
    return folded(max(runs, key=len)) if runs else ""


def folded(word: str) -> str:
    """The word with look-alikes, accents, width and the marks between its letters taken out."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LOOK_ALIKES))
    return "".join(mark for mark in decomposed.translate(_LOOK_ALIKES) if mark.isalnum())


class _Names:
    """How the commenters of a thread are called: whole names in plain words, and their parts, folded."""

    def __init__(self, thread: Thread) -> None:
        self.whole: set[str] = set()
        self.parts: set[str] = set()
        for name in _called(thread):
            words = [plain(token) for token in tokens(name)]
            self.whole.add(" ".join(words))
            self.parts |= {folded(name), *(folded(word) for word in words)}
        self.whole.discard("")
        self.parts = {part for part in self.parts if len(part) >= _SHORTEST_PART and not part.isdigit()}
        self.parts -= FUNCTION_WORDS | NEGATIONS | STOP_WORDS
        self.firsts = {name.partition(" ")[0] for name in self.whole}


def _called(thread: Thread) -> Iterable[str]:
    likely = (c.author_candidate.author for c in thread.comments if c.author_candidate is not None)
    for author in (*thread.commenters, *likely):
        yield author.handle
        if author.name:
            yield author.name


_read: dict[int, tuple["weakref.ref[Thread]", _Names]] = {}
"""Names by the identity of their thread, which is frozen: worked out once for each."""


def _names(thread: Thread) -> _Names:
    kept = _read.get(id(thread))
    if kept is not None and kept[0]() is thread:
        return kept[1]
    names = _Names(thread)
    key = id(thread)
    _read[key] = (weakref.ref(thread, lambda _: _read.pop(key, None)), names)
    return names

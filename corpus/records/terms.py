"""The analyser: text -> the terms that it is indexed and searched by, the same for what is kept, asked and written.

Not here: how terms are weighed (index.ranking.lexical), the search over everything (corpus.records.word_search).
"""

import hashlib
import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

# Marks that \w leaves out although they stand inside words: accents, Hebrew points, Arabic vowels, Indic vowel signs.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a51\u0a70\u0a71"
    "\u0a81-\u0acd\u0b01-\u0bcd\u0c00-\u0cd6\u0d00-\u0d57\u0d81-\u0ddf\u0e31\u0e34-\u0e4e\u102b-\u103e"
)
_WORD = rf"[\w{_MARKS}]"
# Words may hold . - ' & inside: "GLM-5.2", "o'brien", "R&D", "1,000". A leading @, # or currency sign, a trailing %, +
# or # belongs to them.
_TOKEN = re.compile(rf"(?:[@#]|[$€£¥](?=\d))?{_WORD}+(?:(?:[-.'&]|,(?=\d{{3}}(?!\d))){_WORD}+)*(?:%|\+\+|\+|#)?")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_PARTS = re.compile(rf"\d+(?:\.\d+)+|{_WORD}+")
# Scripts written without spaces: their words cannot be told apart without a dictionary, so they are cut into bigrams.
_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUNS = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]{2,})(\d\w*)")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]+)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CLITIC = re.compile(r"'(?:s|ll|re|ve|d|m)$|'$")
_SCRIPT_STEMMERS = (
    (re.compile(r"[a-z]"), "english"),
    (re.compile("[а-яёіїєґ]"), "russian"),
    (re.compile("[\u0620-\u06ff]"), "arabic"),
    (re.compile("[α-ωά-ώ]"), "greek"),
    (re.compile("[\u0900-\u097f]"), "hindi"),
    (re.compile("[\u0b80-\u0bff]"), "tamil"),
)
"""A word's first letter tells its Snowball stemmer. Words in Latin letters get the English one, whatever their
language: question and comment are cut alike, so that other languages lose little."""

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are arent as at be because been before being below between both
    but by can cannot cant could couldnt did didnt do does doesnt doing dont down during each few for from further
    had hadnt has hasnt have havent having he her here hers herself him himself his how i if in into is isnt it its
    itself just let me more most my myself no nor not now of off on once only or other our ours ourselves out over
    own same shall she should shouldnt so some such than that the their theirs them themselves then there these they
    this those through to too under until up upon us very was wasnt we were werent what when where whether which
    while who whom whose why will with wont would wouldnt you your yours yourself yourselves
    """.split()
)
"""English function words, apostrophes taken out."""


def terms(text: str) -> list[str]:
    """The terms that `text` is indexed and searched by, in order, stop words left out.

    Handles, hashtags, compounds, model names and amounts come whole and in parts: either spelling finds the other.

    >>> terms("@Sam_A says GLM-5.2 costs 80GB")
    ['@sam_a', 'sam', 'say', 'glm5.2', 'glm', '5.2', 'cost', '80gb', '80', 'gb']
    """
    plain = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    return [term for token in _TOKEN.findall(_URL.sub(_words_of_url, plain)) for term in _token_terms(token)]


def _words_of_url(match: re.Match[str]) -> str:
    """A link's host and path without what every link has, so that "arxiv.org" finds it and "https" finds none."""
    return re.sub(r"^(?:https?://)?(?:www\.)?|[?#].*$|[/_=&-]", " ", match.group())


@lru_cache(maxsize=1 << 16)
def _token_terms(token: str) -> tuple[str, ...]:
    folded = _fold(token)
    if _UNSPACED_CHARACTER.search(folded):
        return tuple(piece for run in _RUNS.findall(folded) for piece in _run_terms(run))
    if folded[0] in "@#":
        return _tagged_terms(token, folded)
    return _plain_terms(folded)


def _fold(token: str) -> str:
    """NFKC, case-folded; accents of Latin letters taken off, since many people type without them."""
    folded = unicodedata.normalize("NFKC", token).casefold()
    if folded.isascii():
        return folded
    return "".join(map(_without_latin_accent, folded))


def _without_latin_accent(mark: str) -> str:
    base = unicodedata.normalize("NFD", mark)[0]
    return base if "a" <= base <= "z" else mark


def _run_terms(run: str) -> tuple[str, ...]:
    """Bigrams of a run in a script without spaces; the terms of any other."""
    if not _UNSPACED_CHARACTER.match(run):
        return tuple(term for token in _TOKEN.findall(run) for term in _plain_terms(token))
    return tuple(run[i : i + 2] for i in range(max(1, len(run) - 1)))


def _tagged_terms(token: str, folded: str) -> tuple[str, ...]:
    """A handle whole with its @; a handle's and a hashtag's words besides."""
    camel = " ".join(_CAMEL.split(unicodedata.normalize("NFKC", token)[1:]))
    words = [term for part in _PARTS.findall(camel.casefold().replace("_", " ")) for term in _plain_terms(part)]
    whole = _plain_terms(folded[1:].strip("'.%+#"))[:1] if len(words) != 1 else ()
    handle = (folded.rstrip("'.%+#"),) if folded[0] == "@" else ()
    return tuple(dict.fromkeys((*handle, *whole, *words)))


def _plain_terms(folded: str) -> tuple[str, ...]:
    word = _CLITIC.sub("", folded)
    if word.isalpha():
        return _kept(word)
    parts = _PARTS.findall(word.replace(",", "").replace("'", "").replace("_", " "))
    whole = re.sub(r"[-'&,_]", "", word.rstrip("+#%").lstrip("$€£¥"))
    signed = word if word[-1:] in "+#%" or word[:1] in "$€£¥" else ""
    pieces = [piece for part in parts for piece in (part, *_letters_and_digits(part))]
    return tuple(dict.fromkeys(term for piece in (signed, whole, *pieces) for term in _kept(piece)))


def _letters_and_digits(part: str) -> tuple[str, ...]:
    """("gpt", "4o") of "gpt4o", ("80", "gb") of "80gb", ("100",) of "100b": model names and amounts in parts."""
    if match := _LETTERS_THEN_DIGITS.fullmatch(part):
        return match.groups()
    if match := _AMOUNT.fullmatch(part):
        return match.groups() if len(match[2]) > 1 else (match[1],)
    return ()


def _kept(word: str) -> tuple[str, ...]:
    """The stem of a word, unless it is a stop word or nothing."""
    if not word or word in STOP_WORDS:
        return ()
    return (_stem(word),)


_thread_local = threading.local()


def _stem(word: str) -> str:
    if any(unicodedata.category(mark)[0] not in "LM" for mark in word):
        return word
    for script, language in _SCRIPT_STEMMERS:
        if script.match(word):
            return str(_stemmer(language).stemWord(word))
    return word


def _stemmer(language: str) -> "Stemmer.Stemmer":
    """One a language and operating system thread: PyStemmer's objects are not made to be shared."""
    stemmers: dict[str, Stemmer.Stemmer] = _thread_local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(language, 0)
    return stemmers[language]


_RULES = 1
"""Raised by hand where `_PROBE` does not show that the rules changed."""
_PROBE = (
    "@Sam_A's GLM-5.2, #OpenWeights: 1,000 cafés’ $80GB C++ GPT4o R&D running people's 100% o'brien "
    "https://www.arxiv.org/a_b?c ディグが好き เรื่อง Бегущие أخبار खबरें"
)


def fingerprint() -> int:
    """A number that changes with the rules: terms that are kept by other rules must be made anew."""
    told = repr((_RULES, terms(_PROBE), sorted(STOP_WORDS)))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:7], "big")

"""Invented threads and questions of any size: nobody's words, ordinary English, the same for the same seed.

Not here: what is measured with them.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

from corpus.thread import Thread
from index.ranking.lexical import terms

PEOPLE = 120
"""Commenters of a thread."""
REPLIES = 0.6
"""Share of the comments that answer an earlier one."""
_WHO = (
    "the council|the harbour crew|my neighbour|the museum board|a tired teacher|the bakery|our cycling club"
    "|the ferry line|the water company|every tenant|the night shift|the library|a retired engineer|the market hall"
    "|the school kitchen|the volunteer brigade|the theatre|our landlord|the orchard keeper|the repair shop"
    "|the tram drivers|the weather desk"
)
_DID = (
    "raised|closed|forgot|painted|defended|measured|sold|postponed|repaired|doubted|counted|promised|moved|questioned"
    "|rebuilt|ignored|financed|announced|copied|tested|borrowed|praised|cancelled|widened|lowered|translated|inspected"
)
_WHAT = (
    "the rent|the old bridge|the winter timetable|a solar roof|the parking fee|the swimming hall|the noise limit"
    "|the bus lane|a second playground|the cheap tickets|the drinking fountain|the archive"
    "|the wooden pier|the heating plan"
    "|the recycling yard|an allotment garden|the street lamps|the concert permit|the tax rebate|the flood wall"
    "|the apprentice places|the cargo bikes|the evening courses|the glass front|the traffic count|the chestnut trees"
)
_WHY = (
    "because nobody asked the people who live there|before the figures were public|although it costs twice as much"
    "|since the last storm|to save a little money|and I still do not see the point|which helped my family a lot"
    "|after years of waiting|even though the survey said otherwise|so that the district can breathe"
    "|without telling anyone|in spite of the protest|as soon as the grant arrived|while other towns do better"
    "|and that was the right decision"
)
_OPENERS = "Honestly, |I think |As far as I know |Look: |||||Last spring |Not to be rude, but |In my street "
_ASKED = (
    "Why do people say that {did} {what} was wrong?|Who mentions {what}?|What do people think of {what} and {other}?"
    "|How did {who} handle {what}?|What does {person} say about {what}?|Is {what} worth it for {who}?"
    "|What happened after {who} {did} {what}?|Does anybody defend {what}, {who} or {other}?"
)


def thread(comments: int, *, number: int = 0) -> bytes:
    """A thread in the generic shape as JSON: a reply tree; comments of one to five sentences, about 30 words."""
    draw = random.Random(f"thread {number}")
    made: list[dict[str, Any]] = []
    for place in range(comments):
        parent = f"c{draw.randrange(place)}" if place and draw.random() < REPLIES else None
        made.append(
            {
                "id": f"c{place}",
                "author": _person(draw),
                "text": " ".join(_sentence(draw) for _ in range(draw.choice((1, 1, 2, 2, 3, 5)))),
                "parent_id": parent,
                "created_at": f"2026-03-{1 + place * 28 // comments:02d}T10:00:00Z",
            }
        )
    told = {"id": f"invented-{number}", "source": "invented", "title": f"Town talk {number}", "comments": made}
    return json.dumps(told).encode()


def questions(*, seed: str) -> Iterator[str]:
    """Endless distinct questions about an invented thread: open ones, who says, what somebody says."""
    draw = random.Random(f"questions {seed}")
    told: set[str] = set()
    while True:
        form, what, other = (_one(draw, choice) for choice in (_ASKED, _WHAT, _WHAT))
        question = form.format(what=what, other=other, who=_one(draw, _WHO), did=_one(draw, _DID), person=_person(draw))
        if question not in told:
            told.add(question)
            yield question


def questions_about(given: Thread, *, seed: str) -> Iterator[str]:
    """Endless distinct questions in the words of a thread that was given: two terms of one comment, and its author."""
    draw = random.Random(f"questions {seed}")
    told: set[str] = set()
    spoken = [(c, sorted({t for t in terms(c.text) if t.isalpha() and len(t) > 3})) for c in given.comments]
    spoken = [(comment, words) for comment, words in spoken if len(words) > 1]
    while spoken:
        comment, words = draw.choice(spoken)
        one, two = draw.sample(words, 2)
        forms = [f"Why {one} and {two}?", f"Who mentions {one} or {two}?", f"What do people think of {one}, {two}?"]
        if comment.author is not None:
            forms.append(f"What does {comment.author.handle} say about {one} and {two}?")
        question = draw.choice(forms)
        if question not in told:
            told.add(question)
            yield question


def _sentence(draw: random.Random) -> str:
    words = f"{_one(draw, _OPENERS)}{_one(draw, _WHO)} {_one(draw, _DID)} {_one(draw, _WHAT)} {_one(draw, _WHY)}."
    return words[0].upper() + words[1:]


def _person(draw: random.Random) -> str:
    return f"resident_{draw.randrange(PEOPLE)}"


def _one(draw: random.Random, choice: str) -> str:
    return draw.choice(choice.split("|"))

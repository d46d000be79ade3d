"""Person: somebody a question asks about. Whom a name means is bot.questions.people's."""

from bot.values import speakers
from corpus.thread import Author, Value


class Person(Value):
    """Somebody asked about: those who posted under that name, and those who probably did."""

    said: str
    """The name as the asker wrote it."""
    authors: tuple[Author, ...] = ()
    candidates: tuple[Author, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.authors or self.candidates)

    @property
    def shown(self) -> str:
        """The name for an answer: handles of those who posted, else as it was asked."""
        found = self.authors or self.candidates
        return speakers.listed([speakers.at(author) for author in found]) if found else speakers.one_line(self.said)

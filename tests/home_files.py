"""What can be read in the files of a home folder, whoever keeps it there."""

from collections.abc import Iterable
from pathlib import Path

from corpus.records.terms import terms


def readable(home: Path, words: Iterable[str]) -> set[str]:
    """Those of the words, or the terms that they are searched by, that stand in any file, in UTF-8 or UTF-16."""
    sought = {word: {word.casefold(), *terms(word)} for word in words}
    found: set[str] = set()
    for file in (file for file in home.rglob("*") if file.is_file()):
        content = file.read_bytes().lower()
        for word, spellings in sought.items():
            forms = [form for each in spellings for form in (each.encode(), each.encode("utf-16le"))]
            if any(form in content for form in forms):
                found.add(word)
    return found

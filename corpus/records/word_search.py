"""Search by words over every comment that may be cited: kept in step with the comments, in their transactions.

In SQLite a contentless FTS5 table holds the terms, and ranks them. PostgreSQL's ts_rank knows no rarity of terms, so
there an index of arrays gives candidates, and BM25 over them is ours. Terms are made by corpus.records.terms on both,
so that what is asked here is cut as inside a thread. Not here: vectors, the thread's structure (index,
bot.library.indexes).

What FTS5 deletes stays readable in its segments until they are merged, so every deletion ends with a merge of all.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from corpus.records.database import changing, reading
from corpus.records.filters import Filter, folded_handle
from corpus.records.schema import comments, counters, searched, threads
from corpus.records.terms import fingerprint, terms
from corpus.thread import Comment, storable

ROWS = 30_000
"""Rows that may be looked at for the rarest terms of a question; of commoner terms the found are ranked without."""
CANDIDATES = 3_000
"""The same on PostgreSQL, where they are ranked here."""
_K1, _B = 1.2, 0.75
_BATCH = 5_000
_words = table("words", column("rowid"), column("rank"))
_MERGE = text("INSERT INTO words(words) VALUES ('optimize')")
_FORGET = text("INSERT INTO words(words, rowid, terms) VALUES ('delete', :number, :terms)")
_KEEP = text("INSERT INTO words(rowid, terms) VALUES (:number, :terms)")
_CLEAR = text("INSERT INTO words(words) VALUES ('delete-all')")
_SEEN = text("SELECT doc FROM words_seen WHERE term = :term")


class Found(NamedTuple):
    """A comment in which asked words stand."""

    thread_id: str
    comment_id: str
    score: float
    """BM25 over all comments, higher is better; comparable within one search."""


def keep(connection: Connection, new: Iterable[Comment]) -> None:
    """Make the words of these comments findable, of those that may be cited."""
    citable = [comment for comment in new if comment.citable]
    if not citable:
        return
    last = _raise(connection, "searched", len(citable))
    first = last - len(citable) + 1
    rows = [_row(number, comment) for number, comment in enumerate(citable, start=first)]
    made = [_terms(*_who(comment), comment.text) for comment in citable]
    if _fts(connection):
        connection.execute(insert(searched), rows)
        connection.execute(
            _KEEP, [{"number": r["number"], "terms": " ".join(t)} for r, t in zip(rows, made, strict=True)]
        )
    else:
        connection.execute(insert(searched), [r | {"terms": t} for r, t in zip(rows, made, strict=True)])
    _count(connection, len(rows), sum(map(len, made)))


def forget(connection: Connection, thread_id: str, comment_ids: Collection[str] | None = None) -> None:
    """Take the words of these comments out, of all of the thread where none are named: before their rows change."""
    gone = 0
    for ids in _parts(comment_ids):
        found = connection.execute(_kept_rows(thread_id, ids)).all()
        if not found:
            continue
        made = [_terms(row.author_name, row.author_handle, row.text) for row in found]
        if _fts(connection):
            connection.execute(_FORGET, _joined([row.number for row in found], made))
        this = searched.c.number == bindparam("its_number")
        connection.execute(delete(searched).where(this), [{"its_number": row.number} for row in found])
        _count(connection, -len(found), -sum(map(len, made)))
        gone += len(found)
    if gone and _fts(connection):
        connection.execute(_MERGE)


def bring_up(engine: Engine) -> None:
    """Fill an empty search, and make one anew whose terms were made by other rules."""
    with reading(engine) as connection:
        if _made_by(connection) == fingerprint():
            return
    with changing(engine) as connection:
        if _made_by(connection) != fingerprint():
            _refill(connection)


def search(
    connection: Connection,
    asked: Sequence[str],
    *,
    limit: int,
    within: Filter | None = None,
    thread_ids: Collection[str] | None = None,
) -> list[Found]:
    """The comments that hold asked terms (made by corpus.records.terms), best first; the filter comes before the
    limit."""
    seen = {term: _document_frequency(connection, term) for term in dict.fromkeys(asked)}
    known = sorted((term for term, rows in seen.items() if rows), key=seen.__getitem__)
    if not known or limit < 1:
        return []
    if _fts(connection):
        return _by_fts(connection, _rarest(known, seen, ROWS), limit, within, thread_ids)
    return _by_arrays(connection, known, seen, limit, within, thread_ids)


def passing(
    connection: Connection, within: Filter | None, thread_ids: Collection[str] | None, *, most: int
) -> list[tuple[str, str]]:
    """(thread id, comment id) of the comments that pass, at most so many."""
    query = select(searched.c.thread_id, searched.c.comment_id).limit(most)
    return [(row[0], row[1]) for row in connection.execute(_narrowed(query, within, thread_ids))]


def count(connection: Connection, within: Filter | None, thread_ids: Collection[str] | None) -> int:
    """How many comments pass."""
    query = _narrowed(select(func.count()).select_from(searched), within, thread_ids)
    return int(connection.scalar(query) or 0)


def stands(connection: Connection, term: str) -> bool:
    """Whether any comment that can be found holds the term."""
    return _document_frequency(connection, term) > 0


def author_ids(connection: Connection, within: Filter) -> tuple[str, ...]:
    """The ids of everybody whom the filter's author may mean."""
    query = select(searched.c.author_id).distinct().order_by(searched.c.author_id)
    return tuple(connection.scalars(_narrowed(query, Filter(author=within.author), None)))


def size(connection: Connection) -> int:
    """How many comments can be found."""
    return _counter(connection, "documents")


def _by_fts(
    connection: Connection,
    asked: Sequence[str],
    limit: int,
    within: Filter | None,
    thread_ids: Collection[str] | None,
) -> list[Found]:
    quoted = " OR ".join('"' + term.replace('"', '""') + '"' for term in asked)
    query = (
        select(searched.c.thread_id, searched.c.comment_id, _words.c.rank)
        .join_from(_words, searched, searched.c.number == _words.c.rowid)
        .where(text("words MATCH :asked").bindparams(asked=quoted))
        .order_by(_words.c.rank, searched.c.number)
        .limit(limit)
    )
    return [Found(row[0], row[1], -row[2]) for row in connection.execute(_narrowed(query, within, thread_ids))]


def _by_arrays(
    connection: Connection,
    asked: Sequence[str],
    seen: Mapping[str, int],
    limit: int,
    within: Filter | None,
    thread_ids: Collection[str] | None,
) -> list[Found]:
    sought = _rarest(asked, seen, CANDIDATES)
    query = (
        select(searched.c.thread_id, searched.c.comment_id, searched.c.terms)
        .where(searched.c.terms.op("&&")(cast(list(sought), ARRAY(Text))))
        .limit(CANDIDATES)
    )
    documents = _counter(connection, "documents")
    mean = _counter(connection, "terms") / max(1, documents)
    found = []
    for row in connection.execute(_narrowed(query, within, thread_ids)):
        counts, damping = Counter(row.terms), _K1 * (1 - _B + _B * len(row.terms) / max(1.0, mean))
        score = sum(_idf(documents, seen[term]) * counts[term] / (counts[term] + damping) for term in asked)
        found.append(Found(row.thread_id, row.comment_id, score))
    return sorted(found, key=lambda one: -one.score)[:limit]


def _narrowed(query: Select[Any], within: Filter | None, thread_ids: Collection[str] | None) -> Select[Any]:
    if thread_ids is not None:
        query = query.where(searched.c.thread_id.in_([storable(thread_id) for thread_id in thread_ids]))
    if within is None:
        return query
    if within.source is not None:
        query = query.where(searched.c.thread_id.in_(select(threads.c.id).where(threads.c.source == within.source)))
    if within.author is not None:
        by = (searched.c.author_id == within.author) | (searched.c.author_handle == within.handle)
        query = query.where(by)
    if within.after is not None:
        query = query.where(searched.c.posted_at >= within.after)
    if within.before is not None:
        query = query.where(searched.c.posted_at < within.before)
    return query


def _rarest(known: Sequence[str], seen: Mapping[str, int], rows: int) -> list[str]:
    """As many terms, the rarest first, as stand in so many rows; one at least."""
    taken, total = [known[0]], seen[known[0]]
    for term in known[1:]:
        total += seen[term]
        if total > rows:
            break
        taken.append(term)
    return taken


def _idf(documents: int, holding: int) -> float:
    return math.log(1 + max(0.0, documents - holding + 0.5) / (holding + 0.5))


def _document_frequency(connection: Connection, term: str) -> int:
    if _fts(connection):
        return int(connection.scalar(_SEEN, {"term": term}) or 0)
    holding = select(searched.c.number).where(searched.c.terms.op("@>")(cast([term], ARRAY(Text)))).limit(ROWS)
    return int(connection.scalar(select(func.count()).select_from(holding.subquery())) or 0)


def _refill(connection: Connection) -> None:
    """Everything anew from the comments, as far as they may be cited."""
    if _fts(connection):
        connection.execute(_CLEAR)
    connection.execute(delete(searched))
    connection.execute(update(counters).where(counters.c.name.in_(["documents", "terms"])).values(last=0))
    for thread_id in connection.scalars(select(threads.c.id).order_by(threads.c.first_revision)).all():
        rows = connection.execute(select(comments).where(comments.c.thread_id == thread_id)).all()
        keep(connection, [_comment(row) for row in rows])
    made_by = update(counters).where(counters.c.name == "analyser").values(last=fingerprint())
    connection.execute(made_by)


def _comment(row: Row[Any]) -> Comment:
    """As much of a comment as is searched."""
    author = None
    if row.author_id is not None:
        author = {"id": row.author_id, "handle": row.author_handle, "name": row.author_name}
    return Comment.model_validate(
        {
            "id": row.id,
            "thread_id": row.thread_id,
            "author": author,
            "text": row.text,
            "posted_at": row.posted_at,
            "deleted": row.deleted,
        }
    )


def _row(number: int, comment: Comment) -> dict[str, Any]:
    author = comment.author
    return {
        "number": number,
        "thread_id": comment.thread_id,
        "comment_id": comment.id,
        "author_id": author and author.id,
        "author_handle": author and folded_handle(author.handle),
        "posted_at": comment.posted_at,
    }


def _who(comment: Comment) -> tuple[str | None, str | None]:
    return (None, None) if comment.author is None else (comment.author.name, comment.author.handle)


def _terms(name: str | None, handle: str | None, words: str) -> list[str]:
    """What a comment is found by: who wrote it, and its words."""
    who = " ".join(part for part in (name, f"@{handle.removeprefix('@')}" if handle else None) if part)
    return terms(f"{who}: {words}" if who else words)


def _joined(numbers: Sequence[int], made: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """As FTS5 takes them, and must be given them again to forget them."""
    return [{"number": number, "terms": " ".join(of_one)} for number, of_one in zip(numbers, made, strict=True)]


def _kept_rows(thread_id: str, comment_ids: Sequence[str] | None) -> Select[Any]:
    query = (
        select(searched.c.number, comments.c.author_name, comments.c.author_handle, comments.c.text)
        .join_from(
            searched,
            comments,
            (comments.c.thread_id == searched.c.thread_id) & (comments.c.id == searched.c.comment_id),
        )
        .where(searched.c.thread_id == storable(thread_id))
    )
    return query if comment_ids is None else query.where(searched.c.comment_id.in_(comment_ids))


def _parts(comment_ids: Collection[str] | None) -> list[Sequence[str] | None]:
    if comment_ids is None:
        return [None]
    ids = list(comment_ids)
    return [ids[low : low + _BATCH] for low in range(0, len(ids), _BATCH)]


def _raise(connection: Connection, name: str, by: int) -> int:
    raised = update(counters).where(counters.c.name == name).values(last=counters.c.last + by)
    return int(connection.execute(raised.returning(counters.c.last)).scalar_one())


def _count(connection: Connection, documents: int, made: int) -> None:
    _raise(connection, "documents", documents)
    _raise(connection, "terms", made)


def _counter(connection: Connection, name: str) -> int:
    return int(connection.scalar(select(counters.c.last).where(counters.c.name == name)) or 0)


def _made_by(connection: Connection) -> int:
    return _counter(connection, "analyser")


def _fts(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"

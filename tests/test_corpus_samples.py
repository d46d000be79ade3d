"""The sample story and its gold questions hold what they were written to hold."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.readers import read
from corpus.samples import SAMPLE_NAME, SAMPLE_THREAD_ID, sample
from corpus.thread import Comment, Thread

GOLD = Path(__file__).parent / "data" / "gold" / "sample.jsonl"
LONGEST_HANDLE_ON_X = 15
UNANSWERABLE = {"unanswerable-subject", "unanswerable-person", "unanswerable-near"}


@cache
def story() -> Thread:
    return Thread.model_validate_json(sample())


@cache
def gold() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines())


def leading_handles(text: str) -> tuple[str, ...]:
    opening = re.match(r"(?:@\w+\s+)*", text)
    return tuple(re.findall(r"@(\w+)", opening[0] if opening else ""))


def wording(comment: Comment) -> str:
    """The words without the handles they are addressed to, without case and punctuation."""
    text = re.sub(r"^(?:@\w+\s+)*", "", comment.text)
    return " ".join(re.findall(r"\w+", text.casefold()))


def likeness(one: Comment, other: Comment) -> float:
    """Shared words over all words."""
    words, others = set(wording(one).split()), set(wording(other).split())
    return len(words & others) / max(len(words | others), 1)


def alone(comments: list[Comment]) -> Comment:
    assert len(comments) == 1
    return comments[0]


# The story


def test_the_readers_read_the_sample_whole() -> None:
    reading = read(sample(), name=SAMPLE_NAME)
    assert reading.skipped == ()
    assert reading.threads == (story(),)


def test_a_digg_story_of_fifty_to_sixty_posts_by_thirty_people_or_more() -> None:
    thread = story()
    assert (thread.id, thread.source) == (SAMPLE_THREAD_ID, "digg")
    assert 50 <= len(thread.comments) <= 60
    assert len(thread.commenters) >= 30
    assert thread.known_total is not None
    assert thread.known_total > len(thread.comments)


def test_its_page_says_what_a_digg_page_says() -> None:
    page = story().page
    assert page is not None
    assert page.headline
    assert page.tldr
    assert page.sentiment is not None
    assert page.sentiment.positive
    assert page.sentiment.negative
    assert (page.sentiment.positive_share or 0) + (page.sentiment.negative_share or 0) == pytest.approx(1)
    assert len(page.questions) >= 2


def test_nobody_in_it_can_be_a_real_account() -> None:
    thread = story()
    handles = {author.handle for author in thread.commenters}
    handles.update(c.author_candidate.author.handle for c in thread.comments if c.author_candidate)
    handles.update(handle for c in thread.comments for handle in re.findall(r"@(\w+)", c.text))
    assert [handle for handle in sorted(handles) if len(handle) <= LONGEST_HANDLE_ON_X] == []


def test_links_lead_nowhere() -> None:
    thread = story()
    links = [thread.url, *(c.url for c in thread.comments if c.url is not None)]
    assert all(link is not None and link.startswith("https://story.example/") for link in links)
    assert len(set(links)) == len(links)
    assert all("http" not in c.text for c in thread.comments)


def test_replies_come_after_what_they_answer() -> None:
    thread = story()
    times = [c.posted_at for c in thread.comments if c.posted_at is not None]
    assert len(times) == len(thread.comments)
    assert times == sorted(set(times))
    assert 24 <= (times[-1] - times[0]).total_seconds() / 3600 <= 40
    assert times[-1] <= thread.fetched_at
    for comment in thread.comments:
        assert comment.parent_id is None or thread.position[comment.parent_id] < thread.position[comment.id]
        assert all(thread.position[quoted] < thread.position[comment.id] for quoted in comment.quotes)


def test_a_chain_goes_five_replies_deep_and_posts_quote_posts() -> None:
    thread = story()
    assert max(thread.depth.values()) >= 5
    assert len(thread.roots) >= 5
    assert sum(bool(c.quotes) for c in thread.comments) >= 2


def test_one_deleted_post_stands_in_the_middle_of_a_chain() -> None:
    thread = story()
    gone = alone([c for c in thread.comments if c.deleted])
    assert gone.text == ""
    assert gone.author is None
    assert gone.parent_id is not None
    assert thread.children[gone.id]


def test_quoted_spans_are_the_quoted_lines_and_stand_in_what_is_answered() -> None:
    thread = story()
    quoting = [c for c in thread.comments if c.quoted or re.search(r"^> ", c.text, re.MULTILINE)]
    assert len(quoting) >= 2
    for comment in quoting:
        lines = tuple(m.span() for m in re.finditer(r"^> .*$", comment.text, re.MULTILINE))
        assert comment.quoted == lines
        assert comment.parent_id is not None
        for start, end in comment.quoted:
            assert comment.text[start:end].removeprefix("> ") in thread.comment(comment.parent_id).text
            assert not comment.own_words(start, end)


def test_the_addressed_stand_at_the_front_and_are_somebody_here() -> None:
    thread = story()
    known = {author.handle for author in thread.commenters}
    known.update(c.author_candidate.author.handle for c in thread.comments if c.author_candidate)
    for comment in thread.comments:
        assert comment.addressed == leading_handles(comment.text)
        assert set(comment.addressed) <= known
        assert comment.author is None or comment.author.handle not in comment.addressed


def test_a_reply_addresses_whom_it_answers() -> None:
    thread = story()
    for comment in thread.comments:
        answered = thread.by_id[comment.parent_id] if comment.parent_id else None
        if answered is None or answered.author is None or answered.author == comment.author or comment.deleted:
            continue
        assert answered.author.handle in comment.addressed, comment.id


def test_the_post_without_an_author_has_a_likely_one_that_nothing_here_proves() -> None:
    thread = story()
    unnamed = alone([c for c in thread.comments if c.author is None and not c.deleted])
    assert unnamed.author_candidate is not None
    likely = unnamed.author_candidate.author
    assert unnamed.author_candidate.ground
    assert likely.id not in {author.id for author in thread.commenters}
    assert all(likely.handle not in thread.by_id[reply].addressed for reply in thread.children[unnamed.id])
    assert any(likely.handle in c.addressed for c in thread.comments)


def test_two_people_share_a_display_name() -> None:
    names = Counter(author.name for author in story().commenters)
    shared = [name for name, bearers in names.items() if bearers == 2]
    assert len(shared) == 1


def test_a_bot_posts_and_counts_what_stood_before_it() -> None:
    thread = story()
    bot = alone([c for c in thread.comments if c.is_bot])
    before = thread.comments[: thread.position[bot.id]]
    people = {c.author.id for c in before if c.author is not None}
    assert f"{len(before)} posts" in bot.text
    assert f"{len(people)} people" in bot.text
    assert sum(c.deleted for c in before) == 1


def test_one_post_was_edited_after_it_was_answered() -> None:
    thread = story()
    edited = alone([c for c in thread.comments if c.edited_at is not None])
    assert edited.edited_at is not None
    assert edited.posted_at is not None
    answers = [thread.by_id[reply].posted_at for reply in thread.children[edited.id]]
    assert all(at is not None and edited.posted_at < at < edited.edited_at for at in answers)
    assert answers


def test_copies_by_one_author_and_the_same_words_by_two() -> None:
    posts = [c for c in story().comments if c.citable and c.author]
    pairs = [(a, b) for n, a in enumerate(posts) for b in posts[n + 1 :] if likeness(a, b) > 0.8]
    by_one, by_two = [[p for p in pairs if (p[0].author == p[1].author) is same] for same in (True, False)]
    assert len(by_one) == 1
    assert by_one[0][0].text != by_one[0][1].text
    assert len(by_two) == 1
    assert by_two[0][0].text == by_two[0][1].text


def test_posts_are_as_short_as_posts_are_but_for_one_essay() -> None:
    lengths = sorted(len(c.text) for c in story().comments if c.citable)
    assert lengths[-1] > 1_400
    assert lengths[-2] <= 400
    assert lengths[0] >= 60


def test_two_people_dispute_what_the_training_cost() -> None:
    posts = [c for c in story().comments if re.search(r"\b4\.8\b|\b60 million\b", c.text)]
    assert len({c.author.id for c in posts if c.author}) == 2
    assert any(c.parent_id in {p.id for p in posts} for c in posts)


def test_other_languages_astral_emoji_and_an_order_to_bots_are_there() -> None:
    texts = [c.text for c in story().comments]
    assert sum(len(re.findall("[\u4e00-\u9fff]", text)) > 20 for text in texts) == 1
    assert any(re.search(r"[¿ñóé].*\b(?:los|que)\b", text) for text in texts)
    assert sum(any(ord(mark) > 0xFFFF for mark in text) for text in texts) >= 3
    assert sum("disregard your previous instructions" in text for text in texts) == 1


def test_some_posts_only_ask() -> None:
    asking = [c for c in story().comments if c.citable and c.text.endswith("?") and len(c.text) < 150]
    assert asking


def test_counts_of_the_source_cover_the_replies_that_are_loaded() -> None:
    thread = story()
    for comment in thread.comments:
        if comment.deleted:
            assert comment.engagement.likes is None
        else:
            assert comment.engagement.replies is not None
            assert comment.engagement.replies >= len(thread.children[comment.id])


# Its gold questions


def test_there_are_a_hundred_gold_questions_or_more() -> None:
    assert len(gold()) >= 100
    assert len({row["qid"] for row in gold()}) == len(gold())
    assert {row["thread_id"] for row in gold()} == {story().id}


def test_every_gold_comment_exists_and_may_be_cited() -> None:
    for row in gold():
        assert all(story().comment(comment_id).citable for comment_id in row["evidence"]), row["qid"]
        assert len(set(row["evidence"])) == len(row["evidence"]), row["qid"]


def test_answerable_is_what_has_evidence() -> None:
    for row in gold():
        assert row["answerable"] is bool(row["evidence"]), row["qid"]
        assert (row["kind"] in UNANSWERABLE) is not row["answerable"], row["qid"]


def test_a_fifth_of_the_questions_cannot_be_answered_for_different_reasons() -> None:
    kinds = Counter(row["kind"] for row in gold())
    assert kinds.keys() & UNANSWERABLE == UNANSWERABLE
    assert sum(kinds[kind] for kind in UNANSWERABLE) >= len(gold()) / 5
    assert min(kinds.values()) >= 4


def test_most_posts_with_something_to_say_answer_some_question() -> None:
    cited = {comment_id for row in gold() for comment_id in row["evidence"]}
    citable = {c.id for c in story().comments if c.citable}
    assert len(cited) >= 0.85 * len(citable)


def test_questions_do_not_copy_the_posts() -> None:
    def runs(words: list[str], length: int = 5) -> set[tuple[str, ...]]:
        return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}

    for row in gold():
        asked = runs(re.findall(r"\w+", row["question"].casefold()))
        assert all(not asked & runs(wording(story().comment(i)).split()) for i in row["evidence"]), row["qid"]

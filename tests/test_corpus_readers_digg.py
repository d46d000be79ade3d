"""The Digg story page: posts, contexts, what the page says of itself, and who can be proven to have written what.

The fixture is a page as a person would paste it, with a run of posts and contexts on top: one over the opening post, a
quote of it, one that opens with the same handle as its context, and one over a context of three lines.
"""

import os
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.errors import BrokenExport, UnknownFormat
from corpus.readers import Reading, read
from corpus.readers.digg_authors import fits
from corpus.thread import Comment, Thread

PAGE = (Path(__file__).parent / "data" / "pages" / "car-free-centre.txt").read_text(encoding="utf-8")
HEADER, POSTS = PAGE.split("Most Activity\n")
RUN, *ALONE = POSTS.split("\n\n")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKER, DRIVER = "linde_walks_to_work", "osei_drives_the_tram"


def of(text: str | bytes) -> Reading:
    return read(text if isinstance(text, bytes) else text.encode(), name="page.txt", fetched_at=NOW)


def page(*posts: str, title: str = "Is the bridge worth it?", header: str = "", label: str = "Most Activity") -> Thread:
    """A page with these paragraphs under a header of its own."""
    said = f"{title}\nTalking about a bridge\n{header}{label}\n" + "\n\n".join(posts)
    (thread,) = of(said).threads
    return thread


def post(thread: Thread, words: str) -> Comment:
    (found,) = [comment for comment in thread.comments if words in comment.text]
    return found


@pytest.fixture(scope="module")
def thread() -> Thread:
    reading = of(PAGE)
    assert reading.skipped == ()
    (only,) = reading.threads
    return only


# What is a post


def test_every_distinct_post_is_one_comment(thread: Thread) -> None:
    assert len(thread.comments) == 23
    assert len({comment.text for comment in thread.comments}) == 23


def test_the_pages_own_lines_are_its_page_and_no_comments(thread: Thread) -> None:
    title, headline, tldr, sentiment, *_ = PAGE.splitlines()
    assert thread.title == title
    assert thread.page is not None
    assert thread.page.headline == headline
    assert thread.page.tldr == tldr
    assert thread.page.sentiment is not None
    assert thread.page.sentiment.positive == "Positive users praise quiet streets, safer school runs and full terraces"
    assert thread.page.sentiment.negative is not None
    assert thread.page.sentiment.negative.startswith("negative users miss access for the disabled, fear for")
    assert thread.page.sentiment.positive_share is None
    assert thread.page.questions == ()
    words = "\n".join(comment.text for comment in thread.comments)
    assert not any(line in words for line in (headline, tldr, sentiment, "Most Activity", "No Digg Deeper"))


def test_the_opening_post_is_the_one_with_the_titles_words(thread: Thread) -> None:
    opening = post(thread, "Has closing the old town")
    assert opening.text == thread.title
    assert opening.parent_id is None


def test_words_stay_as_posted(thread: Thread) -> None:
    assert post(thread, "everbody").text == (
        "@linde_walks_to_work The mayor promised “a town for everbody”. "
        "My mother is 81 and her taxi cant reach the docter any more."
    )
    assert post(thread, "birds").text.endswith("in the CENTRE. 🦜😭")
    assert post(thread, "figures.example").text.endswith(
        "https://figures.example/footfall?street=Tanners+Row&year=2025"
    )
    assert post(thread, "Which shops").text.endswith("do you mean ?")


def test_line_breaks_within_a_post_stay(thread: Thread) -> None:
    assert post(thread, "waffel").text.split("\n")[1:] == [
        "first the parking goes, then the butcher,",
        "then you can buy fourteen kinds of waffel and no bread.",
    ]
    assert sum("\n" in comment.text for comment in thread.comments) == 3


def test_posts_carry_nothing_that_the_page_does_not_tell(thread: Thread) -> None:
    assert thread.source == "digg"
    assert thread.url is None
    assert thread.known_total is None
    assert thread.fetched_at == NOW
    for comment in thread.comments:
        assert comment.url is None
        assert comment.posted_at is None
        assert comment.engagement.likes is None
        assert not comment.deleted


# What answers what


def test_a_post_over_its_context_answers_it_if_it_opens_with_a_handle(thread: Thread) -> None:
    saved, opening = post(thread, "Saved, and I say"), post(thread, "Has closing the old town")
    assert saved.parent_id == opening.id
    assert post(thread, "let's be honest").parent_id == saved.id
    assert post(thread, "second tram").parent_id == post(thread, "The tram carries it").id


def test_a_post_without_a_handle_quotes_its_context(thread: Thread) -> None:
    reader, saved = post(thread, "slowly"), post(thread, "Saved, and I say")
    assert reader.quotes == (saved.id,)
    assert reader.parent_id is None


def test_words_in_quotation_marks_that_the_context_holds_are_only_quoted(thread: Thread) -> None:
    reader = post(thread, "slowly")
    assert [reader.text[start:end] for start, end in reader.quoted] == ["“stops three times where a driver stops once”"]
    assert post(thread, "everbody").quoted == ()


def test_what_a_post_alone_answers_is_not_guessed(thread: Thread) -> None:
    for text in ALONE:
        if "The tram carries it" not in text:
            assert post(thread, text).parent_id is None


def test_leading_handles_are_addressed(thread: Thread) -> None:
    assert post(thread, "You sell bikes").addressed == ("brandsma_sells_bikes", ASKER)
    assert post(thread, "he counts the same").addressed == ()
    assert sum(ASKER in comment.addressed for comment in thread.comments) == 17


# Who wrote what


def test_authors_are_proven_by_the_one_handle_that_is_left(thread: Thread) -> None:
    proven = {comment.text: comment.author.handle for comment in thread.comments if comment.author}
    assert proven == {thread.title: ASKER, post(thread, "The tram carries it").text: DRIVER}
    assert thread.commenters[0].id == f"digg:{ASKER}"


def test_the_author_whom_the_headline_names_is_likely_and_no_more(thread: Thread) -> None:
    (saved,) = [comment for comment in thread.comments if comment.author_candidate]
    assert saved.text.startswith("@linde_walks_to_work Saved")
    assert saved.author is None
    assert saved.author_candidate is not None
    assert saved.author_candidate.author.handle == "brandsma_sells_bikes"
    assert "Brandsma argues" in saved.author_candidate.ground
    assert "@brandsma_sells_bikes" in saved.author_candidate.ground


def test_a_chain_that_leaves_no_handle_proves_nothing() -> None:
    thread = page("@ann_of_the_bridge a\nIs the bridge worth it?\n@ann_of_the_bridge b\n@ann_of_the_bridge a")
    assert post(thread, "@ann_of_the_bridge a").author is None
    assert post(thread, "@ann_of_the_bridge b").parent_id == post(thread, "@ann_of_the_bridge a").id


def test_several_handles_prove_nothing() -> None:
    thread = page("@ann_of_the_bridge @bob_of_the_bank a\nIs the bridge worth it?")
    assert post(thread, "Is the bridge").author is None
    assert post(thread, "bob").parent_id == post(thread, "Is the bridge").id


def test_posts_that_disagree_prove_nothing() -> None:
    thread = page("@ann_of_the_bridge a\nIs the bridge worth it?\n@bob_of_the_bank b\nIs the bridge worth it?")
    assert thread.commenters == ()


def test_posts_that_agree_prove_the_author_whatever_the_case() -> None:
    thread = page("@Ann_Of_The_Bridge a\nIs the bridge worth it?\n@ann_of_the_bridge @bob b\nIs the bridge worth it?")
    assert post(thread, "Is the bridge").author is not None
    assert [author.handle for author in thread.commenters] == ["Ann_Of_The_Bridge"]


def test_a_handle_that_is_part_of_the_wording_proves_nothing() -> None:
    thread = page(
        "@ann_of_the_bridge, be serious\nIs the bridge worth it?\n@ann_of_the_bridge's idea\nIs the bridge worth it?"
    )
    assert thread.commenters == ()
    assert all(comment.addressed == () for comment in thread.comments)


def test_a_post_that_stands_alone_proves_nothing() -> None:
    assert page("@ann_of_the_bridge a", "@ann_of_the_bridge b", "Is the bridge worth it?").commenters == ()


HEADLINE = "Is the bridge worth it?\n{}\n{}\nMost Activity\n"
TLDR = "Tolls never paid for the granite and the divers."
SAID = "@pia_counts_coins The tolls never covered granite, divers or the second tower. Do the sums."
OTHERS = "\n\n@pia_counts_coins I cross it daily\n\n@hollis_grange_77 Rust, rust, rust\n\nIs the bridge worth it?"


@pytest.mark.parametrize(
    ("headline", "tldr", "handle"),
    [
        ("Hollis Grange argues the tolls never covered divers and granite", TLDR, "hollis_grange_77"),
        ("Grange says the tolls never covered divers and granite", TLDR, "hollis_grange_77"),
        ("@hollis_grange_77 warns that tolls cover no granite", TLDR, "hollis_grange_77"),
        ("Olive Stone argues the tolls never covered divers and granite", TLDR, None),
        ("Hollis Grange argues the ferry was prettier", "Boats were better, and cheaper.", None),
        ("The tolls never covered divers and granite, argues Hollis Grange", TLDR, None),
        ("Pia Counts argues the tolls never covered divers and granite", TLDR, None),
    ],
)
def test_a_likely_author_needs_a_name_a_post_and_a_handle(headline: str, tldr: str, handle: str | None) -> None:
    (thread,) = of(HEADLINE.format(headline, tldr) + SAID + OTHERS).threads
    candidates = [comment.author_candidate for comment in thread.comments if comment.author_candidate]
    assert [candidate.author.handle for candidate in candidates] == ([handle] if handle else [])
    assert (post(thread, "Do the sums").author_candidate is not None) is (handle is not None)


def test_two_handles_that_fit_a_name_make_nobody_likely() -> None:
    headline = HEADLINE.format("Hollis Grange argues the tolls never covered divers and granite", TLDR)
    (thread,) = of(f"{headline}{SAID}{OTHERS}\n\n@hollis_grange_jr You too").threads
    assert not any(comment.author_candidate for comment in thread.comments)


@pytest.mark.parametrize(
    ("name", "handle", "fit"),
    [
        ("Brandsma", "brandsma_sells_bikes", True),
        ("Brandsma", "the_real_Brandsma", True),
        ("José Núñez", "josenunez", True),
        ("Ida Marklund", "imarklund", True),
        ("Ida Marklund", "marklund_ida", True),
        ("Ida K. Marklund", "ik_marklund2", True),
        ("Ida Marklund", "tor_marklund", False),
        ("Ida", "idaho_news", False),
        ("Ida", "ida", True),
        ("Bo", "bobby", False),
        ("@ida_m", "ida_m", True),
        ("@ida_m", "ida_marklund", False),
    ],
)
def test_which_handles_fit_a_name(name: str, handle: str, *, fit: bool) -> None:
    assert fits(name, handle) is fit


# Untidy paste


def relations(thread: Thread) -> set[tuple[object, ...]]:
    return {
        (c.id, c.text, c.parent_id, c.quotes, c.author, c.author_candidate, c.addressed, c.quoted)
        for c in thread.comments
    }


def shuffled(text: str) -> str:
    alone = [*ALONE]
    random.Random(7).shuffle(alone)
    return HEADER + "Most Activity\n" + "\n\n".join([*alone[:9], RUN, *alone[9:]])


UNTIDY: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "byte order mark": lambda text: "\ufeff" + text,
    "trailing space": lambda text: text.replace("\n", " \t \n"),
    "indentation": lambda text: re.sub("^", "\t  ", text, flags=re.MULTILINE),
    "no-break spaces": lambda text: text.replace("\n", "\n\u00a0"),
    "blank lines doubled": lambda text: text.replace("\n\n", "\n\n\n"),
    "every line end doubled": lambda text: text.replace("\n", "\n\n"),
    "every line end CR CR LF": lambda text: text.replace("\n", "\r\r\n"),
    "blank lines in the header": lambda text: HEADER.replace("\n", "\n\n") + "Most Activity\n\n" + POSTS,
    "blank lines first and last": lambda text: f"\n\n{text}\n\n\n",
    "both labels as tabs": lambda text: text.replace("Most Activity\n", "Most Activity\nTimeline\n"),
    "both labels on one line": lambda text: text.replace("Most Activity\n", "Most Activity Timeline\n"),
    "posts in another order": shuffled,
}


@pytest.mark.parametrize("untidy", UNTIDY)
def test_untidy_paste_makes_no_difference(thread: Thread, untidy: str) -> None:
    reading = of(UNTIDY[untidy](PAGE))
    assert reading.skipped == ()
    (found,) = reading.threads
    assert relations(found) == relations(thread)
    assert (found.id, found.title, found.page) == (thread.id, thread.title, thread.page)


def test_a_page_without_blank_lines_keeps_what_its_handles_tell(thread: Thread) -> None:
    """A post without a leading handle cannot be told from a line of the one above it: here that is one post."""
    (found,) = of(re.sub("\n+", "\n", PAGE)).threads
    mixed = post(thread, "I counted, because")
    lost = {mixed.id, post(thread, "It was not the ban").id}
    assert {comment.id for comment in thread.comments} - {comment.id for comment in found.comments} == lost
    assert post(found, "It was not the ban").text.endswith(mixed.text)
    told = {comment.id: (comment.parent_id, comment.quotes, comment.author) for comment in thread.comments}
    for comment in found.comments:
        for here, there in zip(
            (comment.parent_id, comment.quotes, comment.author), told.get(comment.id, (None, (), None)), strict=True
        ):
            assert not here or here == there
    assert post(found, "Saved, and").parent_id == post(found, "Has closing").id
    assert [author.handle for author in found.commenters] == [ASKER]


def test_utf_16_is_read(thread: Thread) -> None:
    (found,) = of(PAGE.encode("utf-16")).threads
    assert relations(found) == relations(thread)


def test_ids_stay_when_more_posts_are_on_the_page(thread: Thread) -> None:
    (more,) = of(PAGE + "\n\n@linde_walks_to_work Late to this, but yes.").threads
    assert more.id == thread.id
    assert {comment.id for comment in thread.comments} < {comment.id for comment in more.comments}


def test_the_same_post_has_the_same_id_on_another_page() -> None:
    one, other = page("@ann_of_the_bridge Rust."), page("@ann_of_the_bridge Rust.", "@ann_of_the_bridge Paint.")
    assert one.comments[0].id == other.comments[0].id


# Other pages of the kind


def test_a_page_may_lack_tldr_sentiment_and_questions() -> None:
    thread = page("@ann_of_the_bridge Rust.")
    assert thread.page is not None
    assert thread.page.headline == "Talking about a bridge"
    assert (thread.page.tldr, thread.page.sentiment, thread.page.questions) == (None, None, ())


def test_answered_questions_are_the_pages_words() -> None:
    header = (
        "Granite is dear.\n"
        "Positive users love the view.\nNegative users hate the toll.\nPos 62% · Neg 38%\n"
        "Digg Deeper\nWho pays for it?\nDrivers pay.\nBut do they? Not all of them. Cyclists do not, do they?\n"
        "Will it rust?\nAsk Question\n"
    )
    thread = page("@ann_of_the_bridge Rust.", header=header)
    assert thread.page is not None
    assert thread.page.tldr == "Granite is dear."
    assert thread.page.sentiment is not None
    assert thread.page.sentiment.positive == "Positive users love the view."
    assert thread.page.sentiment.negative == "Negative users hate the toll."
    assert (thread.page.sentiment.positive_share, thread.page.sentiment.negative_share) == (0.62, 0.38)
    first, second = thread.page.questions
    assert first.question == "Who pays for it?"
    assert first.answer == "Drivers pay.\nBut do they? Not all of them. Cyclists do not, do they?"
    assert (second.question, second.answer) == ("Will it rust?", None)
    assert len(thread.comments) == 1


def test_a_line_above_the_posts_that_is_nothing_known_is_reported() -> None:
    header = "It is long.\nPositive users love the view.\nTrending in Civil Engineering\n"
    reading = of(f"Is the bridge worth it?\nTalk\n{header}Most Activity\n@ann_of_the_bridge Rust.")
    assert [skipped.where for skipped in reading.skipped] == ["line 5"]


def test_a_context_may_stand_nowhere_else_but_under_two_posts() -> None:
    thread = page(
        "@ann_of_the_bridge @bob_of_the_bank No.\n@bob_of_the_bank It sways.",
        "@ann_of_the_bridge @bob_of_the_bank It does.\n@bob_of_the_bank It sways.",
    )
    assert len(thread.comments) == 3
    assert post(thread, "It sways").author is not None
    assert [author.handle for author in thread.commenters] == ["ann_of_the_bridge"]


def test_lines_that_two_posts_end_with_are_no_post() -> None:
    thread = page(
        "@ann_of_the_bridge No.\nSign here: https://x.example", "@ann_of_the_bridge Yes.\nSign here: https://x.example"
    )
    assert len(thread.comments) == 2
    assert thread.commenters == ()


def test_a_line_of_a_post_may_begin_with_a_handle() -> None:
    thread = page("@ann_of_the_bridge Great.\n@bob_of_the_bank was right.", "@ann_of_the_bridge Rust.")
    assert [comment.addressed for comment in thread.comments] == [("ann_of_the_bridge",)] * 2


def test_a_post_without_context_in_the_run_is_told_by_what_follows() -> None:
    """The opening post stands first, by itself: the post below it answers it, and not the other way round."""
    thread = page(
        "Is the bridge worth it?\n@ann_of_the_bridge a\nIs the bridge worth it?\n@cyd @bob b\n@ann_of_the_bridge a"
    )
    opening, a, b = post(thread, "Is the"), post(thread, "@ann_of_the_bridge a"), post(thread, "@cyd @bob b")
    assert (opening.parent_id, opening.quotes) == (None, ())
    assert a.parent_id == opening.id
    assert b.parent_id == a.id


def test_posts_that_would_answer_each_other_answer_nothing() -> None:
    thread = page("@bob a\n@ann b", "@ann b\n@bob a")
    assert [comment.parent_id for comment in thread.comments] == [None, None]
    assert thread.commenters == ()


def test_a_timeline_tells_no_relations_and_repeats_no_posts(thread: Thread) -> None:
    (both,) = of(PAGE + "\n\nTimeline\n" + "\n\n".join(sorted(c.text for c in thread.comments))).threads
    assert relations(both) == relations(thread)
    alone = page("@ann a\nIs the bridge worth it?\n@ann b", label="Timeline")
    assert all(comment.parent_id is None for comment in alone.comments)
    assert alone.commenters == ()


def test_words_that_stand_alone_twice_are_one_post_and_reported() -> None:
    reading = of("Is it?\nTalk\nMost Activity\n@ann Rust.\n\n@bob No.\n\n@ann Rust.")
    assert len(reading.threads[0].comments) == 2
    assert [(skipped.where, skipped.reason) for skipped in reading.skipped] == [
        ("line 8", "the same words stand at line 4: read as one post")
    ]


def test_the_opening_post_may_have_more_lines_than_its_title() -> None:
    thread = page("@ann No.\nIs the bridge\nworth it?")
    opening = post(thread, "Is the bridge")
    assert opening.text == "Is the bridge\nworth it?"
    assert post(thread, "No.").parent_id == opening.id


def test_the_title_may_be_the_opening_post_cut_short() -> None:
    opening = "Is the bridge worth what we pay for it every year? I doubt it, and I walk it twice a day."
    thread = page(f"@ann_of_the_bridge No.\n{opening}", title=f"{opening[:50]}…")
    assert post(thread, "I doubt it").text == opening
    assert post(thread, "No.").parent_id == post(thread, "I doubt it").id
    assert [author.handle for author in thread.commenters] == ["ann_of_the_bridge"]


# Not a page, or not all of one


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (HEADER + "Most Activity\n", "no post stands below"),
        (HEADER, "no post stands below"),
        ("Most Activity\n@ann Rust.", "no title"),
        (HEADER + "Most Activity\n" + "@ann Rust\n\n" * 30_000, "more than 50,000 lines"),
    ],
)
def test_a_page_that_is_cut_short_is_refused_with_what_is_missing(text: str, what: str) -> None:
    with pytest.raises(BrokenExport, match=what) as refused:
        of(text)
    assert "Digg story page" in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize(
    "text", ["Timeline\nof the bridge", "Hello,\nworld", "<p>Most Activity</p>", "# Most activity of all"]
)
def test_other_text_is_no_page(text: str) -> None:
    with pytest.raises(UnknownFormat, match="Digg story page"):
        of(text)


def test_null_bytes_in_a_post_are_shown_as_unknown_characters() -> None:
    assert page("@ann Ru\x00st.").comments[0].text == "@ann Ru\ufffdst."


# The seed


def seed() -> bytes:
    found = (
        Path(os.environ.get("DIGG_SHARED") or Path(__file__).resolve().parents[2] / "shared")
        / "seed"
        / "digg-story.txt"
    )
    if not found.exists():
        pytest.skip(f"the seed page is not here: {found}")
    return found.read_bytes()


def test_the_seed_page() -> None:
    reading = of(seed())
    assert reading.skipped == ()
    (thread,) = reading.threads
    assert len(thread.comments) == 21
    assert sum("\n" in comment.text for comment in thread.comments) == 6
    assert sum("francoisfleuret" in comment.addressed for comment in thread.comments) == 17
    assert [(c.text, c.author.handle) for c in thread.comments if c.author] == [(thread.title, "francoisfleuret")]
    (likely,) = [comment for comment in thread.comments if comment.author_candidate]
    assert likely.author_candidate is not None
    assert likely.author_candidate.author.handle == "teortaxesTex"
    assert "goodwill/attracts talent" in likely.text
    assert post(thread, "sounds like a very good explanation").quotes == (likely.id,)
    assert post(thread, "it also probably erodes").parent_id == likely.id


@pytest.mark.parametrize(
    "untidy", [name for name in UNTIDY if name not in {"posts in another order", "blank lines in the header"}]
)
def test_the_seed_page_in_untidy_paste(untidy: str) -> None:
    (tidy,), (found,) = of(seed()).threads, of(UNTIDY[untidy](seed().decode())).threads
    assert relations(found) == relations(tidy)


def test_the_seed_page_without_blank_lines() -> None:
    (tidy,), (found,) = of(seed()).threads, of(re.sub(b"\n+", b"\n", seed())).threads
    assert relations(found) == relations(tidy)

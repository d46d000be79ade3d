"""The digest as the page and the terminal show it."""

from pathlib import Path

import pytest
from test_bot_render import HOSTILE, Parsed, answer_of, assert_harmless, story_of
from test_bot_viewpoints import ENGINE, TAX, said

from bot import render_digest, render_story, terminal
from bot.answer import DraftStatement, Evidence
from bot.digest import DigestDraft, SideDraft, ViewpointDraft, verified
from bot.story import Digest
from corpus.thread import Page, Sentiment, Thread


def words(thread: Thread, place: int) -> Evidence:
    comment = thread.comments[place]
    return Evidence(thread_id="t", comment_id=comment.id, quote=comment.text, start=0)


def digest_of(thread: Thread, *, rebutted_by: int | None = None) -> Digest:
    ids = tuple(comment.id for comment in thread.comments)

    def quote(place: int) -> DraftStatement:
        return DraftStatement(evidence=(words(thread, place),))

    draft = DigestDraft(
        headline=quote(0),
        tldr=(quote(1),),
        positive=SideDraft(evidence=(words(thread, 0),), members=ids[:1]),
        negative=SideDraft(evidence=(words(thread, 1), words(thread, 2)), members=ids[1:3]),
        viewpoints=tuple(
            ViewpointDraft(
                statements=(quote(place),),
                members=(ids[place],),
                rebuttal=quote(rebutted_by) if rebutted_by is not None and place == 0 else None,
            )
            for place in range(len(ids))
        ),
        questions=("What do people say about the engine?",),
        writer="extractive",
    )
    return verified(draft, thread)


def test_every_quote_leads_to_its_comment_and_names_who_wrote_it() -> None:
    thread = said(*ENGINE)
    parsed = Parsed(render_digest.summary(digest_of(thread), None) + render_digest.viewpoints(digest_of(thread)))
    links = [attributes for tag, attributes in parsed.elements if tag == "a"]
    assert {link["data-comment"] for link in links} == {comment.id for comment in thread.comments}
    assert all(link["data-span"] == f"0-{len(thread.by_id[str(link['data-comment'])].text)}" for link in links)
    assert "@p0" in parsed.text
    assert "Pos 20%" in parsed.text
    assert "Neg 40%" in parsed.text


def test_the_pages_own_summary_is_told_apart_and_stands_first() -> None:
    page = Page(headline="Islanders ask who pays", sentiment=Sentiment(positive="Positive users dream."))
    text = Parsed(render_digest.summary(digest_of(said(*ENGINE)).beside(page), page)).text
    assert text.index("Islanders ask") < text.index("the page’s own summary") < text.index("From the comments")


def test_a_digest_that_is_being_made_says_so() -> None:
    shown = Parsed(render_digest.summary(Digest(state="pending"), None))
    assert any("data-digest-pending" in attributes for _, attributes in shown.elements)
    assert "Summing up" in shown.text


def test_a_digest_that_waits_for_vectors_says_that_instead() -> None:
    shown = Parsed(render_digest.summary(Digest(state="pending"), None, "lexical"))
    assert any("data-digest-pending" in attributes for _, attributes in shown.elements)
    assert "Summing up" not in shown.text
    assert "as soon as they can be searched by meaning" in shown.text


def test_a_rebuttal_and_a_repeated_text_are_shown_as_such() -> None:
    thread = said(TAX[0], "That is not true.", TAX[1], *[TAX[2]] * 3, replies={1: 0})
    shown = Parsed(render_digest.viewpoints(digest_of(thread, rebutted_by=1))).text
    assert "A reply disagrees: “That is not true.”" in " ".join(shown.split())
    repeated = verified(
        DigestDraft(
            viewpoints=(
                ViewpointDraft(statements=(DraftStatement(evidence=(words(thread, 3),)),), members=("c3", "c4", "c5")),
            ),
            writer="extractive",
        ),
        thread,
    )
    assert "3 commenters, 3 of them in the very same words" in Parsed(render_digest.viewpoints(repeated)).text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_in_a_digest_are_shown_as_text(text: str) -> None:
    thread = said(*[f"{text} {n} more words" for n in range(4)])
    digest = digest_of(thread)
    story = story_of(thread).model_copy(update={"digest": digest})
    assert_harmless(render_story.head(story) + render_story.deeper(story, (), thread))
    printed = "\n".join(line.plain for line in terminal.story(thread, digest))
    assert "\x1b" not in printed
    assert "\u202e" not in printed


def test_questions_that_were_answered_already_are_not_suggested_again() -> None:
    thread = said(*ENGINE)
    story = story_of(thread).model_copy(update={"digest": digest_of(thread)})
    asked = answer_of(question="What do people say about the ENGINE?", thread_ids=("t",))
    assert 'data-ask="What do people say about the engine?"' in render_story.deeper(story, (), thread)
    assert "data-ask" not in render_story.deeper(story, (asked,), thread)


def test_the_terminal_shows_sides_viewpoints_and_questions() -> None:
    thread = said(*ENGINE)
    printed = "\n".join(line.plain for line in terminal.story(thread, digest_of(thread)))
    for expected in ("Tone of 5 voices: 20% positive, 40% negative", "1 commenter:", "Ask, for example:"):
        assert expected in printed
    assert "Tone of" not in "\n".join(line.plain for line in terminal.story(thread))


def test_the_page_asks_for_a_pending_digest_by_the_name_that_the_server_knows() -> None:
    page = Path(render_digest.__file__).parent / "page" / "page.js"
    assert 'lookUp("digested"' in page.read_text(encoding="utf-8")


def test_both_sides_of_the_comments_are_one_sentence() -> None:
    thread = said(*ENGINE)
    sentence = (
        f"Positive commenters highlight “{ENGINE[0].rstrip('.')}” (@p0), while negative commenters fear or fault "
        f"“{ENGINE[1].rstrip('.')}” (@p1) and “{ENGINE[2].rstrip('.')}” (@p2)."
    )
    assert sentence in [line.plain for line in terminal.story(thread, digest_of(thread))]
    shown = " ".join(Parsed(render_digest.summary(digest_of(thread), None)).text.split())
    assert ", while negative commenters fear or fault “" in shown


def test_the_pages_own_sentence_is_shown_whole() -> None:
    page = Page(
        sentiment=Sentiment(
            positive="Positive users praise the quay", negative="negative users fear the ice and the tax."
        )
    )
    whole = "Positive users praise the quay, while negative users fear the ice and the tax."
    thread = said(*ENGINE).model_copy(update={"page": page})
    assert whole in [line.plain for line in terminal.story(thread)]
    assert whole in " ".join(Parsed(render_digest.summary(digest_of(thread).beside(page), page)).text.split())


def test_two_sentences_of_a_page_stay_two() -> None:
    page = Page(sentiment=Sentiment(positive="Friends love the view.", negative="Critics hate the toll."))
    lines = [line.plain for line in terminal.story(said(*ENGINE).model_copy(update={"page": page}))]
    assert {"Friends love the view.", "Critics hate the toll."} <= set(lines)


def test_of_a_side_that_no_words_stand_for_it_is_said_so() -> None:
    thread = said(*ENGINE)

    def told(*quoted: str) -> tuple[str, list[str]]:
        sides = {
            name: SideDraft(evidence=(words(thread, place),) if name in quoted else (), members=(f"c{place}",))
            for place, name in enumerate(("positive", "negative"))
        }
        digest = verified(DigestDraft(**sides, writer="extractive"), thread)
        page = " ".join(Parsed(render_digest.summary(digest, None)).text.split())
        return page, [line.plain for line in terminal.story(thread, digest)]

    unsaid = "no short sentence says outright what negative commenters fear or fault"
    page, lines = told("positive")
    assert unsaid in page
    assert f"Positive commenters highlight “{ENGINE[0].rstrip('.')}” (@p0), while {unsaid}." in lines
    page, lines = told()
    both = (
        "No short sentence says outright what positive commenters highlight, or what negative commenters fear or fault."
    )
    assert both in page
    assert both in lines

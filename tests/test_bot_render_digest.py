"""The digest as the page and the terminal show it."""

from pathlib import Path

import pytest
from test_bot_render import HOSTILE, Parsed, answer_of, assert_harmless, story_of
from test_bot_viewpoints import ENGINE, TAX, said

from bot.digests.digest import DigestDraft, ViewpointDraft, verified
from bot.faces.cli import terminal
from bot.faces.web import render_digest, render_story
from bot.values.answer import DraftStatement, Evidence
from bot.values.story import Digest
from corpus.thread import Page, Sentiment, Thread


def words(thread: Thread, place: int) -> Evidence:
    comment = thread.comments[place]
    return Evidence(thread_id="t", comment_id=comment.id, quote=comment.text, start=0)


def digest_of(thread: Thread) -> Digest:
    """Each comment as a viewpoint of its own, one positive voice and two negative ones."""
    ids = tuple(comment.id for comment in thread.comments)
    views = (
        ViewpointDraft(statements=(DraftStatement(evidence=(words(thread, place),)),), members=(ids[place],))
        for place in range(len(ids))
    )
    questions = ("What do they say about the engine?",)
    draft = DigestDraft(
        positive=ids[:1], negative=ids[1:3], viewpoints=tuple(views), questions=questions, writer="extractive"
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


def test_the_pages_own_summary_comes_first_and_is_labelled() -> None:
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


def test_similar_comments_and_a_repeated_text_are_labelled_as_such() -> None:
    thread = said(*ENGINE[:2], *[TAX[2]] * 3)

    def shown(*members: int) -> str:
        statements = (DraftStatement(evidence=(words(thread, members[0]),)),)
        view = ViewpointDraft(statements=statements, members=tuple(f"c{n}" for n in members))
        digest = verified(DigestDraft(viewpoints=(view,), writer="extractive"), thread)
        page = Parsed(render_digest.viewpoints(digest)).text
        [printed] = [line.plain for line in terminal.story(thread, digest) if line.plain.endswith(":")]
        assert printed.rstrip(":") in page
        return printed

    assert shown(0, 1) == "2 commenters say similar things:"
    assert shown(0) == "1 commenter:"
    assert shown(2, 3, 4) == "3 commenters posted the same text:"


def test_a_quote_that_is_cut_is_marked() -> None:
    code = "\n".join(f"    engine[{n}] = broken" for n in range(80))
    thread = said(f"The engine fails, see:\n\n{code}")
    [view] = digest_of(thread).viewpoints
    assert view.statements[0].citations[0].cut
    assert "[…]" in render_digest.viewpoints(digest_of(thread))


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
    asked = answer_of(question="What do THEY say about the engine?", thread_ids=("t",))
    assert 'data-ask="What do they say about the engine?"' in render_story.deeper(story, (), thread)
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

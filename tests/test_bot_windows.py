"""What is shown of a comment: the fit inside a whole thought, contiguous, bounded, in the author's own words."""

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.evidence.windows import LONGEST, PAST, SHORT, Window, window
from corpus.text.plain import opening, quoted_lines, sentences
from corpus.thread import Author, Comment

ADA = Author.of_handle("x", "ada")
FILLER = "The council met again in the old hall and spoke of the quay for an hour. "
"""One sentence of 73 characters."""


def post(text: str, quoted: tuple[tuple[int, int], ...] = ()) -> Comment:
    return Comment(id="1", thread_id="t", author=ADA, text=text, quoted=quoted)


def shown(text: str, fit: str, quoted: tuple[tuple[int, int], ...] = ()) -> str:
    start = text.index(fit)
    found = window(post(text, quoted), start, start + len(fit))
    return text[found.start : found.end]


def cut(text: str, fit: str) -> bool:
    start = text.index(fit)
    return window(post(text), start, start + len(fit)).cut


# Short comments


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("I think so. The tax doubled. No idea why.", "I think so. The tax doubled. No idea why."),
        ("@ann @bob I think so. The tax doubled.", "I think so. The tax doubled."),
        ("  \nThe tax doubled. \n", "The tax doubled."),
        ("It would be stupid to say: The tax doubled.", "It would be stupid to say: The tax doubled."),
        ("The tax doubled. " * 23, ("The tax doubled. " * 23).strip()),
    ],
)
def test_a_short_comment_is_shown_whole_without_whom_it_addresses(text: str, whole: str) -> None:
    assert shown(text, "The tax doubled.") == whole
    assert not cut(text, "The tax doubled.")


def test_a_comment_of_handles_alone_is_shown_as_it_is() -> None:
    assert window(post("@ann @bob"), 0, 9) == Window(0, 9, cut=False)


def test_quoted_lines_bound_what_is_shown() -> None:
    text = "I disagree with this.\n> The tax doubled.\n> It was bad.\nIt rose by a tenth. Look it up."
    assert shown(text, "It rose by a tenth.") == "It rose by a tenth. Look it up."
    assert shown(text, "I disagree with this.") == "I disagree with this."


def test_quoted_words_inside_a_line_stay_with_the_sentence_around_them() -> None:
    text = "Nobody who can count says “the tax doubled in March” and means it."
    at = text.index("“"), text.index("”") + 1
    assert shown(text, "means it", quoted=(at,)) == text


# Long comments


def test_a_window_goes_from_the_fit_to_the_end_of_its_paragraph() -> None:
    text = f"{FILLER * 6}\n\nThe tax doubled. {FILLER * 4}It hurts.\n\n{FILLER * 6}"
    assert shown(text, "The tax doubled.") == f"The tax doubled. {FILLER * 4}It hurts."
    assert not cut(text, "The tax doubled.")


def test_a_long_paragraph_is_cut_after_a_sentence_and_marked() -> None:
    text = f"{FILLER * 4}The tax doubled. {FILLER * 20}"
    found = shown(text, "The tax doubled.")
    assert found.startswith("The tax doubled.")
    assert found.endswith("for an hour.")
    assert SHORT - 80 < len(found) <= SHORT
    assert cut(text, "The tax doubled.")


def test_long_sentences_past_the_fit_are_finished() -> None:
    long = "And so it went on and on, " * 9 + "until it was over. "
    found = shown(f"{FILLER * 4}The tax doubled. {long * 2}{long}", "The tax doubled.")
    assert found == f"The tax doubled. {long * 2}".strip()
    assert SHORT < len(found) <= LONGEST


def test_a_fit_at_the_end_begins_earlier() -> None:
    found = shown(f"{FILLER * 12}The tax doubled.", "The tax doubled.")
    assert found.endswith(f"{FILLER}The tax doubled.")
    assert 250 <= len(found) <= SHORT


def test_what_introduces_a_list_comes_with_its_item() -> None:
    text = f"{FILLER * 5}\nIt would be stupid to say:\n\n- The tax doubled.\n- It was fun.\n\n{FILLER * 3}"
    assert shown(text, "- The tax doubled.").startswith("It would be stupid to say:\n\n- The tax doubled.")
    assert shown(text, "- It was fun.").startswith("It would be stupid to say:")


@pytest.mark.parametrize("lead_in", ["Three reasons:", "**Three reasons:**", "Three reasons：", "_So:_"])
def test_a_lead_in_is_never_shown_without_what_it_introduces(lead_in: str) -> None:
    text = f"{FILLER * 6}\n{lead_in}\n- The harbour.\n- The tax.\n- The quay.\n\n{FILLER * 6}"
    assert shown(text, lead_in).startswith(f"{lead_in}\n- The harbour.")


def test_lead_ins_one_after_another_come_with_what_the_last_introduces() -> None:
    items = "".join(f"- Item {n} of the harbour's long list of complaints.\n" for n in range(30))
    found = shown(f"{FILLER * 6}\n\nReasons:\nFirst of all:\n{items}", "Reasons:")
    assert found.startswith("Reasons:\nFirst of all:\n- Item 0")


def test_a_long_list_is_cut_between_its_lines_and_marked() -> None:
    lines = [f"- the {n}th boat pays {n * 7} crowns a night at the old quay" for n in range(40)]
    text = f"What it costs:\n{chr(10).join(lines)}"
    found = shown(text, lines[2])
    assert set(found.splitlines()) <= {"What it costs:", *lines}
    assert cut(text, lines[2])


def test_long_code_is_cut_between_its_lines_and_marked() -> None:
    lines = [f"    line_{n} = harbour.tax(boat={n}, nights={n * 3})" for n in range(60)]
    text = "Run this and see\n\n" + "\n".join(lines)
    found = shown(text, lines[5].strip())
    assert {line.strip() for line in found.splitlines()} <= {"Run this and see", "", *(line.strip() for line in lines)}
    assert len(found) <= LONGEST
    assert cut(text, lines[5].strip())


def test_lines_wrapped_by_hand_end_no_sentence() -> None:
    said = (
        "The harbour board met in the spring and nobody who was there will ever be able\n"
        "to tell you what was decided, since the minutes were lost on the ferry that very\n"
        "night.\n"
    )
    found = shown(f"{FILLER * 3}\n\n{said}\n{FILLER * 6}", "to tell you what was decided")
    assert found.startswith("The harbour board met in the spring")


def test_an_endless_sentence_is_bounded_between_words() -> None:
    text = "the harbour tax and " * 500
    found = shown(text, "the harbour tax")
    assert LONGEST // 2 < len(found) <= LONGEST
    assert found.split()[-1] in {"the", "harbour", "tax", "and"}
    assert cut(text, "the harbour tax")


def test_an_endless_word_is_bounded() -> None:
    found = window(post("QmFzZTY0" * 4_000), 0, 32_000)
    assert (found.start, found.cut) == (0, True)
    assert found.end == LONGEST


def test_a_fit_of_several_sentences_is_cut_after_a_sentence() -> None:
    text = FILLER * 30
    found = window(post(text), 0, len(text) - 1)
    assert text[: found.end].endswith("for an hour.")
    assert SHORT < found.end <= LONGEST


# Whatever the comment is

PIECES = st.sampled_from(
    [
        FILLER,
        "The tax doubled. ",
        "Yes! ",
        "It would be stupid to say:\n",
        "Namely: ",
        "- an item\n",
        "1. one more item of a list that nobody will ever read to its end\n",
        "    code = harbour.tax(boat)\n",
        "> quoted words of somebody else\n",
        ">> older ones\n",
        "\n",
        "\n\n",
        " \n",
        "@ann ",
        "wörd ",
        "no full stop here and so it goes on and on for about a hundred characters in all until it is done at last ",
        "a wrapped line that is about as long as a line of mail tends to be when sent\n",
        "那里没有人说话。",
        "👩‍🚀👍🏽 ",
        "e\u0301te\u0301 ",
        "https://quay.example/a?b=1 ",
        "x" * 90,
        "“Why?” ",
        "(so there) ",
    ]
)


@st.composite
def fits(draw: st.DrawFn) -> tuple[Comment, int, int]:
    """A comment and some of its own sentences that fit."""
    text = "".join(draw(st.lists(PIECES, min_size=1, max_size=40)))
    comment = post(text, quoted_lines(text))
    own = [span for span in sentences(text) if comment.own_words(*span)]
    assume(own)
    first = draw(st.integers(0, len(own) - 1))
    last = min(len(own) - 1, first + draw(st.sampled_from([0, 0, 0, 1, 3])))
    return comment, own[first][0], own[last][1]


def introduces(text: str, end: int) -> bool:
    return text[:end].rstrip("*_ ").endswith((":", "："))


@settings(max_examples=1_500)
@given(fits())
def test_every_window_keeps_its_promises(fit: tuple[Comment, int, int]) -> None:
    comment, start, end = fit
    text = comment.text
    found = window(comment, start, end)
    quote = text[found.start : found.end]
    assert 0 <= found.start < found.end <= len(text)
    assert quote == quote.strip()
    assert found.start >= opening(text).end or opening(text).end == len(text)
    low, high = max(start, found.start), min(end, found.end)
    assert low < high, "the window holds nothing of the fit"
    inside = [span for span in quoted_lines(text) if span[0] < found.end and found.start < span[1]]
    assert not inside, "quoted lines are shown"
    if not quoted_lines(text)[:1]:
        whole = text[opening(text).end :].strip()
        if 0 < len(whole) <= SHORT:
            assert quote == whole
    longest = max(b - a for a, b in sentences(text))
    assert len(quote) <= max(LONGEST, min(longest, 2 * LONGEST))
    segment_end = min((a for a, _ in quoted_lines(text) if a >= found.end), default=len(text))
    if text[found.end : segment_end].strip() and end - start <= SHORT and longest <= SHORT // 2:
        assert not introduces(text, found.end), "it ends in a colon, and more follows"
        later = [span for span in sentences(text) if span[0] >= end and span[1] <= segment_end][:PAST]
        fitting = [span for span in later if span[1] - found.start <= SHORT]
        taken = [span for span in later if span[1] <= found.end]
        assert len(taken) >= len(fitting) or introduces(text, fitting[len(taken)][1])


@settings(max_examples=500)
@given(fits())
def test_the_window_of_a_focus_is_that_window_again(fit: tuple[Comment, int, int]) -> None:
    comment, start, end = fit
    found = window(comment, start, end)
    focus = max(start, found.start), min(end, found.end)
    assert window(comment, *focus) == found


def test_a_lead_in_is_not_left_alone_by_the_bound() -> None:
    item = "- Item of the list " + "that goes on and on " * 60
    found = shown(
        f"{FILLER * 6}\n\n{FILLER * 5}These are the reasons that were given:\n{item}", "These are the reasons"
    )
    assert "- Item of the list" in found
    assert len(found) <= LONGEST


@settings(max_examples=300)
@given(st.text(max_size=900), st.integers(0, 900), st.integers(1, 900))
def test_any_span_of_any_text_has_a_window(text: str, start: int, length: int) -> None:
    assume(text.strip())
    found = window(post(text, quoted_lines(text)), start, start + length)
    assert 0 <= found.start < found.end <= max(len(text), start + length)


@pytest.mark.parametrize("unit", [" ", ".", '"', "(", "\n", "👍", ". ", "a:\n", "> a\n", "\n \n", "@a ", "“a” ", "x"])
def test_a_long_comment_is_looked_at_in_time_that_grows_with_its_length(unit: str) -> None:
    text = f"Why so? {unit * (100_000 // len(unit))} The end."
    comment = post(text, quoted_lines(text))
    began = time.process_time()
    for start, end in ((0, 7), (len(text) // 2, len(text) // 2 + 1), (len(text) - 8, len(text))):
        window(comment, start, end)
    assert time.process_time() - began < 6

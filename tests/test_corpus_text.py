"""corpus.text.plain: quoted words, addressees, sentences, and when two texts are the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text.plain import Span, borrowed_words, content_id, merged, normal, opening, quoted_lines, sentences

prose = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(" \n\r\t.!?…。@>\"“”'’)(aA1I-_:,😆\u200d\u2028")), max_size=200
)


def cut(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


# Equal texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a  b\n c", "a b c"),
        (" “quoted” and ‘so’ ", "\"quoted\" and 'so'"),
        ("soft\u00adly \ufeffspoken\u200b", "softly spoken"),
        ("e\u0301te\u0301", "été"),
        ("a\u00a0b", "a b"),
    ],
)
def test_spacing_quotation_marks_and_invisible_marks_make_no_other_text(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert content_id(one) == content_id(other)


@pytest.mark.parametrize(("one", "other"), [("a", "A"), ("5.2", "52"), ("a b", "ab"), ("👩‍🚀", "👩🚀")])
def test_other_words_are_another_text(one: str, other: str) -> None:
    assert content_id(one) != content_id(other)


def test_a_content_id_tells_its_parts_apart() -> None:
    assert content_id("ab", "c") != content_id("a", "bc")


@given(prose)
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    normal(text).encode()


# Quoted words


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("> theirs\nmine", ["> theirs"]),
        ("> a\n> b\n\n> c\nmine", ["> a\n> b\n\n> c"]),
        ("mine\n  >theirs  \nmine", ["  >theirs"]),
        ("> theirs\r\nmine\r\n>> older\r\n", ["> theirs", ">> older"]),
        ("> 5.2 is better than 5.1", ["> 5.2 is better than 5.1"]),
        (">“theirs”", [">“theirs”"]),
        ("x > y and y > z", []),
        (">=5 stars\n>50% of us\n>_<\n>:(", []),
        ("", []),
    ],
)
def test_lines_that_begin_with_an_angle_are_quoted(text: str, quoted: list[str]) -> None:
    assert cut(text, quoted_lines(text)) == quoted


@pytest.mark.parametrize(
    ("text", "other", "borrowed"),
    [
        (
            'Ah "they cannot serve it all" explains it.',
            "And they can't. They cannot serve it all, no.",
            ['"they cannot serve it all"'],
        ),
        ("“They CANNOT serve it all.” Really?", "they cannot serve it all", ["“They CANNOT serve it all.”"]),
        ("«on verra bien demain» dit-il", "On verra bien demain !", ["«on verra bien demain»"]),
        (
            "He says it all.\nThe cat sat on the mat.\nNo.",
            "Well, the cat sat on the mat. Twice.",
            ["The cat sat on the mat."],
        ),
        ('a "free market" of ideas', "the free market is a myth", []),
        ('"they cannot serve it all" is a lie', "nobody said such a thing", []),
        ('"cannot serve it al"', "they cannot serve it all", []),
        ("「彼らは需要に応えられない」そうか", "彼らは需要に応えられないと思う", []),
        ("“彼らは需要に応えられない”そうか", "彼らは需要に応えられないと思う", ["“彼らは需要に応えられない”"]),
        ("The cat sat on the mat.", "", []),
    ],
)
def test_words_taken_from_the_post_that_is_answered_are_borrowed(text: str, other: str, borrowed: list[str]) -> None:
    assert cut(text, borrowed_words(text, other)) == borrowed


def test_emphasised_words_are_borrowed_where_the_other_post_has_them() -> None:
    text = "buy two of them, he said. I never would."
    assert cut(text, borrowed_words(text, "Buy two of them.", emphasised=[(0, 15)])) == ["buy two of them"]
    assert borrowed_words(text, "Buy one of them.", emphasised=[(0, 15)]) == ()


@given(prose, prose)
def test_quoted_spans_lie_in_order_within_the_text(text: str, other: str) -> None:
    for spans in (quoted_lines(text), borrowed_words(text, other + text), merged(quoted_lines(text) * 2)):
        reached = 0
        for start, end in spans:
            assert reached <= start < end <= len(text)
            reached = end


# Addressees


@pytest.mark.parametrize(
    ("text", "handles", "words"),
    [
        ("@ann why not?", ("ann",), "why not?"),
        ("@ann @Bob_2  hi", ("ann", "Bob_2"), "hi"),
        ("@ann\n@bob hi", ("ann", "bob"), "hi"),
        ("@ann @ANN hi", ("ann",), "hi"),
        ("  @ann: hi", ("ann",), "hi"),
        ("@ann@social.example hi", ("ann@social.example",), "hi"),
        ("@ann.example.org, hi", ("ann.example.org",), "hi"),
        ("@ann", ("ann",), ""),
        ("@ann's idea is bad", (), "@ann's idea is bad"),
        ("@ann's and @bob", (), "@ann's and @bob"),
        (".@ann look", (), ".@ann look"),
        ("hi @ann", (), "hi @ann"),
        ("a@b.example wrote", (), "a@b.example wrote"),
        ("@ hi", (), "@ hi"),
        ("", (), ""),
    ],
)
def test_only_handles_that_the_text_opens_with_are_addressed(text: str, handles: tuple[str, ...], words: str) -> None:
    found = opening(text)
    assert found.handles == handles
    assert text[found.end :] == words


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It costs $5.20 vs. $3 for GLM-5.2. See https://a.example/x.y?z=1. Done.", None),
        (
            "Dr. J. R. Smith of the U.S. Army came at 5 p.m. He left.",
            ["Dr. J. R. Smith of the U.S. Army came at 5 p.m.", "He left."],
        ),
        (
            "So do I. Then they went to the U.S. They stayed.",
            ["So do I.", "Then they went to the U.S.", "They stayed."],
        ),
        ("e.g. this, i.e. that, etc. and more, etc. Next.", ["e.g. this, i.e. that, etc. and more, etc.", "Next."]),
        ("1. First of all. 2. Second.", ["1. First of all.", "2. Second."]),
        ("In 2020. Then", ["In 2020.", "Then"]),
        ("No. 5 is alive. No. That is it.", ["No. 5 is alive.", "No.", "That is it."]),
        ("n-no... you can't! Well... No… Yes", ["n-no... you can't!", "Well...", "No…", "Yes"]),
        ("yeh why. why not release it? 😆 ok", ["yeh why.", "why not release it? 😆", "ok"]),
        ("Great!😆👍🏽 Next", ["Great!😆👍🏽", "Next"]),
        ("Which one ? That one !", ["Which one ?", "That one !"]),
        ('"Why?" he asked. (He did. She did.) Fine.', ['"Why?" he asked.', "(He did.", "She did.)", "Fine."]),
        ("They say “you want it? I can make it”. Right.", ["They say “you want it? I can make it”.", "Right."]),
        ("a line\nanother one\r\n\nthe last", ["a line", "another one", "the last"]),
        ("你好。我不知道！真的吗？是「对。」好", ["你好。", "我不知道！", "真的吗？", "是「对。」", "好"]),
        ("> quoted. more\nmine.", ["> quoted.", "more", "mine."]),
        ("@ann @bob, First. Second.", ["First.", "Second."]),
        ("@ann\n@bob words", ["words"]),
        ("@ann @bob", ["@ann @bob"]),
        ("...", ["..."]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str] | None) -> None:
    expected = expected or ["It costs $5.20 vs. $3 for GLM-5.2.", "See https://a.example/x.y?z=1.", "Done."]
    assert cut(text, sentences(text)) == ([] if not text.strip() else expected)


# Lines that were wrapped by hand

MAIL = (
    "The harbour board met in the spring and nobody who was there will ever be able\n"
    "to tell you what was decided, since the minutes were lost on the ferry that very\n"
    "night."
)


def lines_of(text: str) -> list[str]:
    return [" ".join(sentence.split()) for sentence in cut(text, sentences(text))]


@pytest.mark.parametrize("before", ["", "@ann\n", "Hello.\n\n", "Hello.\n \t\n", "Hello.\r\n\r\n", "> So they say\n\n"])
def test_lines_wrapped_by_hand_are_one_sentence(before: str) -> None:
    assert lines_of(before + MAIL)[-1] == " ".join(MAIL.split())
    assert lines_of(f"{before}{MAIL} Then it rained.\n\nBye")[-3:] == [" ".join(MAIL.split()), "Then it rained.", "Bye"]


def test_a_list_item_wrapped_by_hand_is_one_sentence() -> None:
    assert lines_of(f"- {MAIL}\n- The second one.") == [f"- {' '.join(MAIL.split())}", "- The second one."]


@pytest.mark.parametrize(
    "lines",
    [
        ["Short lines", "of a poem", "end where they end"],
        [
            "A line that ends early because its writer pressed return",
            "though the next word would have had all the room that it will ever need",
        ],
        [
            "One paragraph, as apps send it, is a line of its own however long it gets, well over a hundred characters",
            "Next",
        ],
        ["They asked why the night ferry stops and what the harbour board will do about it:", "nothing"],
        ["> They said that the harbour tax would double in the spring of this coming year and", "nonsense"],
        ["The whole list of what the harbour board told us in the spring of this coming year", "- nothing"],
        ["The whole list of what the harbour board told us in the spring of this coming year", "2) nothing"],
        ["The whole list of what the harbour board told us in the spring of this coming year", "    code(1)"],
        ["The whole list of what the harbour board told us in the spring of this coming year", "Ben: nothing"],
        ["The whole list of what the harbour board told us in the spring of this coming year", "@ben nothing"],
    ],
)
def test_a_line_that_was_ended_on_purpose_ends_its_sentence(lines: list[str]) -> None:
    assert lines_of("\n".join(lines)) == [" ".join(line.split()) for line in lines]


@given(prose)
def test_sentences_cover_all_but_the_leading_handles(text: str) -> None:
    spans = sentences(text)
    begin = opening(text).end
    if not text[begin:].strip():
        begin = 0
    covered = "".join(cut(text, spans))
    assert "".join(covered.split()) == "".join(text[begin:].split())
    assert all(part == part.strip() != "" for part in cut(text, spans))
    assert list(spans) == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@given(st.lists(st.sampled_from(["@ann", "@bob_b"]), min_size=1), st.text(alphabet="abc .!", min_size=1))
def test_no_sentence_begins_with_whom_the_text_addresses(handles: list[str], words: str) -> None:
    text = f"{' '.join(handles)} {words}"
    if words.strip():
        assert not any(sentence.startswith("@") for sentence in cut(text, sentences(text)))


@pytest.mark.parametrize(
    "text",
    [
        "." * 200_000,
        ".)" * 100_000,
        "😆" * 200_000,
        "!😆" * 100_000 + "x",
        '"' * 200_000,
        "@a " * 60_000,
        "> \n" * 60_000,
    ],
)
def test_long_hostile_texts_are_taken_apart_at_once(text: str) -> None:
    assert sentences(text)
    quoted_lines(text)
    borrowed_words(text, text)

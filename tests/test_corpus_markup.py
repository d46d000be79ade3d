"""corpus.text.markup: HTML -> plain text with the spans that are only quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text.markup import from_html

TAGS = [
    "p",
    "br",
    "i",
    "a href='https://x.example/'",
    "blockquote",
    "pre",
    "q",
    "ul",
    "li",
    "aside class='quote'",
    "div",
    "b",
]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one<p>two<p>three", "one\n\ntwo\n\nthree"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("  much \n\t space <b>bold</b>er ", "much space bolder"),
        ("I&#x27;m &quot;here&quot; &gt; there &amp;lt;b&amp;gt;", 'I\'m "here" > there &lt;b&gt;'),
        ("see<p><pre><code>  a\n    b\n</code></pre>after", "see\n\n  a\n    b\n\nafter"),
        ("<ul><li>one<li>two</ul>end", "- one\n- two\n\nend"),
        ('<a href="https://x.example/long/way">https://x.example/lo...</a>.', "https://x.example/long/way."),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('<a href="https://x.example/">my site</a>!', "my site (https://x.example/)!"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="https://x.example/@ann">@ann</a> hi', "@ann hi"),
        ('nice <img src=x onerror=alert(1) alt="😆">', "nice 😆"),
        ("<script>alert(1)</script><style>p{}</style>a<!-- b -->c", "ac"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert from_html(html).text == text


@pytest.mark.parametrize(
    ("html", "quoted"),
    [
        ("<blockquote>theirs<blockquote>older</blockquote></blockquote>mine", ["theirs\n\nolder"]),
        ("mine <q>theirs</q> mine", ["theirs"]),
        (
            '<aside class="quote no-group"><div>ann:</div><blockquote>theirs</blockquote></aside>mine',
            ["ann:\n\ntheirs"],
        ),
        ('<aside class="onebox">a card</aside>', []),
        ("&gt; theirs<p>mine", ["> theirs"]),
        ("mine <i>aloud</i>", []),
    ],
)
def test_quotations_are_told_apart(html: str, quoted: list[str]) -> None:
    plain = from_html(html)
    assert [plain.text[start:end] for start, end in plain.quoted] == quoted


def test_italics_are_told() -> None:
    plain = from_html("<p>so <i>buy two</i> and <em>lend none</em></p>")
    assert [plain.text[start:end] for start, end in plain.emphasised] == ["buy two", "lend none"]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "deep",
        "<b>" * 400 + "<p>x" * 50_000 + "deep",
        "".join(f"<font size={n}>" for n in range(400)) + "<p>x" * 20_000 + "deep",
        "<table><tr><td>" * 30_000 + "deep",
        "< " * 150_000 + "deep",
        "<!--" * 50_000 + "-->deep",
    ],
)
def test_tangled_markup_keeps_its_words_and_takes_no_time(html: str) -> None:
    assert from_html(html).text.endswith("deep")


def test_in_tangled_markup_with_a_quotation_everything_counts_as_quoted() -> None:
    plain = from_html("<blockquote>theirs" + "<div>" * 50_000 + "who knows whose")
    assert plain.quoted == ((0, len(plain.text)),)


@given(
    st.lists(
        st.sampled_from([*(f"<{t}>" for t in TAGS), *(f"</{t.split()[0]}>" for t in TAGS), " ", "x", "&gt; y\n", "&"])
    )
)
def test_spans_fit_the_text_whatever_the_markup(pieces: list[str]) -> None:
    plain = from_html("".join(pieces))
    for spans in (plain.quoted, plain.emphasised):
        reached = 0
        for start, end in spans:
            assert reached <= start < end <= len(plain.text)
            reached = end

"""Pasted addresses: which name a discussion, and that every other one is refused with a word that helps."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import AddressRefused
from corpus.fetching import addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://news.ycombinator.com/item?id=8863",
        "http://news.ycombinator.com/item?id=8863",
        "HTTPS://News.YCombinator.com/item?id=8863",
        "  https://news.ycombinator.com/item?id=8863\n",
        "https://news.ycombinator.com/item?id=8863#9224",
        "https://news.ycombinator.com/item?id=8863&p=2",
        "https://news.ycombinator.com/item?utm_source=x&id=8863",
        "https://news.ycombinator.com/item/?id=8863",
        "https://news.ycombinator.com/item?id=8863&id=8863",
        "https://news.ycombinator.com/item?id=0008863",
        "https://news.ycombinator.com:443/item?id=8863",
        "http://news.ycombinator.com:80/item?id=8863",
        "https://m.news.ycombinator.com/item?id=8863",
        "https://www.news.ycombinator.com/item?id=8863",
        "https://hn.algolia.com/api/v1/items/8863",
        "https://hn.algolia.com/items/8863",
        "http://hn.algolia.com/story/8863/my-yc-app-dropbox",
        "https://hn.algolia.com/story/8863/#9224",
    ],
)
def test_the_discussion_is_told_however_its_address_is_written(address: str) -> None:
    assert addresses.is_address(address)
    assert addresses.discussion(address) == addresses.Discussion(source="hackernews", item="8863")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://news.ycombinator.com/", "no discussion"),
        ("https://news.ycombinator.com/news?p=2", "no discussion"),
        ("https://news.ycombinator.com/user?id=8863", "no discussion"),
        ("https://news.ycombinator.com/item", "no discussion"),
        ("https://news.ycombinator.com/item?id=", "no discussion"),
        ("https://news.ycombinator.com/item?id=-1", "no discussion"),
        ("https://news.ycombinator.com/item?id=0", "no discussion"),
        ("https://news.ycombinator.com/item?id=8863/../../search", "no discussion"),
        ("https://news.ycombinator.com/item?id=8863%0d%0aX:y", "no discussion"),
        ("https://news.ycombinator.com/item?id=1&id=2", "no discussion"),
        ("https://news.ycombinator.com/item?id=" + "9" * 13, "no discussion"),
        ("https://news.ycombinator.com/item?id=%D9%A8", "no discussion"),
        ("https://news.ycombinator.com/item?x=" + "9" * 3_000, "longer"),
        ("https://hn.algolia.com/?q=ferry", "no discussion"),
        ("https://hn.algolia.com/api/v1/search?tags=story_8863", "no discussion"),
        ("https://digg.example/night-ferry", "no site"),
        ("https://news.ycombinator.com.evil.example/item?id=8863", "no site"),
        ("https://evil.example/news.ycombinator.com/item?id=8863", "no site"),
        ("https://evilnews.ycombinator.com/item?id=8863", "no site"),
        ("https://news.ycombinator.com./item?id=8863", "no site"),
        ("https://evil.example#@news.ycombinator.com/item?id=8863", "no site"),
        ("https://evil.example?@news.ycombinator.com/item?id=8863", "no site"),
        ("https://ada:secret@news.ycombinator.com/item?id=8863", "password"),
        ("https://news.ycombinator.com@evil.example/item?id=8863", "password"),
        ("https://@news.ycombinator.com/item?id=8863", "password"),
        ("https://evil.example\\@news.ycombinator.com/item?id=8863", "characters"),
        ("https://news.ycombinator.com\\.evil.example/item?id=8863", "characters"),
        ("https://ｎｅｗｓ.ycombinator.com/item?id=8863", "characters"),
        ("https://news.ycombinatοr.com/item?id=8863", "characters"),
        ("https://news.ycombinator.com/it em?id=8863", "characters"),
        ("https://news.ycombinator.com/item?id=88\t63", "characters"),
        ("https://news.ycombinator.com/item?id=8863\x00", "characters"),
        ("https://news.ycombinator.com:22/item?id=8863", "port"),
        ("https://news.ycombinator.com:0/item?id=8863", "port"),
        ("https://news.ycombinator.com:x/item?id=8863", "no address"),
        ("https://[news.ycombinator.com/item?id=8863", "no address"),
        ("file:///etc/passwd", "https://"),
        ("gopher://news.ycombinator.com/item?id=8863", "https://"),
        ("javascript:alert(1)", "https://"),
        ("//news.ycombinator.com/item?id=8863", "https://"),
        ("http://127.0.0.1/item?id=8863", "no site"),
        ("http://2130706433/item?id=8863", "no site"),
        ("http://[::ffff:127.0.0.1]/item?id=8863", "no site"),
        ("http://169.254.169.254/latest/meta-data/", "no site"),
        ("", "characters"),
    ],
)
def test_another_address_is_refused_and_one_that_can_be_read_is_shown(address: str, why: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        addresses.discussion(address)
    assert why in caught.value.message
    assert addresses.READABLE in caught.value.next_step
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "address", ["https://ada:secret@news.ycombinator.com/item?id=1", "https://x@y:secret@evil.example/" + "a" * 300]
)
def test_a_password_is_not_repeated(address: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        addresses.discussion(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "ferry.json", "C:\\a.json", "https://", "see https://x.example", "a\nhttp://x"])
def test_what_is_no_address_alone_is_told(text: str) -> None:
    assert not addresses.is_address(text)


@given(st.text(max_size=200) | st.builds("https://news.ycombinator.com{}".format, st.text(max_size=80)))
def test_anything_at_all_is_a_discussion_or_refused(text: str) -> None:
    found = None
    with suppress(AddressRefused):
        found = addresses.discussion(text)
    assert found is None or (found.item.isascii() and found.item.isdigit())

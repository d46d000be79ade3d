"""Which posts advertise."""

from test_bot_viewpoints import said

from bot.adverts import adverts

OFFER = "Night ferry tickets at 12 euro per seat, no fees, written contract, call the quay."


def test_who_posts_nearly_the_same_words_again_unasked_advertises() -> None:
    thread = said((OFFER, "mart"), "The tax doubled.", (f"{OFFER} Today!", "mart"))
    assert adverts(thread) == {"c0", "c2"}
    mart = thread.comments[0].author
    assert mart is not None
    assert adverts(thread, by={mart.id}) == {"c0", "c2"}
    assert adverts(thread, by={"forum:nobody"}) == frozenset()


def test_the_same_words_by_two_people_in_replies_or_in_few_words_advertise_nothing() -> None:
    assert adverts(said((OFFER, "mart"), (OFFER, "dora"))) == frozenset()
    assert adverts(said("Where?", (OFFER, "mart"), (OFFER, "mart"), replies={1: 0, 2: 0})) == frozenset()
    assert adverts(said(("Save the ferry!", "ada"), ("Save the ferry!", "ada"))) == frozenset()
    assert adverts(said((OFFER, None), (OFFER, None))) == frozenset()

import math
import threading
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking.lexical import STOP_WORDS, Bm25, terms

TEXTS = st.lists(
    st.text(max_size=40) | st.sampled_from(["the cat sat", "cats sit", "", "GLM-5.2", "日本語"]), max_size=8
)


def test_words_are_stemmed_and_function_words_left_out():
    assert terms("The companies were crashing") == ["compani", "crash"]
    assert terms("What is it about?") == []


def test_apostrophes_of_either_kind_do_not_matter():
    assert terms("Maria's idea isn't hers, they'll say") == terms("Maria’s idea isn’t hers, they’ll say")
    assert terms("Maria's") == ["maria"]
    assert "shell" not in terms("she'll go")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("GLM-5.2", "glm5.2 is out"),
        ("GLM 5.2", "GLM-5.2 is out"),
        ("gpt-4o", "We use GPT4o."),
        ("gpt 4", "gpt-4 again"),
        ("80 GB", "It needs 80GB."),
        ("1000", "1,000 of them"),
        ("5.2%", "a rise of 5.2%"),
        ("nadia_n", "@nadia_n wrote it"),
        ("@nadia_n", "ask @nadia_n!"),
        ("night ferry", "#NightFerry stops"),
        ("arxiv.org", "see https://arxiv.org/abs/1"),
        ("CAFÉ", "the cafe\u0301 closed"),
        ("cafe", "the café closed"),
        ("ﬁne", "a fine day"),
        ("open-source", "open source"),
        ("O'Brien", "OBrien said so"),
    ],
)
def test_either_spelling_finds_the_other(question, said):
    assert set(terms(question)) & set(terms(said))


def test_whole_names_are_rarer_than_their_parts():
    found = terms("@sam_low GLM-5.2 $4.5B")
    assert {"@sam_low", "sam", "low", "glm5.2", "glm", "5.2", "$4.5b", "4.5"} <= set(found)


def test_a_handle_is_told_from_the_bare_word():
    assert "@compute" in terms("@compute")
    assert "@compute" not in terms("compute")


def test_scripts_without_spaces_are_cut_into_bigrams():
    assert terms("日本語") == ["日本", "本語"]
    assert terms("猫") == ["猫"]
    assert set(terms("モデル")) <= set(terms("新しいモデルです"))
    assert {"glm5.2", "模型"} <= set(terms("GLM-5.2模型"))


@pytest.mark.parametrize(("one", "other"), [("модели", "моделями"), ("открывать", "открывают"), ("कंपनी", "कंपनी")])
def test_other_scripts_have_their_own_stems(one, other):
    assert terms(one) == terms(other) != []


def test_a_cyrillic_letter_keeps_its_mark():
    assert terms("й") != terms("и")


def test_links_lose_what_every_link_has():
    assert not {"https", "www", "http"} & set(terms("https://www.example.org/a-page?utm=1 http://example.org"))


def test_bm25_is_lucenes():
    # N 3, mean length 2; "cat": df 2, in text 0 once of length 2, in text 1 twice of length 3
    bm25 = Bm25(["cat dog", "cat cat bird", "fish"], k1=1.2, b=0.75)
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    first = idf * 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * 2 / 2))
    second = idf * 2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 2))
    assert bm25.scores("cats") == pytest.approx([first, second, 0.0], rel=1e-5)


def test_a_question_adds_up_its_terms():
    bm25 = Bm25(["cat dog", "cat bird", "fish"])
    assert bm25.scores("cat bird") == pytest.approx(bm25.scores("cat") + bm25.scores("bird"))


def test_rarity_can_be_asked_for_term_by_term():
    bm25 = Bm25(["open weights", "open source", "open"])
    assert bm25.document_frequency("open") == 3
    assert bm25.holding("weight").tolist() == [0]
    assert bm25.idf("open") < bm25.idf("weight") < bm25.idf("nowhere")


def test_nothing_to_index_and_nothing_asked_give_no_scores():
    assert Bm25([]).scores("cat").shape == (0,)
    assert Bm25(["", "?!"]).scores("cat").tolist() == [0.0, 0.0]
    assert Bm25(["cat"]).scores("is it the").tolist() == [0.0]


def test_threads_may_share_an_index():
    bm25 = Bm25([f"word{i} running crashes" for i in range(50)])
    found: list[np.ndarray] = []
    workers = [threading.Thread(target=lambda: found.append(bm25.scores("word7 crashed"))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(np.array_equal(scores, found[0]) for scores in found)
    assert found[0].argmax() == 7


@given(st.text(max_size=80))
def test_any_text_has_terms_that_are_none_of_the_stop_words(text):
    found = terms(text)
    assert all(term and term not in STOP_WORDS and not any(mark.isspace() for mark in term) for term in found)


@given(st.text(alphabet="aéüñйジ가न1 .,'-%", max_size=40))
def test_composed_or_not_makes_no_difference(text):
    assert terms(unicodedata.normalize("NFD", text)) == terms(unicodedata.normalize("NFC", text))


@given(st.text(alphabet="aBçÜñЙж1 .,'-%$", max_size=40))
def test_case_makes_no_difference(text):
    assert terms(text.upper()) == terms(text.lower())


@given(TEXTS, st.text(max_size=40))
def test_scores_are_finite_never_negative_and_one_a_text(texts, question):
    scores = Bm25(texts).scores(question)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()


@given(TEXTS)
def test_a_text_is_found_by_its_own_terms(texts):
    bm25 = Bm25(texts)
    for place, text in enumerate(texts):
        assert all(place in bm25.holding(term) for term in terms(text))

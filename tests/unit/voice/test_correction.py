"""A correction of the shipped table for one company."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.voice.correction import Examples, corrected, fitted, load_correction, save_correction
from journey_mining.voice.embedded import EmbeddedEngine, embedded_engine

BASE = embedded_engine().model
# what a company's own words mean no general table can know
WORDS = ("статус зеленый по стенду", "статус красный по стенду", "статус серый по стенду")
MEANT = (2, 0, 1)


def examples(times=12, *, weight=1.0, two_sided=False, customers=None):
    cleaned = tuple(f"{text} {number % 7}" for number in range(times) for text in WORDS)
    count = len(cleaned)
    return Examples(
        cleaned=cleaned,
        labels=np.array(MEANT * times, np.int64),
        customers=np.arange(count) if customers is None else customers,
        weights=np.full(count, weight),
        two_sided=np.full(count, two_sided),
    )


def test_words_of_the_company_are_learned():
    before = BASE.probabilities(WORDS).argmax(axis=1)
    after = corrected(BASE, fitted(BASE, examples())).probabilities(WORDS).argmax(axis=1)
    assert after.tolist() == list(MEANT)
    assert before.tolist() != list(MEANT)


def test_the_fit_is_the_best_under_the_prior():
    known = examples(4)
    made = fitted(BASE, known)
    table = made.table

    def cost(scale):
        delta = table.weights * table.scale[:, None] * scale
        moved = replace(made, table=replace(table, scale=table.scale * scale))
        shares = corrected(BASE, moved).probabilities(known.cleaned)
        loss = -np.log(shares[np.arange(len(known.labels)), known.labels]).sum()
        return loss + 0.5 / 2 * (delta**2).sum()

    assert cost(1.0) < min(cost(0.8), cost(1.2))


def test_what_only_one_customer_wrote_is_not_in_the_table():
    own_words = "пароль сиреневыйбегемот"
    known = examples(6)
    own = Examples(
        cleaned=(*known.cleaned, own_words, own_words),
        labels=np.append(known.labels, [0, 0]),
        customers=np.append(known.customers, [99, 99]),
        weights=np.append(known.weights, [1.0, 1.0]),
        two_sided=np.append(known.two_sided, [False, False]),
    )
    # words that nobody else used move nothing: only the constants and shared parts of words do
    table = fitted(BASE, own).table
    alone = np.flatnonzero(np.isin(np.arange(1 << BASE.bits), buckets("сиреневыйбегемот")))
    shared = np.intersect1d(alone, buckets(*known.cleaned, "пароль"))
    assert not table.weights[:, np.setdiff1d(alone, shared)].any()


def buckets(*cleaned):
    from journey_mining.voice.features import blocks_of

    return np.unique(np.concatenate([block.bucket for block in blocks_of(cleaned, bits=BASE.bits)]))


def test_ratings_move_negative_against_positive_and_say_nothing_of_neutral():
    known = examples(12, two_sided=True)
    telling = known.take(np.flatnonzero(known.labels != 1))
    after = corrected(BASE, fitted(BASE, telling)).probabilities(WORDS)
    before = BASE.probabilities(WORDS)
    odds = np.log(after[:, 2] / after[:, 0]) - np.log(before[:, 2] / before[:, 0])
    assert odds[0] > 0.5
    assert odds[1] < -0.5


def test_the_same_examples_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        save_correction(fitted(BASE, examples()), BASE, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_correction_read_back_scores_alike(tmp_path):
    made = fitted(BASE, examples())
    save_correction(made, BASE, tmp_path / "c.npz")
    read = load_correction(tmp_path / "c.npz", BASE)
    texts = [*WORDS, "Спасибо, всё работает", "site down since morning"]
    first, again = (EmbeddedEngine(model=corrected(BASE, table)) for table in (made, read))
    assert np.array_equal(first.score(texts).probabilities, again.score(texts).probabilities)
    assert first.name == again.name == f"embedded-{BASE.version}+{made.version}"


def test_the_score_of_a_text_does_not_depend_on_its_neighbours():
    engine = EmbeddedEngine(model=corrected(BASE, fitted(BASE, examples())))
    alone = np.concatenate([engine.score([text]).probabilities for text in WORDS])
    assert np.array_equal(engine.score(WORDS).probabilities, alone)


def test_a_correction_of_another_table_is_not_used(tmp_path):
    other = replace(BASE, version="0")
    save_correction(fitted(BASE, examples(2)), other, tmp_path / "c.npz")
    assert load_correction(tmp_path / "c.npz", BASE) is None


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04torn"])
def test_a_damaged_correction_is_told_with_what_to_do(tmp_path, content):
    path = tmp_path / "c.npz"
    path.write_bytes(content)
    with pytest.raises(JourneyMiningError, match="journey voice adapt") as told:
        load_correction(path, BASE)
    assert told.value.code == "VOICE_CORRECTION"

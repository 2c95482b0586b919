"""The shipped sentiment table and the engine around it."""

from __future__ import annotations

import hashlib
import time

import numpy as np
import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.voice import LABELS, embedded_engine, load_model
from journey_mining.voice.cleaning import clean
from journey_mining.voice.embedded import MODEL_FILE
from journey_mining.voice.features import blocks_of

SHA256 = "40c757b7430e5237896c86cee8129783430a2454566667c4bad499f370510270"
GOLDEN = [
    ("Сервер упал ночью и до утра не поднялся, магазин стоял", "negative", -0.639),
    ("Второй раз за месяц снимают оплату за отключённую услугу", "negative", -0.868),
    ("Буду благодарен, если кто-нибудь всё-таки ответит на моё письмо от прошлой среды", "negative", -0.312),
    ("Инженер подключил всё за час, очень доволен", "positive", 0.803),
    ("За три года ни одного падения, рекомендую коллегам", "positive", 0.967),
    ("Никаких нареканий, всё быстро и понятно", "positive", 0.997),
    ("Подскажите, пожалуйста, как подключить дополнительный IP-адрес?", "neutral", 0.0),
    ("Пришлите, пожалуйста, закрывающие документы за июнь", "neutral", 0.017),
    ("Прошу изменить юридический адрес в договоре", "neutral", -0.03),
    ("Не понимаю, куда нажимать, инструкция не помогает", "negative", -0.62),
    ("Поддержка вежливая, но проблему так и не решили", "negative", -0.638),
    ("спасибо", "positive", 0.827),
    ("Our store has been offline since midnight and support keeps silent", "negative", -0.446),
    ("I was billed twice for the same month", "negative", -0.812),
    ("The reply came within minutes, excellent support", "positive", 0.502),
    ("Not a single crash all year, very happy with you", "positive", 0.968),
    ("Could you tell me how to add a second domain to my plan?", "neutral", -0.007),
    ("Please send the invoice for June to our accountant", "neutral", -0.019),
    ("The app is not good at all and crashes every morning", "negative", -0.289),
    ("No trouble whatsoever, smooth migration", "positive", 0.84),
    ("I would be grateful if somebody finally looked into my ticket", "negative", -0.878),
    ("Thanks", "positive", 0.716),
]


def score_of(text: str | None) -> float:
    return float(embedded_engine().score([text]).scores()[0])


def test_the_shipped_table_is_the_one_that_was_measured():
    assert hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest() == SHA256


def test_the_shipped_table_is_small():
    assert MODEL_FILE.stat().st_size < 5_000_000


@pytest.mark.parametrize(("text", "label", "score"), GOLDEN)
def test_golden_sentences_keep_their_scores(text, label, score):
    batch = embedded_engine().score([text])
    assert batch.labels() == [label]
    assert batch.scores()[0] == pytest.approx(score, abs=0.01)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        (None, "empty"),
        ("", "empty"),
        (" \n\t", "empty"),
        ("12345", "wordless"),
        ("?!", "wordless"),
        ("\u200b\u200b", "wordless"),
        ("\x00\x01", "wordless"),
        ("https://oblako-host.example/", "wordless"),
        ("\ud800", "wordless"),
        ("مرحبا بكم", "other_language"),
        ("Ich kann mich seit gestern nicht mehr anmelden", "other_language"),
        ("Автоматический ответ: меня нет на месте", "automatic"),
        ("Out of office until Monday", "automatic"),
    ],
)
def test_what_cannot_be_scored_has_no_score(text, flag):
    batch = embedded_engine().score([text])
    assert batch.flags == (flag,)
    assert batch.to_arrow().select(["score", "label", "confidence"]).to_pylist() == [
        {"score": None, "label": None, "confidence": None}
    ]


@pytest.mark.parametrize(("text", "label"), [("👍", "positive"), ("😡😡", "negative"), ("10/10", "positive")])
def test_emoji_and_ratings_are_understood_without_words(text, label):
    assert embedded_engine().score([text]).labels() == [label]


def test_direction_marks_do_not_change_a_score():
    assert score_of("\u202eУжасный сервис\u202c") == score_of("Ужасный сервис")


def test_case_and_yo_hardly_matter():
    assert score_of("Всё отлично") == score_of("все отлично")


def test_a_negation_turns_a_complaint_into_praise():
    assert score_of("Проблем нет, никаких нареканий") > 0.3
    assert score_of("Одни проблемы и нарекания") < -0.2


def test_an_agents_quoted_reply_does_not_count():
    assert score_of("Спасибо, помогли!\n> сервер лежит, ужасный сервис") == score_of("Спасибо, помогли!\n")


def test_the_batch_does_not_change_a_score():
    texts = [text for text, _, _ in GOLDEN] * 150
    together = embedded_engine().score(texts).probabilities
    alone = np.vstack([embedded_engine().score([text]).probabilities for text in texts[: len(GOLDEN)]])
    assert np.array_equal(together[: len(GOLDEN)], alone)
    assert np.array_equal(together[-len(GOLDEN) :], alone)


def test_satisfaction_is_told_of_praise_and_not_of_complaints_or_questions():
    told = embedded_engine().score([text for text, _, _ in GOLDEN]).to_arrow()["satisfaction"].to_pylist()
    by_label = {
        label: [chance for chance, row in zip(told, GOLDEN, strict=True) if row[1] == label] for label in LABELS
    }
    assert min(by_label["positive"]) > 0.5
    assert max(by_label["neutral"] + by_label["negative"]) < 0.5
    assert embedded_engine().score([None]).to_arrow()["satisfaction"].to_pylist() == [None]


def test_a_bare_fact_is_a_complaint_to_a_company_and_a_fact_elsewhere():
    facts = [
        "Заказ 4417 третий день не отправлен, трек не отслеживается",
        "В городе третий день идёт снег, дороги стоят",
    ]
    model = embedded_engine().model
    blocks = blocks_of([clean(fact) for fact in facts], bits=model.bits)
    near = model.table.logits(blocks, len(facts))[:, 4]
    assert near[0] > 0 > near[1]
    assert embedded_engine().score(facts).labels()[0] == "negative"


def test_scores_lie_between_minus_one_and_one():
    scores = embedded_engine().score([text for text, _, _ in GOLDEN]).scores()
    assert np.all(np.abs(scores) <= 1)


def test_no_texts_give_no_rows():
    assert embedded_engine().score([]).to_arrow().num_rows == 0


def test_a_long_text_is_cut_and_says_so():
    assert embedded_engine().score(["Сайт не работает. " * 60_000]).flags == ("truncated",)


def test_a_megabyte_is_scored_quickly():
    started = time.process_time()
    score_of("😀слово<b " * 100_000)
    assert time.process_time() - started < 1


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(JourneyMiningError, match="cannot be read") as caught:
        load_model(tmp_path / "none.npz")
    assert caught.value.code == "VOICE_MODEL"


def test_a_table_for_other_features_is_refused(tmp_path):
    with np.load(MODEL_FILE) as stored:
        np.savez(tmp_path / "old.npz", **{**stored, "feature_version": np.array(0)})
    with pytest.raises(JourneyMiningError, match="was trained for features 0"):
        load_model(tmp_path / "old.npz")

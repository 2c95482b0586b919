"""Adapting to one company, from the label file to the table that scores."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.errors import JourneyMiningError, NotFoundError
from journey_mining.project import Project, init_project, load_project
from journey_mining.sources import catalog_dir
from journey_mining.voice import engine_named, measure_levels, outdated_correction, score_texts, voice_marks
from journey_mining.voice.adapting import adapt, agreement
from journey_mining.voice.correction import save_correction
from journey_mining.voice.customer_texts import text_id
from journey_mining.voice.embedded import embedded_engine
from journey_mining.voice.evaluating import evaluate
from journey_mining.voice.label_file import LabelledText, write_csv
from journey_mining.voice.level_table import probabilities_of
from journey_mining.voice.places import adapted_file
from journey_mining.warehouse import DuckDBWarehouse
from support import given

NOON = datetime(2026, 5, 4, 12)  # noqa: DTZ001 - the warehouse holds UTC without a zone
# what these words mean only people of this company know
SAID = ("по стенду статус красный", "по стенду статус серый", "по стенду статус зеленый")
PLACES = ("Омск", "Тверь", "Псков", "Ухта", "Ейск", "Чита", "Орел")
PERSONS = 180


def event_id(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def company(tmp_path: Path) -> Project:
    """A published project in which every customer wrote one text, and the outer thirds rated a day later."""
    init_project(tmp_path / "p", template="b2b", sources=(), catalog=catalog_dir(), demo=True)
    project = load_project(tmp_path / "p")
    number = range(PERSONS)
    rated = [n for n in number if n % 3 != 1]
    texts = [(event_id(n), "desk", "customer", "ticket", None) for n in number]
    answers = [(event_id(n + 1000), "survey", "customer", "csat", (n % 3) / 2) for n in rated]
    voices = [(event_id(n), f"p{n}", f"j{n}", "support", NOON) for n in number]
    voices += [(event_id(n + 1000), f"p{n}", f"j{n}", "support", NOON + timedelta(days=1)) for n in rated]
    with DuckDBWarehouse(project.warehouse_file) as warehouse:
        given(warehouse, "event", "event_id source actor_type event_kind score_norm", texts + answers)
        said = [(event_id(n), f"{PLACES[n % 7]}, {SAID[n % 3]}", "ru") for n in number]
        given(warehouse, "event_text", "event_id text language", said)
        given(warehouse, "voice_event", "event_id person_id journey_id stage occurred_at", voices)
        given(warehouse, "segment_member", "journey_id segment", [(f"j{n}", "all_of_us") for n in number])
        score_texts(warehouse)
    return project


def labels_of(project: Project, numbers, *, wrong=False, unknown=0) -> Path:
    """A label file that says what the words mean, or nothing to do with it."""
    chance = np.random.default_rng(4)
    rows = [
        LabelledText(text_id=text_id(event_id(n)), text="", label=int(chance.integers(3)) if wrong else n % 3)
        for n in numbers
    ]
    rows += [LabelledText(text_id=f"tgone{n}", text="gone", label=0) for n in range(unknown)]
    write_csv(rows, project.root / "labels.csv", language="ru")
    return project.root / "labels.csv"


def test_what_the_labels_bear_out_scores_from_then_on(company):
    before = voice_marks(company)
    made = adapt(company, labels_of(company, range(165), unknown=2))
    assert made.is_written
    assert made.label_counts == (55, 55, 55)
    assert made.gone_count == 2
    assert made.after.estimate > 0.95 > made.before.estimate
    assert made.gain.low > 0
    engine = engine_named("embedded", root=company.root)
    assert engine.name == made.engine
    assert engine.score(SAID).labels() == ["negative", "neutral", "positive"]
    assert voice_marks(company) != before
    assert engine_named("shipped", root=company.root).name == embedded_engine().name


def test_adapting_again_gives_the_same_bytes(company):
    files = []
    for _ in range(2):
        adapt(company, labels_of(company, range(60)))
        files.append(adapted_file(company.root).read_bytes())
    assert files[0] == files[1]


def test_labels_without_sense_are_not_kept_and_remove_what_was(company):
    adapt(company, labels_of(company, range(60)))
    made = adapt(company, labels_of(company, range(60), wrong=True))
    assert not made.is_written
    assert made.engine == embedded_engine().name
    assert not adapted_file(company.root).exists()


def test_customers_with_a_label_are_not_counted_as_rated(company):
    made = adapt(company, labels_of(company, range(90)))
    assert made.rated_customer_count == 60


def test_levels_are_corrected_after_the_next_run_and_only_of_the_engine_that_scored(company):
    made = adapt(company, labels_of(company, range(165)))
    assert made.calibration.is_usable
    with DuckDBWarehouse(company.warehouse_file) as warehouse:
        # the texts still bear the scores of the shipped table
        assert measure_levels(warehouse, company).counts == {"voice_level": 0}
        score_texts(warehouse, engine=engine_named("embedded", root=company.root))
        measure_levels(warehouse, company)
        rows = warehouse.read_arrow("voice_level", order_by=["segment", "stage"]).to_pylist()
    assert [(row["segment"], row["stage"], row["customer_count"]) for row in rows] == [
        (segment, stage, PERSONS) for segment in ("all", "all_of_us") for stage in ("", "support")
    ]
    shares = [rows[0][name] for name in ("negative_share", "neutral_share", "positive_share")]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.05)
    assert rows[0]["interval_low"] < 0 < rows[0]["interval_high"]


def test_a_level_of_few_customers_cannot_be_worked_out_from_those_told(company):
    adapt(company, labels_of(company, range(165)))
    found = {}
    with DuckDBWarehouse(company.warehouse_file) as warehouse:
        score_texts(warehouse, engine=engine_named("embedded", root=company.root))
        for big, other in ((110, 66), (170, 6), (104, 0)):
            # everybody else belongs to a segment too small to be in any picture
            members = [(f"j{n}", "big" if n < big else "other") for n in range(big + other)]
            given(warehouse, "segment_member", "journey_id segment", members)
            measure_levels(warehouse, company)
            rows = warehouse.read_arrow("voice_level", order_by=["segment", "stage"]).to_pylist()
            found[other] = {row["segment"]: row["customer_count"] for row in rows if row["stage"] == "support"}
    assert found == {66: {"all": 176, "big": 110}, 6: {"all": 176}, 0: {"all": 104, "big": 104}}


def test_too_few_labels_for_levels_leave_the_index_only(company):
    made = adapt(company, labels_of(company, range(60)))
    assert not made.calibration.is_usable
    with DuckDBWarehouse(company.warehouse_file) as warehouse:
        score_texts(warehouse, engine=engine_named("embedded", root=company.root))
        assert measure_levels(warehouse, company).counts == {"voice_level": 0}


def test_texts_and_ratings_are_combined_only_where_they_agree(company):
    made = adapt(company, labels_of(company, range(165)))
    assert made.agreement.customer_count == 120
    assert made.agreement.may_be_combined
    chance = np.random.default_rng(2)
    scores, ratings = chance.random(150), chance.random(150)
    apart = agreement(scores, ratings, np.arange(150))
    assert not apart.may_be_combined
    assert apart.correlation.estimate == pytest.approx(spearmanr(scores, ratings).statistic)
    few = agreement(np.arange(99.0), np.arange(99.0), np.arange(99))
    assert few.correlation.estimate == pytest.approx(1)
    assert not few.may_be_combined


def test_a_comment_on_its_own_rating_teaches_and_is_no_second_telling(company):
    rated = [n for n in range(PERSONS) if n % 3 != 1]
    with DuckDBWarehouse(company.warehouse_file) as warehouse:
        for n in rated:
            scored = "update event set event_kind = 'review', score_norm = ? where event_id = ?"
            warehouse.execute(scored, [(n % 3) / 2, event_id(n)])
        # 44 of them answer nothing else
        for n in rated[:44]:
            warehouse.execute("update event set score_norm = null where event_id = ?", [event_id(n + 1000)])
    made = adapt(company, labels_of(company, range(165)))
    assert (made.agreement.customer_count, made.agreement.beside_count) == (76, 44)
    assert adapt(company, labels_of(company, range(90))).rated_customer_count == 60


def test_an_answer_at_the_same_instant_in_another_system_is_another_answer(company):
    with DuckDBWarehouse(company.warehouse_file) as warehouse:
        warehouse.execute("update voice_event set occurred_at = ?", [NOON])
    assert adapt(company, labels_of(company, range(165))).agreement.customer_count == 120
    with DuckDBWarehouse(company.warehouse_file) as warehouse:
        warehouse.execute("update event set source = 'desk'")
    assert adapt(company, labels_of(company, range(165))).agreement.customer_count == 0


def test_a_correction_of_an_older_table_is_left_aside_and_told(company):
    base = embedded_engine().model
    save_correction(base, replace(base, version="0"), adapted_file(company.root))
    assert engine_named("embedded", root=company.root).name == embedded_engine().name
    assert [problem.code for problem in outdated_correction(company)] == ["VOICE_CORRECTION"]


def test_the_evaluation_reads_texts_of_the_project_by_their_id(company):
    found = evaluate(engine_named("shipped"), labels_of(company, range(60)), company)
    assert found.text_count == 60
    assert [(group.group, group.text_count) for group in found.groups] == [("all", 60), ("ru", 60)]
    assert found.confusion.counts.sum() == 60
    assert set(found.as_json()) >= {"engine", "groups", "confusion", "calibration_error"}
    assert not found.is_corrected


def test_too_few_labels_are_refused(company):
    with pytest.raises(JourneyMiningError, match="holds 12 labels that can be used") as told:
        adapt(company, labels_of(company, range(12)))
    assert told.value.code == "VOICE_LABELS"


def test_a_project_that_was_never_run_has_nothing_to_adapt_to(company):
    company.warehouse_file.unlink()
    with pytest.raises(NotFoundError, match="journey run"):
        adapt(company, labels_of(company, range(60)))


def test_the_commands_lead_from_a_sample_to_figures_without_showing_a_text(company):
    def told(*words):
        done = CliRunner().invoke(app, ["voice", *words, "--project", str(company.root)])
        assert not {place for place in PLACES if place in done.output}
        return done.exit_code, " ".join(done.output.split())

    assert told("label", "--count", "40")[0] == 0
    assert {path.name for path in (company.root / "voice").iterdir()} == {"labels.xlsx", "labels.csv"}
    # a second sample would overwrite labels
    assert told("label", "--count", "40")[0] == 2
    labels = str(labels_of(company, range(165)))
    code, said = told("adapt", "--labels", labels)
    assert (code, "Kept as voice/adapted.npz" in said, "may be combined" in said) == (0, True, True)
    figures = company.root / "figures.json"
    code, said = told("evaluate", "--labels", labels, "--json", str(figures))
    assert (code, "the numbers are too good" in said) == (0, True)
    assert json.loads(figures.read_text("utf-8"))["is_corrected"]


def test_probabilities_come_back_from_score_label_and_confidence():
    texts = [*SAID, "Спасибо, всё отлично", "Ужасно, третий день лежит", "Подскажите, где счёт за май"]
    batch = embedded_engine().score(texts)
    found = probabilities_of(batch.to_arrow().to_pandas())
    assert found == pytest.approx(batch.probabilities, abs=2e-4)

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest

from journey_mining.simulation import CELLS, STAGES
from journey_mining.simulation.people import people
from journey_mining.simulation.truth import cumulative_incidence


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def episodes():
    found = people(11, 6000)
    return [
        (person.segment, STAGES[episode.stage], episode)
        for person in found
        for life in person.lives
        for episode in life.episodes
    ]


@pytest.fixture(scope="module")
def smb_decision(episodes):
    return [episode for segment, stage, episode in episodes if (segment, stage) == ("smb", "decision")]


def test_lives_lose_as_many_as_the_key_says(smb_decision):
    share = sum(episode.cause == "lost" for episode in smb_decision) / len(smb_decision)
    assert share == pytest.approx(CELLS["smb", "decision"].lost, abs=0.03)  # three standard errors of 2000


def test_losses_become_known_as_fast_as_the_key_says(smb_decision):
    true = cumulative_incidence("smb", "decision")["lost"]
    known = [episode.loss_known_at() - episode.entered for episode in smb_decision if episode.cause == "lost"]
    shares = [sum(days <= h for days in known) / len(smb_decision) for h in (14, 30, 45, 60)]
    assert shares == pytest.approx([true[h - 1] for h in (14, 30, 45, 60)], abs=0.033)


def test_progress_comes_as_fast_as_the_key_says(smb_decision):
    true = cumulative_incidence("smb", "decision")["progress"]
    stays = [episode.exited - episode.entered for episode in smb_decision if episode.cause == "progress"]
    shares = [sum(days <= h for days in stays) / len(smb_decision) for h in (3, 7, 14, 30)]
    assert shares == pytest.approx([true[h - 1] for h in (3, 7, 14, 30)], abs=0.033)


def test_the_three_ways_out_add_up_in_the_end():
    true = cumulative_incidence("corp", "support", episodes=5000)
    assert sum(true[cause][-1] for cause in ("progress", "back", "lost")) == pytest.approx(1, abs=0.003)


def test_small_business_in_decision_is_the_worst_cell():
    losses = {key: cell.lost for key, cell in CELLS.items()}
    assert max(losses, key=losses.__getitem__) == ("smb", "decision")


def test_implementation_has_the_worst_mood_in_every_segment():
    worst = {segment: min(STAGES, key=lambda stage: CELLS[segment, stage].mood) for segment, _ in CELLS}
    assert worst == {"smb": "implementation", "personal": "implementation", "corp": "implementation"}


def test_nobody_who_stays_is_silent_for_long(episodes):
    gaps = [
        later - earlier
        for _, _, episode in episodes
        for earlier, later in zip(episode.touches, (*episode.touches[1:], episode.exited), strict=True)
    ]
    assert max(gaps) < 13


def test_every_stay_has_two_touches_more_than_an_hour_apart(episodes):
    assert min(episode.touches[1] - episode.touches[0] for _, _, episode in episodes) > 1 / 24


def test_a_written_loss_is_known_before_the_silence_would_tell(episodes):
    written = [episode for _, _, episode in episodes if episode.written_at is not None]
    assert all(episode.loss_known_at() < episode.touches[-1] + 30 for episode in written)
    assert len(written) > 100


def test_every_cookie_of_the_export_is_in_the_key(world):
    known = {row["record_id"] for row in rows(world.text("answer_key/identity.csv.gz"))}
    known |= {row["value"] for row in rows(world.text("answer_key/excluded.csv"))}
    assert {hit["ym:pv:clientID"] for hit in world.hits()} <= known


def test_planted_strings_stand_in_ticket_texts(world):
    texts = world.text("zendesk/tickets_2026-09-28.ndjson.gz")
    cards = [secret for secret in world.text("answer_key/pii.txt.gz").splitlines() if secret.startswith("4000 ")]
    assert cards
    assert all(card in texts for card in cards)


def test_almost_everything_can_be_linked(world):
    flags = [row["is_linkable"] for row in rows(world.text("answer_key/identity.csv.gz"))]
    assert 0.98 < flags.count("1") / len(flags) <= 1
    assert len(flags) > 1000


def test_obvious_robots_say_so_and_the_others_hurry(world):
    excluded = {row["value"]: row["reason"] for row in rows(world.text("answer_key/excluded.csv"))}
    minutes = Counter((hit["ym:pv:clientID"], hit["ym:pv:dateTime"][:16]) for hit in world.hits())
    fast = {cookie for (cookie, _), count in minutes.items() if count > 60}
    assert fast == {cookie for cookie, reason in excluded.items() if reason == "bot_behaviour"}


def test_the_key_of_drop_off_states_the_silence_thresholds(world):
    key = json.loads(world.text("answer_key/drop_off.json"))
    assert key["silence_days"]["support"] == 45
    assert len(key["cells"]) == 21

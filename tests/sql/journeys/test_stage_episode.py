from __future__ import annotations

from journey_support import MINUTE, day, walk
from support import rows_of

DEAL = {"id": "crm", "act": "a", "day": -12.5, "event_kind": "deal_created", "channel": "crm"}


def stages(warehouse) -> list[str]:
    return [row[1] for row in rows_of(warehouse, "stage_episode", "episode_no stage")]


def test_an_episode_is_an_unbroken_stay_in_one_stage(warehouse, build) -> None:
    build(walk("a@0 c@1 c@2 d@3 c@4 c@5 d@6"), until=20)
    assert stages(warehouse) == ["a", "c", "d", "c", "d"]
    causes = [row[1] for row in rows_of(warehouse, "stage_episode", "episode_no cause")]
    assert causes == ["progress", "progress", "back", "progress", "open"]


def test_dwell_lasts_to_the_next_entry_and_the_last_stay_is_open(warehouse, build) -> None:
    build(walk("a@0 c@4 d@9"), until=20)
    rows = rows_of(warehouse, "stage_episode", "entered_at exited_at exit_known_at")
    assert rows == [(day(0), day(4), day(4)), (day(4), day(9), day(9)), (day(9), None, None)]


def test_a_glance_at_an_earlier_page_is_no_return(warehouse, build) -> None:
    build(walk("a@0 c@1 a@2 b@2.01 c@3"))
    assert stages(warehouse) == ["a", "c"]


def test_a_glance_changes_nothing_although_neutral_events_follow_it(warehouse, build) -> None:
    build(walk("a@0 c@1 a@2 n@4 c@6"))
    assert stages(warehouse) == ["a", "c"]


def test_a_visit_as_long_as_a_session_is_a_return(warehouse, build) -> None:
    build(walk(f"a@0 c@1 a@2 a@{2 + 30 * MINUTE} c@3"))
    assert stages(warehouse) == ["a", "c", "a", "c"]


def test_an_earlier_stage_in_the_crm_is_a_return_however_short(warehouse, build) -> None:
    rows = walk("a@0 c@1 b@2 c@2.001")
    build([{**row, "channel": "crm"} for row in rows])
    assert stages(warehouse) == ["a", "c", "b", "c"]


def test_within_a_return_a_glance_is_still_a_glance(warehouse, build) -> None:
    build(walk("a@0 d@1 b@2 b@3 a@4 b@5 d@6"))
    assert stages(warehouse) == ["a", "d", "b", "d"]


def test_a_glance_before_a_long_pause_keeps_the_threshold_of_the_stage_around_it(warehouse, build) -> None:
    build(walk("a@0 c@1 a@2 c@40"), silence={"c": "45d"})
    assert stages(warehouse) == ["a", "c"]


def test_the_last_stay_ends_as_its_journey_does(warehouse, build) -> None:
    texts = {"k": "a@0 won@5", "l": "a@0 lost@5", "m": "a@0 a@5", "n": "a@0 a@25"}
    build([row for who, text in texts.items() for row in walk(text, who=who)])
    assert rows_of(warehouse, "stage_episode", "person_id cause lost_how exited_at") == [
        ("k", "progress", None, day(5)),
        ("l", "lost", "status", day(5)),
        ("m", "lost", "silence", day(35)),
        ("n", "open", None, None),
    ]


def test_time_before_observation_is_a_delay_in_days(warehouse, build) -> None:
    build([DEAL, *walk("a@1 b@2")], since=0, until=20)
    rows = rows_of(warehouse, "stage_episode", "episode_no delay_days is_entry_observed")
    assert rows == [(1, 12.5, True), (2, 0.0, True)]


def test_a_change_of_stage_in_the_dark_dates_neither_stay(warehouse, build) -> None:
    build([DEAL, *walk("b@1 c@2")], since=0, until=20)
    rows = rows_of(warehouse, "stage_episode", "episode_no is_entry_observed")
    assert rows == [(1, False), (2, False), (3, True)]


def test_a_robot_between_lights_no_dark(warehouse, build) -> None:
    robot = {"id": "r", "act": "n", "day": 0.5, "actor_type": "system", "channel": "crm"}
    build([DEAL, robot, *walk("b@1")], since=0, until=20)
    assert rows_of(warehouse, "stage_episode", "episode_no is_entry_observed") == [(1, False), (2, False)]


def test_the_crm_dates_a_change_of_stage_even_in_the_dark(warehouse, build) -> None:
    build([DEAL, {"id": "won", "act": "b", "day": 1, "channel": "crm"}], since=0, until=20)
    assert rows_of(warehouse, "stage_episode", "episode_no is_entry_observed") == [(1, True), (2, True)]


def test_only_the_first_entry_of_an_uncertain_journey_is_unobserved(warehouse, build) -> None:
    build(walk("a@1 b@2"), since=0)
    assert rows_of(warehouse, "stage_episode", "episode_no is_entry_observed") == [(1, False), (2, True)]


def test_a_second_stay_in_a_stage_is_no_first_entry(warehouse, build) -> None:
    build(walk("a@0 b@1 a@2 a@3 b@4"))
    assert rows_of(warehouse, "stage_episode", "episode_no is_first_entry") == [
        (1, True),
        (2, True),
        (3, False),
        (4, False),
    ]

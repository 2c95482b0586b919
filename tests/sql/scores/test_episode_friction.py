from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from journey_mining.warehouse import model_named
from support import NOON, built, given, rows_of


def _at(hours: float):
    return NOON + timedelta(hours=hours)


@pytest.fixture
def frictions(warehouse):
    """Frictions of a journey whose stages and whose events (hour, channel, kind) are given."""

    def find(
        stages: str,
        events: list[tuple[float, str, str]],
        *,
        hours_per_stage: float = 1000,
        lost_at: float | None = None,
    ) -> list[tuple]:
        episodes = [
            ("j1", n, stage, _at((n - 1) * hours_per_stage), stage not in stages[: n - 1])
            for n, stage in enumerate(stages, 1)
        ]
        columns = "journey_id episode_no stage entered_at is_first_entry exited_at"
        lost = None if lost_at is None else _at(lost_at)
        rows = [(*row, lost) for row in episodes]
        given(warehouse, "stage_episode", columns, rows, exited_at=pa.timestamp("us"))
        given(warehouse, "stage", "stage stage_no", [("a", 1), ("b", 2), ("c", 3)])
        # of an event (hour, channel, kind) may follow who acts, where it happens and what it is about
        full = [(*event, *("customer", "here", "topic")[len(event) - 3 :]) for event in events]
        steps = [("j1", n, f"e{n}", _at(e[0]), e[1], e[2], e[4]) for n, e in enumerate(full, 1)]
        columns = "journey_id step_no event_id occurred_at channel event_kind touchpoint"
        given(warehouse, "journey_step", columns, steps)
        told = [(f"e{n}", "p1", n, "desk", e[2], _at(e[0]), e[3], e[5]) for n, e in enumerate(full, 1)]
        given(warehouse, "event", "event_id actor_type activity_raw", [(t[0], t[6], t[7]) for t in told])
        given(
            warehouse,
            "person_event",
            "event_id person_id event_no source event_kind occurred_at",
            [t[:6] for t in told],
        )
        given(warehouse, "run_setting", "as_of", [(_at(10000),)])
        models = "episode_step contact_friction episode_wait stage_wait episode_length episode_pattern"
        for model in models.split():
            warehouse.build(model_named(model))
        return built(warehouse, "episode_friction", "episode_no friction")

    return find


def test_a_stage_entered_again_from_a_later_one_is_a_return(frictions) -> None:
    assert frictions("aba", [(0, "web", "view")]) == [(3, "return")]


def test_a_first_entry_that_goes_back_is_no_return(frictions) -> None:
    assert frictions("ba", [(0, "web", "view")]) == []


def test_two_tickets_within_a_week_are_a_repeat_contact(frictions) -> None:
    week = 7 * 24
    assert frictions("a", [(0, "web", "ticket_created"), (week, "web", "ticket_created")]) == [(1, "repeat_contact")]
    assert frictions("a", [(0, "web", "ticket_created"), (week + 1, "web", "ticket_created")]) == []


def test_three_changes_of_channel_count(frictions) -> None:
    channels = ["web", "web", "phone", "email", "phone"]
    assert frictions("a", [(n, channel, "view") for n, channel in enumerate(channels)]) == [(1, "channel_switch")]
    assert frictions("a", [(n, channel, "view") for n, channel in enumerate(channels[:4])]) == []


def test_what_the_crm_notes_of_itself_is_no_change_of_channel(frictions) -> None:
    noted = [(4, "crm", "deal_lost", "system")]
    assert frictions("a", [(0, "web", "view"), (1, "phone", "call"), (2, "email", "email_in"), *noted]) == []


def test_our_own_letters_are_no_channel_that_the_customer_turned_to(warehouse, frictions) -> None:
    own = [(0, "web", "view"), (6, "web", "view"), (9, "web", "view")]
    ours = [(hour, "email", "email_out", "agent") for hour in (1, 7, 8)]
    assert frictions("a", sorted([*own, *ours])) == []
    # nor steps: what came after the second of the customer's own is known with it
    steps = rows_of(warehouse, "episode_step", "step_no episode_step_no is_own", order_by="step_no")
    assert [number for _, number, _ in steps] == [1, 1, 2, 2, 2, 3]
    assert rows_of(warehouse, "episode_pattern", "step_count") == [(3,)]


def test_the_entry_is_a_step_whoever_booked_it(warehouse, frictions) -> None:
    frictions("a", [(0, "crm", "deal_created", "system"), (1, "email", "email_out", "agent"), (2, "web", "view")])
    assert rows_of(warehouse, "episode_step", "step_no episode_step_no is_step") == [
        (1, 1, True),
        (2, 1, False),
        (3, 2, True),
    ]


def test_what_comes_after_the_loss_is_no_friction_of_the_stage(frictions) -> None:
    tickets = [(hour, "web", "ticket_created") for hour in (0, 30, 31, 32)]
    assert frictions("a", tickets) == [(1, "rage"), (1, "repeat_contact")]
    assert frictions("a", tickets, lost_at=20) == []
    turns = [(hour, "web", "view", "customer", place) for hour, place in enumerate("ababab")]
    assert frictions("a", turns, lost_at=2) == []
    channels = [(hour, channel, "view") for hour, channel in enumerate(["web", "phone", "web", "phone"])]
    assert frictions("a", channels, lost_at=3) == []


def test_tickets_about_something_else_are_no_repeat_contact(frictions) -> None:
    about = [(n, "web", "ticket_created", "customer", "here", topic) for n, topic in ((0, "bill"), (5, "outage"))]
    assert frictions("a", about) == []


def _asked(hours: float, waits: float) -> list[tuple]:
    return [
        (hours, "web", "ticket_created", "customer", "here", str(hours)),
        (hours + waits, "web", "ticket_reply", "agent"),
    ]


def test_an_answer_later_than_nine_in_ten_of_its_stage_is_a_long_wait(frictions) -> None:
    asked = [event for n in range(10) for event in _asked(200 * n, 1)]
    assert frictions("a", asked) == []
    assert frictions("a", [*asked, *_asked(2000, 5)], hours_per_stage=5000) == [(1, "long_wait")]


def test_a_wait_is_long_only_where_it_was_so_before_the_end(frictions) -> None:
    asked = [event for n in range(10) for event in _asked(200 * n, 1)]
    late = [*asked, *_asked(2000, 50)]
    # usual waits take an hour; the last question is answered after two days
    assert frictions("a", late, hours_per_stage=5000, lost_at=2000.5) == []
    assert frictions("a", late, hours_per_stage=5000, lost_at=2030) == [(1, "long_wait")]


def test_steps_are_counted_as_far_as_a_long_wait_before_the_end(warehouse, frictions) -> None:
    asked = [event for n in range(3) for event in _asked(20 * n, 4)]
    frictions("a", [*asked, (46, "web", "view"), (57, "web", "view")], lost_at=60)
    lengths = rows_of(warehouse, "episode_pattern", "step_count outwaited_step_count")
    assert lengths == [(5, 4)]  # the last step is three hours old at the end, a long wait takes four


def test_the_gap_to_the_customers_own_next_step_is_no_wait(frictions) -> None:
    own = [(hour, "web", "view") for hour in (*range(10), 900)]
    assert frictions("a", own) == []


def test_a_message_never_answered_is_told_apart_from_a_slow_answer(frictions) -> None:
    asked = [event for n in range(3) for event in _asked(200 * n, 1)]
    assert frictions("a", [*asked, (900, "web", "ticket_created", "customer", "here", "x")]) == [(1, "unanswered")]


def test_where_nobody_ever_answers_nothing_is_said_of_waiting(frictions) -> None:
    assert frictions("a", [(0, "web", "ticket_created")]) == []


def test_three_messages_within_a_day_are_rage(frictions) -> None:
    assert frictions("a", [(hour, "web", "chat_message") for hour in (0, 10, 24)]) == [(1, "rage")]
    assert frictions("a", [(hour, "web", "chat_message") for hour in (0, 10, 24.1)]) == []


def test_to_and_fro_is_counted_between_touchpoints(warehouse, frictions) -> None:
    walked = [(n, "web", "view", "customer", place) for n, place in enumerate("aabab")]
    assert frictions("a", walked) == [(1, "loop"), (1, "ping_pong")]
    # a repeat in a row is a step, though no turn
    assert rows_of(warehouse, "episode_pattern", "step_count ping_pong_step loop_step") == [(5, 5, 5)]


def test_friction_is_dated_by_the_step_at_which_it_is_met(warehouse, frictions) -> None:
    walked = [(n, "web", "view", "customer", place) for n, place in enumerate("xabaab")]
    calls = [(10 + n, "phone", "ticket_created") for n in range(3)]
    frictions("a", [*walked, *calls])
    assert rows_of(warehouse, "episode_friction", "friction first_step_no") == [
        ("loop", 6),
        ("ping_pong", 6),
        ("rage", 9),
        ("repeat_contact", 8),
    ]


def test_the_loss_itself_is_no_step_of_the_stage(warehouse, frictions) -> None:
    events = [(0, "web", "view"), (1, "web", "view"), (2, "crm", "deal_lost", "system")]
    frictions("a", events, lost_at=2)
    assert rows_of(warehouse, "episode_pattern", "step_count") == [(2,)]


def test_the_same_round_of_three_is_a_loop_without_ping_pong(frictions) -> None:
    assert frictions("a", [(n, "web", "view", "customer", place) for n, place in enumerate("abcabc")]) == [(1, "loop")]
    assert frictions("a", [(n, "web", "view", "customer", place) for n, place in enumerate("abcab")]) == []


def test_a_transfer_told_by_the_source_counts(frictions) -> None:
    assert frictions("a", [(0, "phone", "call_transferred", "agent")]) == [(1, "transfer")]


def test_events_of_another_stage_are_not_mixed_in(frictions) -> None:
    events = [(0, "web", "view"), (1, "phone", "view"), (50, "web", "view"), (51, "phone", "view")]
    assert frictions("ab", events, hours_per_stage=50) == []

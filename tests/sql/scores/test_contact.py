from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from support import NOON, built, given, rows_of

COLUMNS = "event_id topic answered_at solved_at followed_days next_days"


def _at(days: float):
    return NOON + timedelta(days=days)


@pytest.fixture
def contacts(warehouse):
    """Contacts from events (id, day, kind, actor, ticket, topic) of one customer; tickets are steps of the journey."""

    def find(*events: tuple) -> list[tuple]:
        given(warehouse, "run_setting", "as_of", [(_at(50),)])
        given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
        rows = [(e[0], "desk", e[2], e[3], _at(e[1]), e[5], None) for e in events]
        columns = "event_id source event_kind actor_type occurred_at activity_raw exclude"
        given(warehouse, "event", columns, rows, exclude=pa.string())
        objects = [(e[0], "ticket", e[4]) for e in events]
        given(warehouse, "event_object", "event_id object_type object_id", objects)
        steps = [(e[0], "j1", "p1", n, "support", e[2], _at(e[1])) for n, e in enumerate(events, 1)]
        step = "event_id journey_id person_id step_no stage event_kind occurred_at"
        given(warehouse, "journey_step", step, steps)
        return built(warehouse, "contact", COLUMNS)

    return find


def test_the_first_reply_of_a_human_answers(contacts) -> None:
    found = contacts(
        ("e1", 0, "ticket_created", "customer", "t1", "bill"),
        ("e2", 0.5, "ticket_reply", "bot", "t1", ""),
        ("e3", 1, "ticket_reply", "agent", "t1", ""),
        ("e4", 2, "ticket_solved", "agent", "t1", ""),
    )
    assert found == [("e1", "bill", _at(1), _at(2), 50.0, None)]


def test_a_solution_without_a_reply_answers_at_the_latest(contacts) -> None:
    found = contacts(
        ("e1", 0, "ticket_created", "customer", "t1", "bill"), ("e2", 2, "ticket_solved", "agent", "t1", "")
    )
    assert found[0][2:4] == (_at(2), _at(2))


def test_a_reopened_ticket_is_open_until_solved_again(contacts) -> None:
    told = (
        ("e1", 0, "ticket_created", "customer", "t1", "bill"),
        ("e2", 2, "ticket_solved", "agent", "t1", ""),
        ("e3", 3, "ticket_reopened", "customer", "t1", ""),
    )
    assert contacts(*told)[0][3] is None
    assert contacts(*told, ("e4", 5, "ticket_solved", "agent", "t1", ""))[0][3] == _at(5)


def test_what_happens_after_the_cutoff_is_not_known(contacts) -> None:
    found = contacts(
        ("e1", 48, "ticket_created", "customer", "t1", "bill"), ("e2", 51, "ticket_solved", "agent", "t1", "")
    )
    assert found == [("e1", "bill", None, None, 2.0, None)]


def test_the_next_contact_is_about_the_same(contacts) -> None:
    opened = [(0, "bill"), (1, "outage"), (3, "bill")]
    found = contacts(*((f"e{n}", d, "ticket_created", "customer", f"t{n}", t) for n, (d, t) in enumerate(opened)))
    assert [row[5] for row in found] == [3.0, None, None]


def test_a_ticket_is_known_to_be_opened_again_from_the_first_time_on(contacts, warehouse) -> None:
    contacts(
        ("e1", 0, "ticket_created", "customer", "t1", "bill"),
        ("e2", 2, "ticket_solved", "agent", "t1", ""),
        ("e3", 3, "ticket_reopened", "customer", "t1", ""),
        ("e4", 5, "ticket_reopened", "customer", "t1", ""),
        ("e5", 6, "ticket_created", "customer", "t2", "site"),
    )
    assert rows_of(warehouse, "contact", "event_id is_reopened reopened_at") == [
        ("e1", True, _at(3)),
        ("e5", False, None),
    ]

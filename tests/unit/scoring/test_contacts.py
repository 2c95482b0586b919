from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.contacts import ContactSources, contact_metrics, repeat_contact, waiting_cell
from journey_mining.scoring.occupancy import median_metric
from journey_mining.scoring.service_hours import ServiceHours
from journey_mining.vocabulary import Estimand

START = pd.Timestamp("2026-05-04 00:00")
AS_OF = START + timedelta(days=50)
BOTH = ContactSources(has_tickets=True, has_replies=True)


def _contacts(opened: list[float], *, solved: list[float | None] | None = None, next_days=None) -> pd.DataFrame:
    count = len(opened)
    solved = solved or [None] * count
    frame = pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in range(count)],
            "stage": ["support" if n % 2 else "renewal" for n in range(count)],
            "is_reopened": [n % 4 == 1 for n in range(count)],
            "person_no": np.arange(count),
            "segment": "smb",
            "opened_at": [START + timedelta(days=day) for day in opened],
            "followed_days": [50.0 - day for day in opened],
            "next_days": pd.Series(next_days or [None] * count, dtype="float64"),
        }
    )
    ends = [None if s is None else START + timedelta(days=o + s) for o, s in zip(opened, solved, strict=True)]
    frame["solved_at"] = frame["answered_at"] = pd.Series(ends, dtype="datetime64[us]")
    return frame


def test_contacts_too_young_to_know_are_left_out(reader) -> None:
    row = repeat_contact(_contacts([0, 3, 20, 48], next_days=[3, 17, 28, None]), reader, segment="smb")
    assert row.estimate == pytest.approx(1 / 3)
    assert (row.customer_count, row.event_count, row.horizon_days) == (3, 1, 7)


def test_open_tickets_lengthen_the_median(reader) -> None:
    frame = _contacts([45.0] * 5, solved=[1, 2, 3, None, None])
    row = median_metric(waiting_cell(frame, "solved_at", as_of=AS_OF), Estimand.RESOLUTION_MEDIAN, reader, segment="")
    assert row.estimate == pytest.approx(3.0)


def test_without_replies_there_is_no_first_response(reader) -> None:
    told = ContactSources(has_tickets=True, has_replies=False)
    rows = {r.estimand: r for r in contact_metrics(_contacts([0.0], solved=[1]), ["smb"], reader, told, as_of=AS_OF)}
    assert rows[Estimand.FIRST_RESPONSE_MEDIAN].estimate is None
    assert "no_source" in rows[Estimand.FIRST_RESPONSE_MEDIAN].flags
    assert rows[Estimand.RESOLUTION_MEDIAN].estimate == pytest.approx(1.0)


def test_the_slowest_tenth_is_read_from_the_same_curve(reader) -> None:
    frame = _contacts([0.0] * 10, solved=[float(day) for day in range(1, 11)])
    rows = {r.estimand: r for r in contact_metrics(frame, ["smb"], reader, BOTH, as_of=AS_OF)}
    assert (rows[Estimand.RESOLUTION_MEDIAN].estimate, rows[Estimand.RESOLUTION_Q90].estimate) == (5.0, 9.0)


HOURS = ServiceHours(opens=time(9), closes=time(18), weekdays=(1, 2, 3, 4, 5), holidays=(), timezone="Europe/Moscow")


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-05-04 06:00", "2026-05-04 07:30", 1.5),  # Monday 9:00 to 10:30 in Moscow
        ("2026-05-04 14:00", "2026-05-05 07:00", 2.0),  # 17:00 to 10:00 of the next day
        ("2026-05-08 14:00", "2026-05-11 07:00", 2.0),  # over a weekend
        ("2026-05-09 08:00", "2026-05-10 08:00", 0.0),
    ],
)
def test_only_hours_of_service_count(begin: str, end: str, hours: float) -> None:
    seconds = HOURS.seconds_between(pd.Series([pd.Timestamp(begin)]), pd.Series([pd.Timestamp(end)]))
    assert seconds[0] == pytest.approx(hours * 3600)


def test_a_holiday_has_no_hours_of_service() -> None:
    free = ServiceHours(
        opens=time(9), closes=time(18), weekdays=(1, 2, 3, 4, 5), holidays=(date(2026, 5, 5),), timezone="UTC"
    )
    span = pd.Series([pd.Timestamp("2026-05-04 17:00")]), pd.Series([pd.Timestamp("2026-05-06 10:00")])
    assert free.seconds_between(*span)[0] == pytest.approx(2 * 3600)


def test_tickets_opened_again_count_among_those_that_were_solved(reader) -> None:
    told = replace(BOTH, has_reopenings=True)
    frame = _contacts([0.0] * 8, solved=[1, 1, 1, None, None, None, 1, 1])
    rows = contact_metrics(frame, ["smb"], reader, told, as_of=AS_OF, stages=("support", "renewal"))
    found = {row.stage: (row.estimate, row.customer_count) for row in rows if row.estimand == Estimand.REOPENED}
    # the first and the fifth of the odd ones were opened again, the fifth is still open
    assert found == {"": (pytest.approx(2 / 6), 6), "support": (pytest.approx(2 / 3), 3), "renewal": (0.0, 3)}


def test_where_no_source_tells_of_reopening_it_is_not_nought(reader) -> None:
    rows = contact_metrics(_contacts([0.0], solved=[1]), ["smb"], reader, BOTH, as_of=AS_OF)
    [row] = [row for row in rows if row.estimand == Estimand.REOPENED]
    assert (row.estimate, "no_source" in row.flags) == (None, True)


def test_numbers_of_a_stage_are_of_the_tickets_opened_in_it(reader) -> None:
    frame = _contacts([0.0] * 4, solved=[1.0, 8.0, 1.0, 8.0])
    rows = contact_metrics(frame, ["smb"], reader, BOTH, as_of=AS_OF, stages=("support", "renewal"))
    found = {row.stage: row.estimate for row in rows if row.estimand == Estimand.RESOLUTION_MEDIAN}
    assert found == {"": 1.0, "support": 8.0, "renewal": 1.0}

from __future__ import annotations

from journey_support import MINUTE, walk
from support import rows_of

SECOND = MINUTE / 60
FORM = {"id": "form", "priority": 1, "stage": "b", "touchpoint": "page_b", "when": {"event_kind": ["form", "lead"]}}


def told(*rows: tuple[str, str, float]) -> list[dict]:
    return [
        {"id": f"e{n}", "act": "x", "source": source, "event_kind": kind, "day": seconds * SECOND}
        for n, (source, kind, seconds) in enumerate(rows)
    ]


def duplicates(warehouse) -> list[tuple]:
    return rows_of(warehouse, "duplicate_event", "event_id duplicate_of")


def hits(count: int, seconds: float, who: str = "p") -> list[dict]:
    return [{"id": f"{who} {n}", "who": who, "act": "a", "day": n * seconds * SECOND} for n in range(count)]


def test_a_form_and_its_lead_within_five_minutes_are_one_event(warehouse, build) -> None:
    report = build(told(("web", "form", 0), ("crm", "lead", 40), ("crm", "lead", 4000)), rules=[FORM])
    assert duplicates(warehouse) == [("e1", "e0")]
    assert report.counts["events of persons"] == 2


def test_two_forms_of_one_source_stay_two_events(warehouse, build) -> None:
    build(told(("web", "form", 0), ("crm", "lead", 40), ("web", "form", 100)), rules=[FORM])
    assert duplicates(warehouse) == [("e1", "e0")]


def test_the_same_minute_of_two_persons_is_no_duplicate(warehouse, build) -> None:
    rows = told(("web", "form", 0), ("crm", "lead", 40))
    build([rows[0], {**rows[1], "who": "q"}], rules=[FORM])
    assert duplicates(warehouse) == []


def test_what_holds_a_deal_a_text_or_a_score_is_kept_and_the_other_folded(warehouse, build) -> None:
    form, lead = told(("web", "form", 0), ("crm", "lead", 40))
    held = [("deal", "D1"), ("text", "words"), ("score_norm", 0.5)]
    pairs = [({**form, "id": f"{k}-form", "who": k}, {**lead, "id": f"{k}-lead", "who": k, k: v}) for k, v in held]
    build([row for pair in pairs for row in pair], rules=[FORM])
    assert duplicates(warehouse) == [(f"{kind}-form", f"{kind}-lead") for kind in ("deal", "score_norm", "text")]


def test_two_tellings_that_both_hold_something_both_stay(warehouse, build) -> None:
    form, lead = told(("web", "form", 0), ("crm", "lead", 40))
    build([{**form, "text": "words"}, {**lead, "deal": "D1"}], rules=[FORM])
    assert duplicates(warehouse) == []


def test_each_deal_takes_the_form_nearest_to_it(warehouse, build) -> None:
    rows = told(("web", "form", 0), ("crm", "lead", 40), ("web", "form", 100), ("crm", "lead", 140))
    build([{**row, "deal": row["id"]} if row["source"] == "crm" else row for row in rows], rules=[FORM])
    assert duplicates(warehouse) == [("e0", "e1"), ("e2", "e3")]


def test_a_duplicate_lies_within_five_minutes_of_what_it_repeats(warehouse, build) -> None:
    build(told(("crm", "lead", 0), *(("web", "form", 240 * n) for n in range(1, 8))), rules=[FORM])
    assert duplicates(warehouse) == [("e1", "e0")]


def test_a_support_form_folds_into_its_ticket(warehouse, build) -> None:
    ticket = {"source": "desk", "channel": "email", "event_kind": "ticket_created", "text": "words"}
    same = {**FORM, "when": {"activity_re": "^x$"}}
    build([told(("web", "form", 0))[0], {"id": "t", "act": "x", "day": 30 * SECOND, **ticket}], rules=[same])
    assert rows_of(warehouse, "journey_step", "event_id event_kind") == [("t", "ticket_created")]
    assert rows_of(warehouse, "voice_event", "event_id") == [("t",)]


def test_an_outcome_is_never_folded_away(warehouse, build) -> None:
    lead = {**FORM, "id": "lead", "priority": 0, "outcome": "won", "when": {"event_kind": ["lead"]}}
    build(told(("web", "form", 0), ("crm", "lead", 40)), rules=[lead, FORM])
    assert duplicates(warehouse) == []


def test_a_pace_no_human_keeps_is_a_bot(warehouse, build) -> None:
    paces = {"60 a minute": (60, 0.5), "61 a minute": (61, 0.5), "61 in 90 s": (61, 1.5)}
    days = {"500 a day": (500, 60), "501 a day": (501, 60)}
    build([row for who, (count, seconds) in {**paces, **days}.items() for row in hits(count, seconds, who=who)])
    assert rows_of(warehouse, "crowded_person", "person_id reason") == [
        ("501 a day", "more than 500 web events in a day"),
        ("61 a minute", "more than 60 web events in a minute"),
    ]


def test_a_bot_loses_its_web_events_only(warehouse, build) -> None:
    build([*hits(61, 0.5), {"id": "mail", "act": "a", "day": 1, "channel": "email"}])
    assert rows_of(warehouse, "person_event", "event_id") == [("mail",)]


def test_what_the_source_excluded_stays_out_and_is_counted(warehouse, build) -> None:
    probe = {"id": "probe", "act": "a", "day": 0, "exclude": "test", "exclude_reason": "test deal"}
    build([probe, *walk("a@1")])
    assert rows_of(warehouse, "excluded_event", "event_id exclude reason") == [("probe", "test", "test deal")]
    assert rows_of(warehouse, "journey_step", "event_id") == [("e0",)]


OWN = {"exclude": "internal", "exclude_reason": "own domain", "own_mail": "agent"}


def test_a_colleague_is_no_customer_in_any_event(warehouse, build) -> None:
    card = {"id": "card", "act": "n", "day": 0, "source": "crm", **OWN}
    build([card, *walk("a@1"), *walk("a@1", who="q")])
    assert rows_of(warehouse, "excluded_event", "event_id exclude reason") == [
        ("card", "internal", "own domain"),
        ("e0", "internal", "person of the own domain"),
    ]


def test_a_ticket_forwarded_by_an_agent_makes_no_colleague_of_the_customer(warehouse, build) -> None:
    build([*walk("a@0 a@1", mail="customer"), {"id": "forwarded", "act": "a", "day": 2, **OWN}])
    assert rows_of(warehouse, "excluded_event", "event_id") == [("forwarded",)]
    assert rows_of(warehouse, "journey", "person_id event_count") == [("p", 2)]


def test_a_customer_without_an_address_is_no_colleague_for_one_forwarded_ticket(warehouse, build) -> None:
    build([*walk("a@0 a@1"), {"id": "forwarded", "act": "a", "day": 2, **OWN}])
    assert rows_of(warehouse, "staff_person", "person_id") == []


def test_an_event_that_also_shows_a_customer_s_address_betrays_no_colleague(warehouse, build) -> None:
    build([{"id": "copy", "act": "a", "day": 0, "source": "crm", **OWN, "mail": "customer"}, *walk("a@1")])
    assert rows_of(warehouse, "excluded_event", "event_id") == [("copy",)]

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journey_mining.journeys import build_journeys
from journey_mining.project import init_project, load_project
from journey_support import write_events, write_status
from support import rows_of

Place = Callable[[str, list[dict[str, Any]]], list[tuple[Any, ...]]]


def web(path: str, **more: str) -> dict[str, Any]:
    return {"event_kind": "pageview", "channel": "web", "act": path, "url_path": path, **more}


def crm(kind: str, pipeline: str = "Продажи") -> dict[str, Any]:
    return {"event_kind": kind, "channel": "crm", "act": "Новая", "pipeline": pipeline, "actor_type": "system"}


def ticket(matter: str, kind: str = "ticket_created") -> dict[str, Any]:
    return {"event_kind": kind, "channel": "email", "act": f"Тикет{matter}"}


@pytest.fixture
def place(warehouse, tmp_path: Path) -> Place:
    """Stage, touchpoint and outcome that a template gives to events, one a day."""

    def run(template: str, events: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        init_project(tmp_path / "p", template=template, sources=(), catalog=tmp_path)
        write_events(warehouse, [{"id": f"e{n:02}", "day": n, **event} for n, event in enumerate(events)])
        write_status(warehouse, ("web", True, -100, 50))
        build_journeys(warehouse, load_project(tmp_path / "p"))
        return [row[1:] for row in rows_of(warehouse, "person_event", "event_no stage_seen touchpoint outcome")]

    return run


def test_the_site_of_the_hosting_company_is_placed(place) -> None:
    social = web("/smb/blog/dns", referrer_host="away.vk.com")
    pages = [web("/smb", utm_medium="cpc"), social, web("/corp/"), web("/personal/news/x"), web("/smb/pricing")]
    more = [web("/corp/docs/api"), web("/smb/compare"), web("/smb/checkout"), web("/smb/order", event_kind="goal")]
    assert [row[:2] for row in place("it_services", [*pages, *more, web("/promo-x/y")])] == [
        ("awareness", "ad"),
        ("awareness", "social"),
        ("awareness", "landing"),
        ("awareness", "blog"),
        ("research", "pricing"),
        ("research", "docs"),
        ("research", "cases"),
        ("decision", "order_page"),
        ("decision", "request"),
        (None, None),
    ]


def test_what_a_script_sends_on_its_own_is_known_and_moves_nobody(place) -> None:
    assert place("it_services", [web("/smb/pricing", event_kind="hit")]) == [(None, None, None)]


def test_the_panel_and_the_help_are_placed(place) -> None:
    paths = ["/panel/setup", "/panel/migration", "/panel/servers", "/help/ssl", "/panel/nps", "/panel/prolong"]
    assert [row[:2] for row in place("it_services", [web(path) for path in paths])] == [
        ("implementation", "setup"),
        ("implementation", "migration"),
        ("support", "panel"),
        ("support", "help"),
        ("feedback", "review_form"),
        ("renewal", "billing"),
    ]


def test_a_sale_leads_to_implementation_and_a_renewal_ends_the_journey(place) -> None:
    sale = [crm(f"deal_{kind}") for kind in ("created", "stage_changed", "won", "lost")]
    renewal = [crm(f"deal_{kind}", "Продление") for kind in ("created", "lost", "won")]
    assert place("it_services", [*sale, *renewal, crm("contact_created")]) == [
        ("decision", "request", None),
        ("decision", "sales_deal", None),
        ("implementation", "contract", None),
        (None, "sales_deal", "lost"),
        ("renewal", "renewal_deal", None),
        (None, "renewal_deal", "lost"),
        ("renewal", "renewal_deal", "won"),
        (None, None, None),
    ]


def test_only_the_opening_of_a_ticket_about_a_matter_moves_a_customer(place) -> None:
    matters = [ticket(f": {m}") for m in ("presale", "onboarding", "incident", "billing")]
    others = [ticket(""), ticket(": onboarding", "ticket_solved"), ticket(": support", "csat")]
    stages = [row[0] for row in place("it_services", [*matters, *others])]
    assert stages == ["research", "implementation", "support", "renewal", None, None, None]


def test_in_retail_a_question_after_paying_belongs_to_assessment(place) -> None:
    kinds = ["chat_message", "order_paid", "chat_message"]
    events = [{"act": "x", "channel": "chat", "event_kind": kind} for kind in kinds]
    good = {"act": "x", "channel": "survey", "event_kind": "nps", "score_norm": 0.9}
    bad = {**good, "score_norm": 0.3}
    assert place("retail", [*events, bad, good]) == [
        ("search", "question", None),
        ("purchase", "payment", None),
        ("assessment", "help_ticket", None),
        (None, "rating", None),
        ("advocacy", "referral", "won"),
    ]


def test_in_b2b_the_same_visit_means_more_after_the_contract(place) -> None:
    events = [web("/"), web("/uslugi/"), crm("deal_created"), crm("deal_won"), web("/"), crm("deal_created")]
    assert place("b2b", events) == [
        ("search", "site", None),
        ("search", "service_page", None),
        ("buy", "contract", None),
        ("receive", "contract", None),
        ("receive", "client_area", None),
        ("repeat", "repeat_deal", "won"),
    ]

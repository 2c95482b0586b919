from __future__ import annotations

from pathlib import Path

import pytest

from journey_mining.project import init_project, load_project, template_ids

ICONS = {
    *("search", "ad", "page", "price", "calc", "chat", "phone", "mail", "cart", "card", "ticket", "panel", "book"),
    *("star", "survey", "renew", "review", "social", "doc", "eye-off", "dot"),
}


@pytest.fixture(params=["b2b", "it_services", "retail"])
def template(request: pytest.FixtureRequest, tmp_path: Path):
    init_project(tmp_path / "p", template=request.param, sources=(), catalog=tmp_path, inbox="letters")
    return load_project(tmp_path / "p")


def test_three_templates_are_shipped() -> None:
    assert template_ids() == ["b2b", "it_services", "retail"]


def test_a_template_loads_and_takes_the_inbox_named(template) -> None:
    assert template.settings.inbox.path == "letters"
    assert template.settings.project.template == template.stages.id


def test_a_template_uses_known_icons_only(template) -> None:
    assert {touchpoint.icon for touchpoint in template.stages.touchpoint} <= ICONS


def test_each_touchpoint_of_ours_is_met_by_a_rule_and_no_other_is(template) -> None:
    met = {rule.touchpoint for rule in template.stages.rule} - {""}
    assert met == {touchpoint.id for touchpoint in template.stages.touchpoint if touchpoint.ours}


def test_each_touchpoint_that_is_not_ours_names_its_stage(template) -> None:
    absent = [touchpoint for touchpoint in template.stages.touchpoint if not touchpoint.ours]
    assert absent
    assert all(touchpoint.stage for touchpoint in absent)


def test_each_stage_can_be_reached_and_says_what_the_customer_wants(template) -> None:
    assert {rule.stage for rule in template.stages.rule} - {""} == set(template.stage_numbers())
    assert all(stage.goal_ru and stage.goal_en for stage in template.stages.stage)


def test_a_template_declares_personas_actions_and_an_intended_path(template) -> None:
    knowledge = template.knowledge
    assert knowledge.persona
    assert knowledge.action
    assert knowledge.intended

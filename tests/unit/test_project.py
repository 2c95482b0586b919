from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from journey_mining.errors import SettingsError
from journey_mining.project import Settings, StageMap, init_project, load_project, template_ids
from journey_mining.project.values import parse_duration, validated

STAGES = [{"id": "a", "ru": "А", "en": "A"}, {"id": "b", "ru": "Б", "en": "B"}]


@pytest.mark.parametrize("text", ["45", 45, "45 years", "", "-3d"])
def test_a_duration_without_a_known_unit_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="unit"):
        parse_duration(text)


def test_every_fault_of_a_file_is_in_one_error() -> None:
    with pytest.raises(SettingsError) as error:
        validated(Settings, {"journeys": {"silense": "45d", "unit": "household"}}, where="journey.toml")
    assert "silense" in str(error.value)
    assert "Did you mean 'silence'" in str(error.value)
    assert "household" in str(error.value)


def test_a_rule_may_name_only_stages_that_exist() -> None:
    rule = {"id": "r", "priority": 1, "stage": "c", "when": {}}
    with pytest.raises(SettingsError, match="unknown stage 'c'"):
        validated(StageMap, {"id": "x", "stage": STAGES, "rule": [rule]}, where="stages.toml")


def test_two_rules_may_not_share_a_priority() -> None:
    rules = [{"id": name, "priority": 1, "when": {}} for name in ("r", "s")]
    with pytest.raises(SettingsError, match="priority"):
        validated(StageMap, {"id": "x", "stage": STAGES, "rule": rules}, where="stages.toml")


@pytest.mark.parametrize("template", ["it_services", "retail", "b2b"])
def test_every_template_makes_a_project_that_loads(template: str, tmp_path: Path) -> None:
    init_project(tmp_path / "p", template=template, sources=(), catalog=tmp_path, inbox="arrivals", demo=True)
    project = load_project(tmp_path / "p")
    assert project.inbox == (tmp_path / "p" / "arrivals").resolve()
    assert project.settings.privacy.public_demo_key


def test_there_are_three_templates() -> None:
    assert template_ids() == ["b2b", "it_services", "retail"]


def test_a_full_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(SettingsError, match="not empty"):
        init_project(tmp_path, template="b2b", sources=(), catalog=tmp_path)


def test_an_unknown_source_is_named_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "catalog" / "zendesk").mkdir(parents=True)
    (tmp_path / "catalog" / "zendesk" / "spec.toml").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="Did you mean 'zendesk'"):
        init_project(tmp_path / "p", template="b2b", sources=("zendesc",), catalog=tmp_path / "catalog")


def test_a_knowledge_file_may_not_name_a_stage_that_is_not_there(tmp_path: Path) -> None:
    init_project(tmp_path / "p", template="it_services", sources=(), catalog=tmp_path)
    actions = tmp_path / "p" / "knowledge" / "actions.toml"
    actions.write_text('[[action]]\nid = "x"\nstage = "nowhere"\nru = "а"\nen = "a"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="nowhere"):
        load_project(tmp_path / "p")


def _with_knowledge(folder: Path, name: str, text: str) -> Path:
    init_project(folder, template="it_services", sources=(), catalog=folder.parent)
    (folder / "knowledge" / name).write_text(text, encoding="utf-8")
    return folder


def test_targets_and_expectations_are_read(tmp_path: Path) -> None:
    action = '[[action]]\nid = "x"\nstage = "decision"\nru = "а"\nen = "a"\nsince = 2026-05-04\n'
    folder = _with_knowledge(
        tmp_path / "p", "actions.toml", action + 'expected = { metric = "drop_off", change = -0.05 }\n'
    )
    (folder / "knowledge" / "targets.toml").write_text('[[target]]\nstage = "decision"\ndrop_off = 0.3\n', "utf-8")
    knowledge = load_project(folder).knowledge
    assert knowledge.target[0].drop_off == 0.3
    assert (knowledge.action[0].since, knowledge.action[0].expected.change) == (date(2026, 5, 4), -0.05)


def test_a_target_needs_a_stage_that_is_there(tmp_path: Path) -> None:
    folder = _with_knowledge(tmp_path / "p", "targets.toml", '[[target]]\nstage = ""\ndrop_off = 0.3\n')
    with pytest.raises(SettingsError, match="target: stage ''"):
        load_project(folder)


def test_service_hours_close_after_they_open(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    init_project(folder, template="it_services", sources=(), catalog=tmp_path)
    with (folder / "journey.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[scores.service_hours]\nopens = "18:00"\ncloses = "09:00"\n')
    with pytest.raises(SettingsError, match="must be later"):
        load_project(folder)

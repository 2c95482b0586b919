from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import journey_mining.project as projects
from journey_mining.errors import SettingsError
from journey_mining.mining.intended import intended_tree
from journey_mining.project import Knowledge, load_project
from journey_mining.project.values import validated

TEMPLATE = Path(projects.__file__).parent / "templates" / "it_services"


def path(*steps: object) -> projects.IntendedPath:
    return validated(Knowledge, {"intended": [{"steps": list(steps)}]}, where="intended_path.toml").intended[0]


@pytest.mark.parametrize(
    ("steps", "tree"),
    [
        (["a", "b"], "->( 'a', 'b' )"),
        (["a"], "'a'"),
        ([{"optional": "a"}, "b"], "->( X( tau, 'a' ), 'b' )"),
        ([{"any_of": ["a", ["b", "c"]]}], "X( 'a', ->( 'b', 'c' ) )"),
        ([{"in_any_order": ["a", {"optional": "b"}]}], "+( 'a', X( tau, 'b' ) )"),
        ([{"repeat": ["a", "b"]}], "*( ->( 'a', 'b' ), tau )"),
    ],
)
def test_steps_become_a_tree(steps: list[object], tree: str) -> None:
    assert str(intended_tree(path(*steps))) == tree


def test_optional_stages_may_be_left_out_without_saying_so_again() -> None:
    assert str(intended_tree(path("a", "b"), optional={"b"})) == "->( 'a', X( tau, 'b' ) )"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"optionl": "a"}, "Did you mean 'optional'?"),
        ({"optional": "a", "repeat": "b"}, "found ['optional', 'repeat']"),
        ({}, "found nothing"),
        ({"in_any_order": list("abcdefg")}, "at most 6"),
        (3, "steps.0"),
    ],
)
def test_a_wrong_step_is_named(step: object, words: str) -> None:
    with pytest.raises(SettingsError, match=r"intended_path\.toml") as fault:
        path(step)
    assert words in str(fault.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('steps = ["awareness", { any_of = ["pricng", "docs"] }]', "step 'pricng' Did you mean 'pricing'"),
        ('stages = ["awarenes"]', "step 'awarenes' Did you mean 'awareness'"),
        ('segment = "corpo"\nstages = ["awareness"]', "segment 'corpo' Did you mean 'corp'"),
        ('stages = ["awareness"]\nsteps = ["research"]', "either stages or steps"),
        ('stages = ["awareness"]\n[[intended]]\nstages = ["research"]', "two for the segments ['all']"),
    ],
)
def test_names_must_be_those_of_the_project(tmp_path: Path, text: str, words: str) -> None:
    root = tmp_path / "project"
    shutil.copytree(TEMPLATE, root)
    (root / "knowledge" / "intended_path.toml").write_text(f"[[intended]]\n{text}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as fault:
        load_project(root)
    assert words in str(fault.value)


@pytest.mark.parametrize("template", ["b2b", "it_services", "retail"])
def test_every_template_has_a_way_that_can_be_compared(template: str) -> None:
    for intended in load_project(TEMPLATE.parent / template).knowledge.intended:
        assert intended_tree(intended).children

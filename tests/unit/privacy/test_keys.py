from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from journey_mining.errors import SettingsError
from journey_mining.privacy import DEMO_KEY, load_key, load_keys
from journey_mining.privacy.keys import rotate_key
from journey_mining.project import Project, Settings
from journey_mining.project.knowledge import Knowledge
from journey_mining.project.segments import Segments
from journey_mining.project.stages import StageMap


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def project_at(root: Path, **privacy: object) -> Project:
    stages = StageMap.model_validate({"id": "t", "stage": [{"id": i, "ru": i, "en": i} for i in "ab"]})
    settings = Settings.model_validate({"privacy": privacy})
    return Project(root=root, settings=settings, stages=stages, segments=Segments(), knowledge=Knowledge())


def test_the_demo_key_is_taken_where_settings_ask_for_it(tmp_path: Path) -> None:
    assert load_key(project_at(tmp_path, public_demo_key=True), environment={"JOURNEY_KEY": "s" * 40}) == DEMO_KEY


def test_the_environment_comes_before_the_file(tmp_path: Path, home: Path) -> None:
    assert load_key(project_at(tmp_path / "p"), environment={"JOURNEY_KEY": "s" * 40}, home=home) == b"s" * 40


def test_a_key_file_is_made_once(tmp_path: Path, home: Path) -> None:
    project = project_at(tmp_path / "p")
    assert load_key(project, environment={}, home=home) == load_key(project, environment={}, home=home)


def test_a_new_key_file_is_for_its_owner_only(tmp_path: Path, home: Path) -> None:
    load_key(project_at(tmp_path / "p"), environment={}, home=home)
    assert stat.S_IMODE((home / ".config" / "journey_mining" / "key").stat().st_mode) == 0o600


def test_a_key_file_that_others_read_is_refused(tmp_path: Path, home: Path) -> None:
    load_key(project_at(tmp_path / "p"), environment={}, home=home)
    (home / ".config" / "journey_mining" / "key").chmod(0o644)
    with pytest.raises(SettingsError, match="can be read by other users"):
        load_key(project_at(tmp_path / "p"), environment={}, home=home)


def test_a_key_file_inside_the_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="inside the project"):
        load_key(project_at(tmp_path, key_file="key"), environment={})


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds a key of 3 characters"):
        load_key(project_at(tmp_path), environment={"JOURNEY_KEY": "abc"})


def test_a_rotated_key_keeps_the_former_ones_behind_it(tmp_path: Path, home: Path) -> None:
    project = project_at(tmp_path / "p")
    first = load_key(project, environment={}, home=home)
    path = rotate_key(project, environment={}, home=home)
    rotate_key(project, environment={}, home=home)
    keys = load_keys(project, environment={}, home=home)
    assert (len(set(keys)), keys[2], keys[0]) == (3, first, load_key(project, environment={}, home=home))
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_in_the_environment_the_keys_are_the_users_to_set(tmp_path: Path) -> None:
    project = project_at(tmp_path / "p")
    with pytest.raises(SettingsError, match="JOURNEY_FORMER_KEYS is not set"):
        rotate_key(project, environment={"JOURNEY_KEY": "n" * 40})
    variables = {"JOURNEY_KEY": "n" * 40, "JOURNEY_FORMER_KEYS": f"{'o' * 40} {'p' * 40}"}
    assert rotate_key(project, environment=variables) is None
    assert load_keys(project, environment=variables) == (b"n" * 40, b"o" * 40, b"p" * 40)


def test_the_demo_key_is_not_rotated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="published demo key"):
        rotate_key(project_at(tmp_path, public_demo_key=True), environment={})


def test_a_key_file_of_somebody_else_is_refused(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_key(project_at(tmp_path / "p"), environment={}, home=home)
    path = home / ".config" / "journey_mining" / "key"
    monkeypatch.setattr("os.getuid", lambda: 12345)
    if path.stat().st_uid == 0:
        os.chown(path, 54321, -1)
    with pytest.raises(SettingsError, match=r"belongs to another user.*Expected: .*To do: "):
        load_key(project_at(tmp_path / "p"), environment={}, home=home)


def test_a_link_into_the_project_is_no_place_for_a_key(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "key").write_text("k" * 40)
    (tmp_path / "elsewhere").symlink_to(tmp_path / "p" / "key")
    with pytest.raises(SettingsError, match="inside the project"):
        load_key(project_at(tmp_path / "p", key_file=str(tmp_path / "elsewhere")), environment={})

"""What operators type: doctor, schedules of other programs, logs for machines."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import made_project
from journey_mining.cli import app
from journey_mining.console_lines import LogFormat, lines_failure
from journey_mining.doctor import examine
from journey_mining.errors import JourneyMiningError, SettingsError
from journey_mining.runs import project_lock
from journey_mining.schedules import crontab_lines, pipelines_root, systemd_units

NOW = datetime(2026, 9, 29, 1, tzinfo=UTC)
ROOT = Path("/srv/maps/shop 100%")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made_project(tmp_path / "p", inbox=Path("inbox"))


def verdicts(root: Path) -> dict[str, str]:
    return {finding.what: finding.verdict for finding in examine(root, now=NOW)}


def test_a_fresh_project_lacks_nothing_but_a_run(project: Path) -> None:
    found = verdicts(project)
    assert {what for what, verdict in found.items() if verdict != "well"} - {"packages"} == {"last run"}
    assert set(found) >= {"python", "packages", "disk", "settings", "rights", "lock", "key", "sources"}


def test_a_wrong_setting_is_an_illness_with_a_cure(project: Path) -> None:
    (project / "journey.toml").write_text("[projekt]\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["doctor", "-p", str(project)])
    assert done.exit_code == 1
    assert "Did you mean 'project'?" in done.output
    assert "To do:" in done.output


def test_a_run_under_way_is_seen(project: Path) -> None:
    with project_lock(project):
        assert verdicts(project)["lock"] == "look"


def test_a_key_that_others_can_read_is_an_illness(project: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("7" * 64, encoding="utf-8")
    key.chmod(0o644)
    settings = project / "journey.toml"
    text = settings.read_text(encoding="utf-8").replace("[privacy]\n", f'[privacy]\nkey_file = "{key}"\n')
    settings.write_text(text, encoding="utf-8")
    assert verdicts(project)["key"] == "ill"


def test_a_systemd_timer_runs_at_the_hour_of_the_cron_line() -> None:
    units = systemd_units(ROOT, cron="30 3 * * 1-5", timezone="Europe/Moscow")
    assert "OnCalendar=Mon..Fri *-*-* 03:30:00 Europe/Moscow\n" in units
    assert "run '/srv/maps/shop 100%%' --log-format json\n" in units


def test_a_crontab_line_escapes_what_cron_would_read() -> None:
    lines = crontab_lines(ROOT, cron="0 3 * * *", timezone="Europe/Moscow")
    assert lines.startswith("CRON_TZ=Europe/Moscow\n0 3 * * * ")
    assert r"shop 100\%" in lines


def test_a_cron_line_beyond_a_timer_is_refused() -> None:
    with pytest.raises(SettingsError, match="cannot be written as a systemd timer"):
        systemd_units(ROOT, cron="*/5 * * * *", timezone="UTC")


def test_the_flow_lies_where_deploy_looks_for_it() -> None:
    assert {"deploy.py", "flow.py", "nightly.py"} <= {path.name for path in pipelines_root().iterdir()}


def test_machines_get_a_line_of_json_for_a_failure() -> None:
    out = io.StringIO()
    assert LogFormat.AUTO.is_json(out)
    fault = JourneyMiningError("It broke.", expected="no fault.", todo="Mend it.", code="TEST")
    assert lines_failure(out, fault) == 1
    assert {"level": "error", "event": "failed", "code": "TEST"}.items() <= json.loads(out.getvalue()).items()

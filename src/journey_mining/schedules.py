"""Schedules of other programs, as text: a systemd service with its timer, or a line of a crontab.

Also finds the flow's own scripts, which stand beside the package in a checkout and inside it in a wheel.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from journey_mining.errors import SettingsError

_DAILY = re.compile(r"^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7](?:[-,][0-7])*)$")
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def pipelines_root() -> Path:
    """Folder of the Prefect flow."""
    packaged = Path(__file__).resolve().parent / "_pipelines"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "pipelines"


def crontab_lines(root: Path, *, cron: str, timezone: str) -> str:
    """Lines for `crontab -e`; the zone holds for the lines below it."""
    log = shlex.quote(str(root / "warehouse" / "nights.log"))
    # a percent sign ends the command of a crontab line
    command = f"{_command(root)} >> {log} 2>&1".replace("%", r"\%")
    return f"CRON_TZ={timezone}\n{cron} {command}\n"


def systemd_units(root: Path, *, cron: str, timezone: str) -> str:
    """A service and a timer for ~/.config/systemd/user or /etc/systemd/system, one after the other.

    Raises:
        SettingsError: the cron line is more than an hour, a minute and days of the week.
    """
    name = f"journey-{re.sub(r'[^a-z0-9]+', '-', root.name.lower()).strip('-') or 'project'}"
    # systemd reads a percent sign as the beginning of a specifier
    command, folder = _command(root).replace("%", "%%"), str(root).replace("%", "%%")
    return (
        f"# {name}.service\n[Unit]\nDescription=Nightly run of {name}\n\n[Service]\nType=oneshot\n"
        f"ExecStart={command}\nWorkingDirectory={folder}\nEnvironmentFile=-%h/.config/journey_mining/{name}.env\n"
        "UMask=0027\nNice=10\nSuccessExitStatus=3\n\n"
        f"# {name}.timer\n[Unit]\nDescription=When {name} runs\n\n[Timer]\n"
        f"OnCalendar={_calendar(cron)} {timezone}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )


def _command(root: Path) -> str:
    return shlex.join([sys.executable, "-m", "journey_mining.cli", "run", str(root), "--log-format", "json"])


def _calendar(cron: str) -> str:
    """A cron line as systemd writes it.

    >>> _calendar("30 3 * * 1-5")
    'Mon..Fri *-*-* 03:30:00'
    """
    found = _DAILY.match(cron.strip())
    if found is None:
        raise SettingsError(
            f"The cron line {cron!r} cannot be written as a systemd timer here.",
            expected='minute and hour, then "* *", then days of the week or "*", such as "0 3 * * 1-5".',
            todo="Simplify it, or write the timer by hand.",
        )
    minute, hour, days = found.groups()
    named = re.sub(r"[0-7]", lambda day: _DAYS[int(day[0])], days).replace("-", "..")
    return f"{'' if days == '*' else named + ' '}*-*-* {int(hour):02d}:{int(minute):02d}:00"

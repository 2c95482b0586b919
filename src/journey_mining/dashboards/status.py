"""`status.js` at the root of a site: the outcome of the last run, which pages show as a banner.

A failed run leaves the site as it was and replaces only this file. It is a classic script, because pages opened from
disk may not fetch anything.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from journey_mining.dashboards.catalogue import words_of
from journey_mining.dashboards.figures import figure_json
from journey_mining.dashboards.formats import Formats, Language

STATUS_FILE = "status.js"
_LANGUAGES: tuple[Language, ...] = ("ru", "en")
_NAMED = 3
_HOURS_READ = 72
"""from three days on an age is easier to read in days"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How the last run ended."""

    outcome: Literal["ok", "failed"]
    run_at: datetime
    """naive UTC"""
    shown_until: datetime | None = None
    """cutoff of the data that the site still shows, naive UTC"""
    reason: str = ""
    """code of the error that stopped the run; never a text with data in it"""
    rejected: tuple[str, ...] = ()
    """paths of files of which nothing was loaded, relative to the inbox"""
    late: tuple[tuple[str, int, bool], ...] = ()
    """sources older than their gate allows: name, age in hours, whether the gate fails"""
    is_held: bool = False
    """somebody put an earlier site back; newer ones wait beside it"""
    timezone: str = "Europe/Moscow"


def write_status(site: Path, status: RunStatus) -> Path:
    """Replace `status.js` in one step, so that no page can load half of it; the file written."""
    site.mkdir(parents=True, exist_ok=True)
    content = {
        "outcome": status.outcome,
        "banners": {language: banners(status, language) for language in _LANGUAGES},
    }
    handle, name = tempfile.mkstemp(dir=site, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"window.JOURNEY_STATUS = {figure_json(content)};\n")
    temporary, target = Path(name), site / STATUS_FILE
    temporary.chmod(0o644)
    temporary.replace(target)
    return target


def banners(status: RunStatus, language: Language) -> list[dict[str, str]]:
    """Ready sentences with their kind: `failed`, `rejected`, `late` or `held`."""
    words, formats = words_of(language), Formats(language, status.timezone)
    when = formats.moment(status.run_at)
    until = formats.moment(status.shown_until) if status.shown_until else ""
    found: list[dict[str, str]] = []
    if status.is_held:
        found.append({"kind": "held", "text": words.plain("status.held", until=until)})
    if status.outcome == "failed":
        key = "status.failed" if until else "status.failed_empty"
        return [
            *found,
            {"kind": "failed", "text": words.plain(key, when=when, until=until, reason=status.reason)},
        ]
    for source, hours, is_red in status.late:
        age = formats.plural(round(hours / 24), words.forms("days_forms"))
        if hours < _HOURS_READ:
            age = formats.plural(hours, words.forms("hours_forms"))
        key = "status.late_red" if is_red else "status.late"
        found.append({"kind": "late", "text": words.plain(key, source=source, age=age, when=when)})
    if status.rejected:
        names = list(status.rejected[:_NAMED])
        if len(status.rejected) > _NAMED:
            names.append(words.plain("state.rejected_more", n=len(status.rejected) - _NAMED))
        found.append({"kind": "rejected", "text": words.plain("status.rejected", when=when, names=", ".join(names))})
    return found

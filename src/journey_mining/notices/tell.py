"""What is to be told of a run, and the telling.

In: the record of a run, the published warehouse, the ledger. Out: messages, lines of the ledger, and a problem for each
channel that did not answer. Only aggregates that pages show, counts and codes go out: no name of a file, no text of an
error.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from journey_mining.dashboards import Language, Scene, Stamp, alarm_picture, alarm_row, scene_of, words_of
from journey_mining.errors import JourneyMiningError
from journey_mining.gates import red_sources
from journey_mining.maps import freeze_pictures
from journey_mining.maps.trend_pictures import AlarmNote
from journey_mining.notices.channels import Channel, Message, Picture
from journey_mining.notices.ledger import OVER, SENT, enter, open_keys
from journey_mining.project import Project, load_project
from journey_mining.report import Problem
from journey_mining.runs import FAILED, RunRecord
from journey_mining.version import __version__
from journey_mining.warehouse import DuckDBWarehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that people should know; said once as long as it is so."""

    kind: str
    """alarm, gate, failed or rejected"""
    key: str
    """begins with its kind"""
    text: str = ""
    """empty where every channel was told already"""
    picture: Picture | None = None


def tell_people(root: Path, record: RunRecord, channels: Sequence[Channel]) -> list[Problem]:
    """Send what is new of a run through every channel; a problem for each that did not take it.

    What a channel did not take is tried again by the next run. What is over is forgotten, so that it is told again
    when it comes back.
    """
    if not channels:
        return []
    try:
        project = load_project(root)
    except JourneyMiningError:
        return []  # who is to be told stands in the very settings that are wrong
    return tell_of(project, record, channels)


def tell_of(project: Project, record: RunRecord, channels: Sequence[Channel]) -> list[Problem]:
    """Tell people of a run of a project that is read already."""
    root = project.root
    said = open_keys(root)
    heard = [said.get(channel.name, set()) for channel in channels]
    known = set.intersection(*heard) if heard else set()
    try:
        notices, judged = notices_of(project, record, known=known)
    except JourneyMiningError as fault:
        return [Problem(code="NOTIFY_FAILED", where="notices", text=f"Nothing could be told of this run: {fault}")]
    at = datetime.fromisoformat(record.finished_at)
    problems = []
    for channel in channels:
        before = said.get(channel.name, set())
        now = {notice.key for notice in notices}
        over = {key for key in before - now if key.partition("|")[0] in judged}
        enter(root, channel.name, over, state=OVER, at=at)
        new = [notice for notice in notices if notice.key not in before]
        if not new:
            continue
        try:
            channel.send(message_of(project, new))
        except JourneyMiningError as fault:
            problems.append(Problem(code=fault.code, where=channel.name, text=str(fault)))
        else:
            enter(root, channel.name, (notice.key for notice in new), state=SENT, at=at)
    return problems


def try_channels(project: Project, channels: Sequence[Channel]) -> list[tuple[str, str]]:
    """Send a message that says nothing but that it came; each channel with the text of its fault, or none."""
    words = words_of(_language(project))
    message = Message(
        subject=words.plain("notify.subject", project=project.settings.project.name),
        sentences=(words.plain("notify.test"),),
        link=_link(project),
        kinds=("test",),
    )
    found = []
    for channel in channels:
        try:
            channel.send(message)
        except JourneyMiningError as fault:
            found.append((channel.name, str(fault)))
        else:
            found.append((channel.name, ""))
    return found


def message_of(project: Project, notices: Sequence[Notice]) -> Message:
    """One message of all that is new."""
    subject = words_of(_language(project)).plain("notify.subject", project=project.settings.project.name)
    return Message(
        subject=subject,
        sentences=tuple(notice.text for notice in notices),
        link=_link(project),
        kinds=tuple(notice.kind for notice in notices),
        pictures=tuple(notice.picture for notice in notices if notice.picture is not None),
    )


def notices_of(
    project: Project, record: RunRecord, *, known: AbstractSet[str] = frozenset()
) -> tuple[list[Notice], frozenset[str]]:
    """What is so after this run, and the kinds of which it can tell what is over.

    Alarms are worded and drawn only where one is not among the `known` keys.
    """
    about = project.settings.notify.about
    if record.status == FAILED:
        words = words_of(_language(project)).plain
        text = words("notify.failed", reason=record.error_code)
        notices = [Notice(kind="failed", key=f"failed|{record.error_code}", text=text)] if "failed" in about else []
        # a run that ended early knows nothing of what the rest would have found
        return notices, frozenset({"failed"})
    gates = _gates(project, record)
    is_red = any(problem.code == "GATE_FAIL" for problem in record.problems) or bool(_red(project))
    alarms = [] if is_red or "alarm" not in about else _alarms(project, record, known)
    found = [*alarms, *gates, *_rejected(project, record)]
    judged = frozenset({"failed", "gate", "rejected"} | (set() if is_red else {"alarm"}))
    return [notice for notice in found if notice.kind in about], judged


def _gates(project: Project, record: RunRecord) -> list[Notice]:
    words = words_of(_language(project)).plain
    found = []
    for problem in record.problems:
        if problem.code in ("GATE_WARN", "GATE_FAIL"):
            source, _, gate = problem.where.partition("/")
            key = "notify.gate_fail" if problem.code == "GATE_FAIL" else "notify.gate_warn"
            text = words(key, source=source, gate=words(f"data.gate_{gate}"))
            found.append(Notice(kind="gate", key=f"gate|{problem.where}|{problem.code}", text=text))
    return found


def _rejected(project: Project, record: RunRecord) -> list[Notice]:
    files = sorted({problem.where for problem in record.problems if problem.is_file})
    if not files:
        return []
    # names of files may hold names of people: the data page tells them
    text = words_of(_language(project)).plain("notify.rejected", n=len(files))
    return [Notice(kind="rejected", key=f"rejected|{'|'.join(files)}", text=text)]


def _alarms(project: Project, record: RunRecord, known: AbstractSet[str]) -> list[Notice]:
    """Alarms that stand, with the sentence and the picture of the trends page where one of them is new."""
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        cells = warehouse.execute("select segment, stage, direction from alarm where ended_on is null order by all")
        keys = [_alarm_key(*map(str, cell)) for cell in cells]
        if set(keys) <= known:
            # to draw takes as long as a step of the night
            return [Notice(kind="alarm", key=key) for key in keys]
        pictures = freeze_pictures(warehouse, project)
    started = datetime.fromisoformat(record.started_at).replace(tzinfo=None)
    stamp = Stamp(run_at=started, run_id=record.run_id, version=__version__, duration_seconds=0.0)
    scene = scene_of(_language(project), pictures, project, stamp)
    return [_alarm(scene, alarm, number) for number, alarm in enumerate(pictures.trends.standing, start=1)]


def _alarm(scene: Scene, alarm: AlarmNote, number: int) -> Notice:
    svg = alarm_picture(scene, alarm)
    return Notice(
        kind="alarm",
        key=_alarm_key(alarm.segment.id, alarm.stage.id, alarm.direction),
        text=alarm_row(scene, alarm)["says"],
        picture=Picture(name=f"alarm-{number}.svg", svg=svg) if svg else None,
    )


def _alarm_key(segment: str, stage: str, direction: str) -> str:
    return f"alarm|{segment}|{stage}|{direction}"


def _red(project: Project) -> tuple[str, ...]:
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        return red_sources(warehouse)


def _link(project: Project) -> str:
    settings = project.settings.notify
    if settings.site_url:
        return f"{settings.site_url.rstrip('/')}/{_language(project)}/trends.html"
    return (project.site / _language(project) / "trends.html").as_uri()


def _language(project: Project) -> Language:
    asked, there = project.settings.notify.language, project.settings.project.languages
    return asked if asked in there else there[0]

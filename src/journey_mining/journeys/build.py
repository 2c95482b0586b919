"""Runs the step: parameters as tables, then the models of layer 50, then what should be said of the result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa

from journey_mining.errors import ModelError, SettingsError
from journey_mining.journeys.accounts import provide_accounts
from journey_mining.journeys.calibration import calibrate_silence
from journey_mining.journeys.parameters import Window, observed_window, setting_row
from journey_mining.journeys.rule_tables import rule_tables
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.vocabulary import Ending, Exclusion
from journey_mining.warehouse import Warehouse, layer_models, model_named

_PATTERN_MATCHES = "pattern_match"
_THRESHOLDS = "silence_threshold"
_AMBIGUOUS_ALARM = 0.05


def build_journeys(warehouse: Warehouse, project: Project) -> StepReport:
    """Write the settings and rules as tables and build every table of layer 50 of docs/tables.md.

    Needs the tables of layers 30 and 40. Counts name events, exclusions, journeys by ending and episodes.

    Raises:
        JourneyMiningError: no source has delivered an event, or the window observed is empty.
        SettingsError: a pattern of a rule is not a regular expression.
        ModelError: a table that a model reads is missing.
    """
    window = observed_window(warehouse, project)
    warehouse.write("run_setting", setting_row(project, window))
    for name, table in rule_tables(project).items():
        warehouse.write(name, table)
    provide_accounts(warehouse, project)
    _refuse_malformed_patterns(warehouse)
    _build_models(warehouse, project)
    counts = _counts(warehouse)
    return StepReport(counts=counts, problems=_problems(counts, project, window))


def _build_models(warehouse: Warehouse, project: Project) -> None:
    """Build the layer; what Python adds between models is made just before the first model that reads it."""
    makers: dict[str, Callable[[Warehouse], None]] = {
        _PATTERN_MATCHES: _match_patterns,
        _THRESHOLDS: partial(calibrate_silence, project=project),
    }
    for model in layer_models("journeys"):
        if model.name == "silence_gap":
            continue  # calibration builds it
        for table in makers.keys() & set(model.reads):
            makers.pop(table)(warehouse)
        warehouse.build(model)


def _match_patterns(warehouse: Warehouse) -> None:
    """Try every pattern on every distinct value, one statement a pattern."""
    text = pa.string()
    empty: pa.Array = pa.array([], type=text)
    warehouse.write(_PATTERN_MATCHES, pa.table({"field": empty, "pattern": empty, "field_value": empty}))
    asked = warehouse.execute(
        "select distinct field, operand from rule_condition where is_pattern order by field, operand"
    )
    for field, pattern in asked:
        warehouse.append_matches(_PATTERN_MATCHES, "signature_value", field=field, pattern=pattern)


def _refuse_malformed_patterns(warehouse: Warehouse) -> None:
    try:
        warehouse.build(model_named("pattern_trial"))
    except ModelError as fault:
        raise SettingsError(
            f"A pattern of a rule is not a regular expression: {fault.__cause__}.",
            expected="RE2 syntax; it knows no look-ahead and no back references.",
            todo="Correct the pattern in stages.toml or segments.toml.",
        ) from fault


def _counts(warehouse: Warehouse) -> dict[str, int]:
    excluded = _by(warehouse, "excluded_event", "exclude")
    endings = _by(warehouse, "journey", "ending")
    outside = _by(warehouse, "outside_event", "reason")
    events = warehouse.count("person_event")
    unmapped = warehouse.execute("select coalesce(sum(event_count), 0) from unmapped_activity")[0][0]
    uncertain = warehouse.execute("select count(*) from journey where is_left_uncertain")[0][0]
    returned = warehouse.execute("select count(*) from journey where reactivated_from is not null")[0][0]
    return {
        "events of persons": events,
        "events no rule knows": int(unmapped),
        **{f"excluded: {name}": excluded.get(name, 0) for name in (*Exclusion, "duplicate")},
        **{f"outside: {name}": outside.get(name, 0) for name in ("after_cutoff", "ambiguous_deal", "between_journeys")},
        "moved in bulk": warehouse.count("bulk_event"),
        "revisits": warehouse.count("revisit_event"),
        "journeys": warehouse.count("journey"),
        **{f"journeys {name}": endings.get(name, 0) for name in Ending},
        "journeys left uncertain": uncertain,
        "journeys reactivated": returned,
        "stage episodes": warehouse.count("stage_episode"),
        "voices": warehouse.count("voice_event"),
    }


def _by(warehouse: Warehouse, table: str, column: str) -> dict[str, int]:
    return dict(warehouse.execute(f'select "{column}", count(*) from "{table}" group by 1 order by 1'))


def _problems(counts: dict[str, int], project: Project, window: Window) -> tuple[Problem, ...]:
    found = [
        Problem(
            code="SILENT_SOURCE",
            where=source,
            text=f"The source {source} is decisive and has delivered no event, so it cannot bound the window. "
            "Expected: an export of it. To do: deliver one, or set is_decisive = false in its spec.",
        )
        for source in window.silent_sources
    ]
    events = max(counts["events of persons"], 1)
    coverage = 1 - counts["events no rule knows"] / events
    if coverage < project.stages.min_coverage:
        found.append(
            Problem(
                code="COVERAGE",
                where="stages.toml",
                text=f"Rules recognise {coverage:.1%} of events. Expected: at least {project.stages.min_coverage:.0%} "
                "(min_coverage). To do: add rules for the largest rows of `unmapped_activity`.",
            )
        )
    return (*found, *_notices(counts))


def _notices(counts: dict[str, int]) -> list[Problem]:
    found = []
    ambiguous = counts["outside: ambiguous_deal"] / max(counts["events of persons"], 1)
    if ambiguous > _AMBIGUOUS_ALARM:
        found.append(
            Problem(
                code="AMBIGUOUS_DEALS",
                where="journey.toml",
                text=f"{ambiguous:.1%} of events fall into the windows of several deals. Expected: at most "
                f'{_AMBIGUOUS_ALARM:.0%}. To do: shorten deal_lead and deal_tail, or choose unit = "person".',
                is_notice=True,
            )
        )
    if counts["moved in bulk"]:
        found.append(
            Problem(
                code="BULK_MOVES",
                where="bulk_event",
                text=f"{counts['moved in bulk']} events are moves of more than 50 deals in one minute. Expected: deals "
                "that move one by one. To do: nothing, if somebody tidied the CRM; such moves are no signs of life.",
                is_notice=True,
            )
        )
    return found

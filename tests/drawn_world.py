"""A small invented company for tests of maps and pages: a project, and every aggregate table a page reads.

Everything is drawn from one seeded generator, so that tables agree with each other as those of a real run do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from drawn_changes import fill_changes
from drawn_stages import write_stage_tables
from drawn_worth import fill_personas, fill_run, fill_worth
from journey_mining.project import (
    Action,
    Knowledge,
    Persona,
    PersonaLine,
    Project,
    Segment,
    Segments,
    Settings,
    Stage,
    StageKnowledge,
    StageMap,
    Touchpoint,
    When,
)
from journey_mining.vocabulary import METRIC_COLUMNS
from journey_mining.warehouse import DuckDBWarehouse
from support import given

AS_OF = datetime(2026, 9, 28)  # noqa: DTZ001
STAGES = (
    ("awareness", "Осведомлённость", "Awareness", "Понять, какой сервер нужен сайту или 1С"),
    ("research", "Исследование", "Research", "Сравнить цены и понять, что входит: диски, копии, поддержка"),
    ("decision", "Решение", "Decision", "Оплатить сегодня и получить закрывающие документы"),
    ("implementation", "Внедрение", "Implementation", "Перенести сайт за вечер и без простоя"),
    ("support", "Поддержка", "Support", "Ответ по делу за час, без пересылки между отделами"),
    ("feedback", "Обратная связь", "Feedback", "Сказать, что не так, и увидеть, что услышали"),
    ("renewal", "Продление", "Renewal", "Не потерять сервер из-за забытой оплаты"),
)
TOUCHPOINTS = {
    "awareness": [
        ("search", "Поиск", "Search", "search"),
        ("blog", "Блог и статьи", "Blog", "doc"),
        ("ads", "Реклама", "Ads", "ad"),
    ],
    "research": [
        ("pricing", "Тарифы", "Pricing", "price"),
        ("calculator", "Калькулятор", "Calculator", "calc"),
        ("docs", "Документация", "Documentation", "book"),
        ("presale", "Чат на сайте", "Site chat", "chat"),
    ],
    "decision": [
        ("order", "Оформление заказа", "Order form", "cart"),
        ("payment", "Оплата картой", "Card payment", "card"),
        ("call", "Звонок менеджера", "Sales call", "phone"),
    ],
    "implementation": [
        ("access", "Письмо с доступами", "Access e-mail", "mail"),
        ("panel", "Панель управления", "Control panel", "panel"),
        ("onboarding", "Обращение: запуск", "Ticket: launch", "ticket"),
    ],
    "support": [
        ("ticket", "Обращение: помощь", "Ticket: help", "ticket"),
        ("help", "База знаний", "Help centre", "book"),
    ],
    "feedback": [("nps", "Опрос NPS", "NPS survey", "survey"), ("review", "Отзыв на сайте", "Site review", "review")],
    "renewal": [
        ("reminder", "Письмо о продлении", "Renewal e-mail", "renew"),
        ("billing", "Биллинг в панели", "Billing", "panel"),
        ("prolong", "Звонок удержания", "Retention call", "phone"),
    ],
}
SEGMENTS = (
    ("smb", "Малый бизнес", "Small business", "до 50 сотрудников, юрлицо или ИП", 1900),
    ("personal", "Физлица", "Individuals", "без юрлица, тариф до 1 000 ₽", 2600),
    ("corp", "Корпоративные", "Corporate", "от 250 сотрудников, договор", 260),
)
QUOTES = {
    "research": "Не понял, резервные копии входят в тариф или отдельно?",
    "decision": "Второй день жду счёт, бухгалтерия спрашивает",
    "implementation": "Оплатил вчера, доступов до сих пор нет",
    "support": "Третий раз объясняю одно и то же разным людям",
    "feedback": "Great migration, thank you for the quick help",
    "renewal": "Списали за год вместо месяца, верните",
}
MOOD = (None, -0.08, 0.21, -0.38, -0.17, 0.34, 0.05)


@dataclass
class Shape:
    """How large and how complete the invented company is."""

    stages: int = 7
    segments: int = 3
    has_voice: bool = True
    has_ratings: bool = True
    has_tickets: bool = True
    nights: int = 20
    """runs that are remembered, tonight's among them"""
    hostile: str = ""
    """a name put wherever a name can stand"""
    seed: int = 7
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass
class Journey:
    segment: str
    stages: list[int]
    ending: str
    steps: list[str]


def invented_project(shape: Shape | None = None, root: Path = Path("/nowhere")) -> Project:
    """The project of the invented company."""
    shape = shape or Shape()
    stages = _stages(shape)
    touchpoints = [
        Touchpoint(id=i, ru=shape.hostile or ru, en=shape.hostile or en, icon=icon)
        for stage, _, _, _ in stages
        for i, ru, en, icon in _touchpoints(stage)
    ]
    blind = [
        ("otzovik", "Отзовики", "Review sites", 1),
        ("forum", "Отраслевые форумы", "Forums", min(5, len(stages) - 1)),
    ]
    touchpoints += [
        Touchpoint(id=i, ru=ru, en=en, icon="eye-off", ours=False, stage=stages[n][0]) for i, ru, en, n in blind
    ]
    return Project(
        root=root,
        settings=Settings.model_validate({"project": {"name": shape.hostile or "Облако-Хост"}}),
        stages=StageMap(
            id="invented",
            stage=tuple(
                Stage(
                    id=i, ru=shape.hostile or ru, en=shape.hostile or en, goal_ru=goal, goal_en=f"Goal of {en.lower()}"
                )
                for i, ru, en, goal in stages
            ),
            touchpoint=tuple(touchpoints),
        ),
        segments=Segments(
            segment=tuple(
                Segment(id=i, ru=shape.hostile or ru, en=en, any=(When(url_re="x"),))
                for i, ru, en, _, _ in _segments(shape)
            )
        ),
        knowledge=_knowledge(shape, stages),
    )


def fill(warehouse: DuckDBWarehouse, shape: Shape | None = None) -> None:
    """Write every table that pages read."""
    shape = shape or Shape()
    generator = np.random.Generator(np.random.PCG64(shape.seed))
    journeys = _journeys(shape, generator)
    _write_settings(warehouse, shape)
    _write_metrics(warehouse, shape, journeys)
    _write_moods(warehouse, shape, journeys)
    _write_paths(warehouse, shape, journeys)
    _write_voice(warehouse, shape, journeys, generator)
    entered = {s: sum(1 for j in journeys if n in j.stages) for n, (s, *_) in enumerate(_stages(shape))}
    write_stage_tables(warehouse, [s[0] for s in _stages(shape)], entered, name=shape.hostile)
    named = [segment for segment, *_ in _segments(shape)]
    met = {stage[0]: _touchpoints(stage[0]) for stage in _stages(shape)}
    sizes = {segment: len(members) for segment, members in _members(shape, journeys).items()}
    fill_worth(warehouse, met, sizes, name=shape.hostile)
    fill_run(warehouse, len(journeys), AS_OF)
    fill_personas(warehouse, sizes, name=shape.hostile)
    fill_changes(warehouse, [stage[0] for stage in _stages(shape)], named, nights=shape.nights)


def _stages(shape: Shape) -> list[tuple[str, str, str, str]]:
    extra = [(f"stage{n}", f"Дополнительная стадия {n}", f"Extra stage {n}", "") for n in range(8, 13)]
    return [*STAGES, *extra][: shape.stages]


def _segments(shape: Shape) -> list[tuple[str, str, str, str, int]]:
    extra = [(f"group{n}", f"Группа {n}", f"Group {n}", "", 60 + 7 * n) for n in range(4, 41)]
    return [*SEGMENTS, *extra][: shape.segments]


def _touchpoints(stage: str) -> list[tuple[str, str, str, str]]:
    return TOUCHPOINTS.get(stage, [(f"{stage}_page", f"Страница {stage}", f"Page {stage}", "page")])


def _knowledge(shape: Shape, stages: list[tuple[str, str, str, str]]) -> Knowledge:
    lines = (
        PersonaLine(
            ru="Ценит", en="Values", value_ru="понятную цену, скорость запуска", value_en="clear price, fast start"
        ),
        PersonaLine(ru="Опасается", en="Fears", value_ru="простоя и скрытых доплат", value_en="downtime, hidden fees"),
    )
    return Knowledge(
        persona=(
            Persona(segment="smb", name_ru="Владелец малого бизнеса", name_en="Small business owner", line=lines),
        ),
        stage=(StageKnowledge(stage=stages[1][0], goal_ru="Сравнить цены", goal_en="Compare prices"),),
        action=tuple(
            Action(
                id=f"a{n}",
                stage=s[0],
                ru="Выдавать доступы сразу после оплаты",
                en="Give access right after payment",
                status=("idea", "in_progress", "done")[n % 3],
                owner="Эксплуатация",
                effect_ru="до +140 клиентов",
                effect_en="up to +140 customers",
            )
            for n, s in enumerate(stages[1:4])
        ),
    )


def _journeys(shape: Shape, generator: np.random.Generator) -> list[Journey]:
    stages = _stages(shape)
    people = {i: shape.sizes.get(i, n) for i, _, _, _, n in _segments(shape)}
    people["unknown"] = shape.sizes.get("unknown", 41)
    return [_journey(segment, stages, generator) for segment, size in people.items() for _ in range(size)]


def _journey(segment: str, stages: list[tuple[str, str, str, str]], generator: np.random.Generator) -> Journey:
    stage, path, steps = int(generator.random() > 0.9), [], []
    while True:
        path.append(stage)
        names = [i for i, _, _, _ in _touchpoints(stages[stage][0])]
        steps += [
            names[int(generator.integers(len(names)) * generator.random())]
            for _ in range(int(generator.integers(1, 4)))
        ]
        chance = generator.random()
        if chance < 0.1:
            return Journey(segment, path, "open", steps)
        if chance < 0.34 - 0.02 * stage - (0.1 if segment == "corp" else 0):
            return Journey(segment, path, "lost" if chance < 0.16 else "silent", steps)
        if stage == len(stages) - 1:
            return Journey(segment, path, "won", steps)
        stage = (
            0
            if stage and generator.random() < 0.05 and len(path) < 6
            else min(stage + 1 + int(generator.random() > 0.85), len(stages) - 1)
        )


def _write_settings(warehouse: DuckDBWarehouse, shape: Shape) -> None:
    given(warehouse, "run_setting", "as_of observed_from unit", [(AS_OF, datetime(2026, 3, 2), "person")])  # noqa: DTZ001
    name = shape.hostile
    rows = [("all", 0, name or "Все клиенты", "All customers", "", "")]
    rows += [(i, n, name or ru, en, about, "") for n, (i, ru, en, about, _) in enumerate(_segments(shape), start=1)]
    rows += [("unknown", len(rows), "Не определён", "Unknown", "", "")]
    given(warehouse, "segment", "segment segment_no name_ru name_en about_ru about_en", rows)
    until = AS_OF - timedelta(minutes=2)
    given(
        warehouse,
        "source_status",
        "source system role is_decisive first_event_at fresh_until event_count files_loaded files_rejected rows_read "
        "rows_accepted rows_quarantined rows_collapsed",
        [
            (
                "bitrix24",
                "Битрикс24",
                "crm",
                True,
                AS_OF - timedelta(days=270),
                until,
                41022,
                5,
                0,
                30100,
                30040,
                60,
                12,
            ),
            (
                "metrica",
                "Яндекс Метрика",
                "web",
                True,
                AS_OF - timedelta(days=210),
                until,
                412880,
                7,
                1,
                418000,
                412880,
                5120,
                0,
            ),
            (
                "zendesk",
                "Zendesk",
                "support" if shape.has_tickets else "other",
                False,
                AS_OF - timedelta(days=210),
                AS_OF - timedelta(hours=33),
                9120,
                2,
                0,
                9130,
                9120,
                10,
                0,
            ),
        ],
    )
    given(
        warehouse,
        "load_problem",
        "source stream path code message row_count",
        [
            (
                "metrica",
                "hits",
                "metrica/hits_2026-08.tsv.gz",
                "MISSING_REQUIRED_COLUMN",
                "Column ym:pv:URL is missing.",
                0,
            ),
            ("bitrix24", "deals", "", "BAD_TIMESTAMP", "rows not taken: created_at", 60),
        ],
    )
    given(
        warehouse,
        "unmapped_activity",
        "source event_kind activity_raw event_count customer_count suggested_stage suggestion_share",
        [
            ("metrica", "pageview", "/promo-x/spring", 812, 402, "awareness", 0.71),
            ("metrica", "pageview", "/test", 40, 6, None, None),
        ],
    )


def _members(shape: Shape, journeys: list[Journey]) -> dict[str, list[Journey]]:
    groups: dict[str, list[Journey]] = {"all": list(journeys)}
    for segment in [*(row[0] for row in _segments(shape)), "unknown"]:
        groups[segment] = [journey for journey in journeys if journey.segment == segment]
    return groups


def _metric(
    estimand: str, segment: str, stage: str, estimate: float | None, half: float, customers: int, **other: Any
) -> tuple[Any, ...]:
    flags = "small" if customers < 10 else "thin" if customers < 30 else ""
    low, high = (None, None) if estimate is None else (estimate - half, estimate + half)
    row = dict(
        zip(
            METRIC_COLUMNS,
            (estimand, segment, stage, estimate, low, high, customers, customers, customers * 3, customers),
            strict=False,
        )
    )
    row |= {
        "method": other.get("method", "wilson"),
        "horizon_days": other.get("horizon"),
        "as_of": AS_OF,
        "flags": flags,
    }
    return tuple(row[name] for name in METRIC_COLUMNS)


def _write_metrics(warehouse: DuckDBWarehouse, shape: Shape, journeys: list[Journey]) -> None:
    rows: list[tuple[Any, ...]] = []
    for segment, members in _members(shape, journeys).items():
        n = len(members)
        won = sum(journey.ending == "won" for journey in members) / max(n, 1)
        rows.append(_metric("journeys", segment, "", float(n), 0, n, method="count"))
        rows.append(
            _metric("open_journeys", segment, "", float(sum(j.ending == "open" for j in members)), 0, n, method="count")
        )
        rows.append(_metric("goal_reached", segment, "", won, 0.02, n, method="aalen_johansen", horizon=180))
        rows.append(_metric("journey_duration_median", segment, "", 82.0, 4.0, n, method="kaplan_meier"))
        rows.append(_metric("contact_rate", segment, "", 0.382 if shape.has_tickets else 0.0, 0.0, n))
        rows.append(_metric("mapped_share", segment, "", 0.961, 0.002, n))
        if shape.has_voice:
            rows.append(_metric("voice", segment, "", -0.10, 0.03, n // 4, method="customer_mean_t"))
        if shape.has_ratings:
            rows.append(_metric("rating", segment, "", 0.04, 0.03, n // 5, method="customer_mean_t"))
        for number, stage in enumerate(_stages(shape)):
            rows += _stage_metrics(shape, segment, number, stage[0], members)
    given(warehouse, "metric_value", " ".join(METRIC_COLUMNS), sorted(rows, key=str), flags=pa.string())


def _stage_metrics(
    shape: Shape, segment: str, number: int, stage: str, members: list[Journey]
) -> list[tuple[Any, ...]]:
    inside = [j for j in members if number in j.stages]
    n, reached = len(inside), sum(max(j.stages) >= number for j in members) / max(len(members), 1)
    lost = sum(j.stages[-1] == number and j.ending in ("lost", "silent") for j in inside) / max(n, 1)
    still = sum(j.stages[-1] == number and j.ending == "open" for j in inside) / max(n, 1)
    half = 1.96 * (lost * (1 - lost) / max(n, 1)) ** 0.5
    rows = [
        _metric("stage_entered", segment, stage, float(n), 0, n, method="count"),
        _metric("stage_reached", segment, stage, reached, 0.01, len(members)),
        _metric("drop_off", segment, stage, lost, half, n, method="aalen_johansen", horizon=60 + 10 * (number % 3)),
        _metric("under_way", segment, stage, still, 0.01, n, method="aalen_johansen", horizon=60 + 10 * (number % 3)),
        _metric("moved_on", segment, stage, max(0.0, 1 - lost - still), 0.02, n, method="aalen_johansen", horizon=60),
        _metric("moved_back", segment, stage, 0.01, 0.004, n, method="aalen_johansen", horizon=60),
        _metric("lost_by_status", segment, stage, lost / 4, 0.01, n, method="aalen_johansen", horizon=60),
        _metric("lost_by_silence", segment, stage, 3 * lost / 4, 0.01, n, method="aalen_johansen", horizon=60),
        *_waits(shape, segment, stage, n),
        _metric(
            "stage_dwell_median",
            segment,
            stage,
            (2.1, 6.4, 1.3, 2.8, 54.0, 7.0, 11.0)[number % 7],
            0.4,
            n,
            method="kaplan_meier",
        ),
    ]
    mood = MOOD[number % 7]
    if shape.has_voice and mood is not None:
        writers = 17 if number == 6 else n // 5
        rows.append(
            _metric("voice", segment, stage, mood, 0.06 if number < 6 else 0.28, writers, method="customer_mean_t")
        )
    if shape.has_ratings and mood is not None:
        rows.append(_metric("rating", segment, stage, mood + 0.1, 0.08, n // 9, method="customer_mean_t"))
        rows.append(_metric("rating_csat", segment, stage, mood + 0.1, 0.08, n // 9, method="customer_mean_t"))
    if shape.has_tickets:
        rows.append(_metric("repeat_contact", segment, stage, 0.21, 0.05, n // 6))
        rows.append(_metric("resolution_median", segment, stage, 1.4, 0.3, n // 6, method="kaplan_meier"))
    return rows


def _write_moods(warehouse: DuckDBWarehouse, shape: Shape, journeys: list[Journey]) -> None:
    """Who spoke of each stage; a quarter of those who wrote of the fourth one rate it low all the same."""
    rows, worst = [], []
    for segment, members in _members(shape, journeys).items():
        for number, stage in enumerate(_stages(shape)):
            n, mood = sum(number in journey.stages for journey in members), MOOD[number % 7]
            for estimand, has, some in (("voice", shape.has_voice, n // 5), ("rating", shape.has_ratings, n // 9)):
                told = has and mood is not None
                spoke, share = (some, some / max(n, 1)) if told else (0, 0.0)
                mean, opposed = (mood or 0.0) + (0.1 if estimand == "rating" else 0.0), spoke // 4 if number == 3 else 0
                numbers = (mean - 0.12, mean + 0.12, share * mean - 1 + share, share * mean + 1 - share)
                flags = "small" if spoke < 10 else "thin" if spoke < 30 else ""
                rows.append(
                    (estimand, segment, stage[0], *(numbers if told else [None] * 4), spoke, n, share, opposed, flags)
                )
            # no source of the invented company tells who was asked
            rows.append(("all_customers", segment, stage[0], *[None] * 4, 0, n, 0.0, 0, "small,thin,no_invitations"))
        if shape.has_voice and len(members) > 100 and len(_stages(shape)) > 3:
            worst.append(("voice", segment, _stages(shape)[3][0], 0.16, 5))
    floats = ("band_low", "band_high", "bound_low", "bound_high")
    given(
        warehouse,
        "mood_curve",
        "estimand segment stage band_low band_high bound_low bound_high customer_count stage_customer_count "
        "spoken_share conflict_count flags",
        rows,
        **dict.fromkeys(floats, pa.float64()),
    )
    if worst:
        given(warehouse, "mood_worst", "estimand segment stage tipping_delta stage_count", worst)
    if shape.has_voice and shape.has_ratings:
        given(warehouse, "voice_rating_link", "reason customer_count rank_correlation", [("joined", 871, 0.66)])


def _waits(shape: Shape, segment: str, stage: str, n: int) -> list[tuple[Any, ...]]:
    """Numbers of waits for an answer; nobody waits in the first stage, nor where no tickets were loaded."""
    if stage == "awareness" or not shape.has_tickets:
        return []
    return [
        _metric("answer_wait_median", segment, stage, 0.3, 0.05, n // 3, method="kaplan_meier"),
        _metric("answer_wait_q90", segment, stage, 1.4, 0.2, n // 3, method="kaplan_meier"),
        _metric("answered_share", segment, stage, 0.93, 0.02, n // 3, method="aalen_johansen", horizon=7),
    ]


def _write_paths(warehouse: DuckDBWarehouse, shape: Shape, journeys: list[Journey]) -> None:
    stage_rows, path_rows, step_rows, variant_rows, edge_rows, models = [], [], [], [], [], []
    ids = [stage[0] for stage in _stages(shape)]
    for segment, members in _members(shape, journeys).items():
        flows, paths, steps, variants, edges = Counter(), Counter(), Counter(), Counter(), Counter()
        for journey in members:
            way = [ids[s] for s, furthest in _records(journey.stages) if s > furthest]
            flows.update(pairwise(["journey_start", *way, journey.ending]))
            paths[">".join(way), journey.ending] += 1
            acts = [a for a, before in zip(journey.steps, [None, *journey.steps], strict=False) if a != before]
            after = [*acts[1:], f"journey_end:{journey.ending}"]
            steps.update(
                (n, a, "more" if n == 8 and not b.startswith("journey_end") else b)
                for n, (a, b) in enumerate(zip(acts, after, strict=True), start=1)
                if n <= 8
            )
            variants[">".join(ids[s] for s in journey.stages), journey.ending] += 1
            if journey.ending != "open":
                edges.update(zip(["journey_start", *acts], [acts[0], *after], strict=True))
        stage_rows += [(segment, a, b, n, n) for (a, b), n in sorted(flows.items())]
        path_rows += [(segment, *way, n, n) for way, n in sorted(paths.items())]
        step_rows += [(segment, s, a, b, n, n) for (s, a, b), n in sorted(steps.items())]
        edge_rows += [(segment, a, b, n, n, n, 3600.0) for (a, b), n in sorted(edges.items())]
        ranked = sorted(variants.items(), key=lambda item: (-item[1], item[0]))
        total = max(len(members), 1)
        variant_rows += [
            (segment, v, "|".join(key), *key, n, n, n / total, 0.0, 3.5 * key[0].count(">") + 1.5)
            for v, (key, n) in enumerate(ranked, start=1)
        ]
        models.append((segment, "inductive", 0.94, 0.71, total, len(ranked), total // 5, "<pnml/>", "", ""))
    given(warehouse, "stage_flow", "segment stage next_stage journey_count customer_count", stage_rows)
    given(warehouse, "stage_path", "segment path ending journey_count customer_count", path_rows)
    given(warehouse, "step_flow", "segment step_no activity next_activity journey_count customer_count", step_rows)
    given(
        warehouse,
        "trace_variant",
        "segment variant_no variant_id stages ending journey_count customer_count journey_share cumulative_share "
        "median_days",
        variant_rows,
    )
    given(
        warehouse,
        "directly_follows",
        "segment activity next_activity transition_count journey_count customer_count median_seconds",
        edge_rows,
    )
    given(
        warehouse,
        "process_model",
        "segment model_kind fitness precision journey_count variant_count held_out_count notation note reason",
        models,
    )


def _loss(number: int) -> tuple[float, float, float]:
    """Ratio and interval: more loss, no difference seen, less loss."""
    return ((1.8, 1.3, 2.5), (1.1, 0.8, 1.5), (0.6, 0.4, 0.8))[min(number, 6) // 3]


def _q(number: int) -> float:
    """Small where the interval of `_loss` does not hold 1."""
    return 0.4 if min(number, 6) // 3 == 1 else 0.0001


def _records(stages: list[int]) -> list[tuple[int, int]]:
    """Each stage with the furthest one before it."""
    return list(zip(stages, accumulate([-1, *stages], max), strict=False))


def _write_voice(
    warehouse: DuckDBWarehouse, shape: Shape, journeys: list[Journey], generator: np.random.Generator
) -> None:
    owner = {i: stage[0] for stage in _stages(shape) for i, _, _, _ in _touchpoints(stage[0])}
    uses, quotes, frictions = [], [], []
    for segment, members in _members(shape, journeys).items():
        users: dict[str, int] = defaultdict(int)
        for journey in members:
            for touchpoint in dict.fromkeys(journey.steps):
                users[touchpoint] += 1
        uses += [
            (
                segment,
                owner[t],
                t,
                n * 2,
                n,
                n,
                n // 4 if shape.has_voice else 0,
                round(float(generator.normal(0, 0.25)), 3) if shape.has_voice else None,
            )
            for t, n in sorted(users.items())
        ]
        if shape.has_voice:
            quotes += [
                (
                    segment,
                    s,
                    f"e-{s}",
                    shape.hostile[:90] or text,
                    "en" if text[0] == "G" else "ru",
                    "zendesk",
                    AS_OF - timedelta(days=3),
                    -0.6,
                )
                for s, text in QUOTES.items()
                if s in owner.values() and len(members) > 100
            ]
        for number, stage in enumerate(_stages(shape)):
            n = sum(number in j.stages for j in members)
            kind = ("long_wait", "return", "repeat_contact", "channel_switch")[number % 4]
            frictions.append(
                (
                    segment,
                    stage[0],
                    kind,
                    n // 4,
                    n // 4,
                    n // 4,
                    0.24,
                    *_loss(number),
                    1.9 if number % 2 else None,
                    _q(number),
                )
            )
    given(
        warehouse,
        "touchpoint_use",
        "segment stage touchpoint event_count journey_count customer_count voice_count voice_mean",
        uses,
        voice_mean=pa.float64(),
    )
    given(
        warehouse,
        "friction_point",
        "segment stage friction journey_count customer_count episode_count prevalence_share loss_ratio loss_ratio_low "
        "loss_ratio_high extra_days q_value",
        frictions,
    )
    if quotes:
        given(warehouse, "stage_quote", "segment stage event_id text language source occurred_at score", quotes)

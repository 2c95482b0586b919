"""The step that scores what customers wrote: `event_text` and `event` in, `sentiment` out."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.report import Problem, StepReport
from journey_mining.voice.batch import SentimentEngine
from journey_mining.voice.engines import engine_named
from journey_mining.warehouse import Warehouse

_READABLE = ("ru", "en", "mixed", "und")
_TEXTS_AT_ONCE = 16_384


def score_texts(warehouse: Warehouse, *, engine: str | SentimentEngine = "embedded") -> StepReport:
    """Score the texts of customers and write `sentiment`, one row per text, ordered by `event_id`.

    Texts of agents, systems and bots are left out. A text that cannot be scored has a null score, never 0.

    Args:
        warehouse: holds `event` and `event_text`.
        engine: a sentiment engine, or the name of one that needs no project.

    Raises:
        SettingsError: there is no such engine.
    """
    scorer = engine_named(engine) if isinstance(engine, str) else engine
    event_ids, texts, languages = _customer_texts(warehouse)
    scores = _scored(scorer, texts)
    if not getattr(scorer, "reads_any_language", False):
        scores = _without_foreign(scores, languages)
    table = pa.table({"event_id": event_ids, **{name: scores[name] for name in scores.column_names}})
    table = table.append_column("engine", pa.array([scorer.name] * table.num_rows, pa.string()))
    warehouse.write("sentiment", table)
    return _report(table)


def _customer_texts(warehouse: Warehouse) -> tuple[pa.ChunkedArray, pa.ChunkedArray, pa.ChunkedArray]:
    """Ids, texts and languages of customers' messages, ordered by id."""
    events = warehouse.read_arrow("event", columns=("event_id", "actor_type"))
    customers = events.filter(pc.equal(events["actor_type"], "customer"))["event_id"]
    texts = warehouse.read_arrow("event_text", order_by=("event_id",), columns=("event_id", "text", "language"))
    mine = texts.filter(pc.is_in(texts["event_id"], value_set=customers.combine_chunks()))
    return mine["event_id"], mine["text"], mine["language"]


def _without_foreign(scores: pa.Table, languages: pa.ChunkedArray) -> pa.Table:
    """Scores without those of texts whose source states a language that the engines do not read.

    Short texts of another language in Latin letters would otherwise be taken for English.
    """
    foreign = pc.invert(pc.is_in(languages, value_set=pa.array([*_READABLE, None], pa.string())))
    replaced = {
        "score": pa.scalar(None, scores.schema.field("score").type),
        "label": pa.scalar(None, pa.string()),
        "confidence": pa.scalar(None, scores.schema.field("confidence").type),
        "flags": pa.scalar("other_language", pa.string()),
    }
    for name, value in replaced.items():
        at = scores.column_names.index(name)
        scores = scores.set_column(at, name, pc.if_else(foreign, value, scores[name]))
    return scores.set_column(
        scores.column_names.index("language"), "language", pc.if_else(foreign, languages, scores["language"])
    )


def _scored(scorer: SentimentEngine, texts: pa.ChunkedArray) -> pa.Table:
    """Scores in the order of `texts`; texts that occur many times ("спасибо") are scored once."""
    distinct = pc.unique(texts)
    parts = [
        scorer.score(distinct.slice(start, _TEXTS_AT_ONCE).to_pylist()).to_arrow()
        for start in range(0, max(len(distinct), 1), _TEXTS_AT_ONCE)
    ]
    places = pc.index_in(texts, value_set=distinct, skip_nulls=False)
    return pa.concat_tables(parts).take(places)


def _report(table: pa.Table) -> StepReport:
    unscored = table["score"].null_count
    foreign = pc.sum(pc.match_substring(table["flags"], "other_language")).as_py() or 0
    counts = {"texts": table.num_rows, "scored": table.num_rows - unscored, "unscored": unscored}
    problems = (
        Problem(
            code="VOICE_LANGUAGE",
            where="event_text",
            text=f"{foreign} texts are in a language that the engine cannot read; expected Russian or English. "
            "They have no score; name another engine to score them.",
            is_notice=True,
        ),
    )
    return StepReport(counts=counts, problems=problems if foreign else ())

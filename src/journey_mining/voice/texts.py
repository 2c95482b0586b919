"""The step that scores what customers wrote: `event_text` and `event` in, `sentiment` and `scored_text` out.

Texts are read in pages, so that memory does not grow with their number. `scored_text` keeps the score of every distinct
text under its hash; the next run takes from it what it would compute again. It holds the texts of its own run and no
others, so it cannot grow beyond them, and whoever is forgotten is gone from it with the texts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from journey_mining import languages
from journey_mining.errors import JourneyMiningError
from journey_mining.progress import Tell, tell_nobody
from journey_mining.report import Problem, StepReport
from journey_mining.voice.batch import FEELINGS, SentimentEngine
from journey_mining.voice.engines import engine_named
from journey_mining.warehouse import DuckDBWarehouse, Warehouse

_READABLE = ("ru", "en", "mixed", "und")
_TEXTS_AT_ONCE = 16_384
_PAGE = 65_536
_UNSCORABLE = "empty|wordless|automatic|other_language"
_HASH_BYTES = 16
_READING = (Path(__file__).resolve().parent, Path(languages.__file__).resolve().parent)
"""folders of the code that decides what is read how"""
_SCORES = pa.schema(
    [
        ("score", pa.float64()),
        ("label", pa.string()),
        ("confidence", pa.float64()),
        *((feeling, pa.float64()) for feeling in FEELINGS),
        ("language", pa.string()),
        ("flags", pa.string()),
    ]
)
_KEPT = pa.schema([("text_hash", pa.binary()), *_SCORES, ("reader", pa.string())])
_SENTIMENT = pa.schema([("event_id", pa.string()), *_SCORES, ("engine", pa.string())])


def score_texts(
    warehouse: Warehouse,
    *,
    engine: str | SentimentEngine = "embedded",
    former: Path | None = None,
    marks: Sequence[str] = (),
    tell: Tell = tell_nobody,
) -> StepReport:
    """Score the texts of customers and write `sentiment`, one row per text, ordered by `event_id`, and `scored_text`.

    Texts of agents, systems and bots are left out. A text that cannot be scored has a null score, never 0. What the
    `former` warehouse scored with the same engine and the same code is taken from it, which changes no score.

    Args:
        warehouse: holds `event` and `event_text`.
        engine: a sentiment engine, or the name of one that needs no project.
        former: file of the warehouse of the last run; none where there is none.
        marks: what decides scores outside of this package: settings, hashes of files.
        tell: told after each page how many texts were read, and of how many.

    Raises:
        SettingsError: there is no such engine.
    """
    scorer = engine_named(engine) if isinstance(engine, str) else engine
    reader = _reader_mark(scorer, marks)
    memory = _Memory(scorer, _former_scores(former, reader))
    warehouse.write("sentiment", _SENTIMENT.empty_table())
    counts: Counter[str] = Counter(texts=0, scored=0, unscored=0, scored_anew=0)
    total = warehouse.count("event_text")
    customers = _customer_events(warehouse)
    for page in _pages(warehouse):
        mine = page.filter(pc.is_in(page["event_id"], value_set=customers))
        scores = memory.scores_of(mine["text"])
        if not getattr(scorer, "reads_any_language", False):
            scores = _without_foreign(scores, mine["language"])
        columns = [mine["event_id"], *scores.columns, pa.array([scorer.name] * len(mine), pa.string())]
        warehouse.append("sentiment", pa.table(columns, schema=_SENTIMENT))
        counts["read"] += len(page)
        _count(counts, scores)
        tell(counts["read"], total)
    counts["scored_anew"] = memory.scored
    used = memory.used()
    warehouse.write("scored_text", used.append_column("reader", pa.array([reader] * len(used), pa.string())))
    return _report(counts)


class _Memory:
    """Scores of texts by hash: those of the former run, and those of this one as they come."""

    def __init__(self, scorer: SentimentEngine, known: pa.Table) -> None:
        self._scorer = scorer
        self._known = known
        self._is_used = [False] * len(known)
        self.scored = 0
        """texts that were scored in this run"""

    def scores_of(self, texts: pa.ChunkedArray) -> pa.Table:
        """Scores in the order of `texts`; texts that occur many times ("спасибо") are scored once."""
        distinct = pc.unique(texts)
        hashes = pa.array([_hash_of(text) for text in distinct.to_pylist()], pa.binary())
        is_new = pc.invert(pc.is_in(hashes, value_set=self._hashes()))
        self._learn(distinct.filter(is_new), hashes.filter(is_new))
        rows = pc.index_in(hashes, value_set=self._hashes())
        for row in rows.to_pylist():
            self._is_used[row] = True
        places = pc.index_in(texts, value_set=distinct, skip_nulls=False)
        return self._known.select(_SCORES.names).take(rows.take(places)).cast(_SCORES)

    def used(self) -> pa.Table:
        """What this run needed and the next one may take over, ordered by hash.

        A text without a score and without a reason in it is left out: an engine elsewhere may not have answered.
        """
        used = self._known.filter(pa.array(self._is_used, pa.bool_()))
        is_final = pc.or_(pc.is_valid(used["score"]), pc.match_substring_regex(used["flags"], _UNSCORABLE))
        return used.filter(is_final).sort_by("text_hash")

    def _hashes(self) -> pa.Array:
        return self._known["text_hash"].combine_chunks()

    def _learn(self, texts: pa.Array, hashes: pa.Array) -> None:
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            scores = self._scorer.score(texts.slice(start, _TEXTS_AT_ONCE).to_pylist()).to_arrow()
            named = pa.table([hashes.slice(start, _TEXTS_AT_ONCE), *scores.columns], names=self._known.column_names)
            self._known = pa.concat_tables([self._known, named])
        self._is_used += [False] * len(texts)
        self.scored += len(texts)


def _hash_of(text: str | None) -> bytes:
    """A hash that tells null from empty; texts come from a database, so they are UTF-8."""
    return hashlib.blake2b(b"" if text is None else b"\1" + text.encode(), digest_size=_HASH_BYTES).digest()


def _reader_mark(scorer: SentimentEngine, marks: Sequence[str]) -> str:
    """Hash of what decides a score: the engine by its name, `marks`, and all code, words and tables that read texts."""
    digest = hashlib.sha256(scorer.name.encode())
    for mark in marks:
        digest.update(b"\0" + mark.encode())
    for folder in _READING:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".toml", ".npz"}):
            digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _former_scores(former: Path | None, reader: str) -> pa.Table:
    """Scores by hash from the last run's warehouse; none where it was read by other code, or cannot be read."""
    none = _KEPT.empty_table().drop_columns("reader")
    if former is None or not former.is_file():
        return none
    try:
        with DuckDBWarehouse(former, read_only=True) as published:
            if "scored_text" not in published.tables():
                return none
            kept = published.read_arrow("scored_text", order_by=("text_hash",), columns=_KEPT.names)
    except JourneyMiningError:
        return none  # it is a help only: what is not known is scored
    return kept.filter(pc.equal(kept["reader"], reader)).drop_columns("reader").cast(none.schema)


def _customer_events(warehouse: Warehouse) -> pa.Array:
    events = warehouse.read_arrow("event", columns=("event_id", "actor_type"))
    return events.filter(pc.equal(events["actor_type"], "customer"))["event_id"].combine_chunks()


def _pages(warehouse: Warehouse) -> Iterator[pa.Table]:
    """Texts ordered by event, a page at a time."""
    last = ""
    while rows := warehouse.execute(
        "select event_id, text, language from event_text where event_id > ? order by event_id limit ?", [last, _PAGE]
    ):
        last = str(rows[-1][0])
        cells = zip(*rows, strict=True)
        yield pa.table([pa.array(column, pa.string()) for column in cells], names=("event_id", "text", "language"))


def _without_foreign(scores: pa.Table, languages: pa.ChunkedArray) -> pa.Table:
    """Scores without those of texts whose source states a language that the engines do not read.

    Short texts of another language in Latin letters would otherwise be taken for English.
    """
    foreign = pc.invert(pc.is_in(languages, value_set=pa.array([*_READABLE, None], pa.string())))
    replaced = {
        **{name: pa.scalar(None, _SCORES.field(name).type) for name in ("score", "label", "confidence", *FEELINGS)},
        "flags": pa.scalar("other_language", pa.string()),
    }
    for name, value in replaced.items():
        at = scores.column_names.index(name)
        scores = scores.set_column(at, name, pc.if_else(foreign, value, scores[name]))
    return scores.set_column(
        scores.column_names.index("language"), "language", pc.if_else(foreign, languages, scores["language"])
    )


def _count(counts: Counter[str], scores: pa.Table) -> None:
    unscored = scores["score"].null_count
    counts["texts"] += len(scores)
    counts["scored"] += len(scores) - unscored
    counts["unscored"] += unscored
    counts["foreign"] += pc.sum(pc.match_substring(scores["flags"], "other_language")).as_py() or 0


def _report(counts: Counter[str]) -> StepReport:
    foreign = counts["foreign"]
    problems = (
        Problem(
            code="VOICE_LANGUAGE",
            where="event_text",
            text=f"{foreign} texts are in a language that the engine cannot read; expected Russian or English. "
            "They have no score; name another engine to score them.",
            is_notice=True,
        ),
    )
    told = {name: counts[name] for name in ("texts", "scored", "unscored", "scored_anew")}
    return StepReport(counts=told, problems=problems if foreign else ())

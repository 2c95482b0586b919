"""Measure: `make voice DATA=DIR`, or `PYTHONPATH=tools:benchmarks:tests python -m voice_quality --data DIR [PART ...]`.

Parts: `sets` (macro-F1 on every set beside peers, by phenomenon, confidence), `stages` (their order), `labels` (what
labels bring), `redaction` (what is left, what is taken out wrongly), `speed`; all of them unless named. Each replaces
its part of docs/voice-quality/results.json, from which the tables of docs/voice-model.md and docs/voice.md are drawn.
DIR holds `labelled_texts.parquet`, `open_corpus.csv.gz` and the word lists; what is not there is told as such. Test
sets are measured here and nowhere chosen by; while anything is still chosen, `--development [--model FILE]` prints our
own development messages and the training parts, and writes nothing. No text is ever printed.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from journey_mining.voice.embedded import MODEL_FILE, EmbeddedEngine, load_model
from voice_quality import learning, page, record
from voice_quality.measures import by_phenomenon, measured, recalls
from voice_quality.peers import told_by_peers
from voice_quality.redaction import redacted
from voice_quality.sets import LabelledSet, foreign_sets, own_sets
from voice_quality.speed import speed
from voice_quality.stages import ranked


def _sets(engine: EmbeddedEngine, folder: Path) -> dict[str, Any]:
    sets = [*own_sets(), *foreign_sets(folder)]
    told = list(told_by_peers(sets, folder))
    rows = [
        measured(engine, one, {peer.name: peer.worth[one.name] for peer in told if one.name in peer.worth})
        for one in sets
    ]
    own = {split: [one for one in sets if one.name in record.OWN_OF[split]] for split in record.OWN_OF}
    return {
        "peers": {peer.name: peer.what for peer in told},
        "sets": rows,
        "phenomena": {split: by_phenomenon(engine, mine) for split, mine in own.items()},
        "recall": {split: recalls(engine, mine) for split, mine in own.items()},
    }


def _stages(engine: EmbeddedEngine, folder: Path) -> dict[str, Any]:
    every = (one for one in [*own_sets(), *foreign_sets(folder)] if one.name in record.STAGE_SETS)
    return {"stages": [ranked(engine, one) for one in every]}


def _labels(engine: EmbeddedEngine, folder: Path) -> dict[str, Any]:
    train = {one.name: one for one in foreign_sets(folder, "train")}
    test = {one.name: one for one in foreign_sets(folder)}
    names = [name for name in learning.COMPANIES if name in train and name in test]
    return {"labels": [learning.learned(engine.model, train[name], test[name]) for name in names]}


def _redaction(_engine: EmbeddedEngine, _folder: Path) -> dict[str, Any]:
    return {"redaction": redacted()}


def _speed(engine: EmbeddedEngine, folder: Path) -> dict[str, Any]:
    sets = [*foreign_sets(folder, "train"), *foreign_sets(folder)] or own_sets()
    return {"speed": speed(engine, [text for one in sets for text in one.texts])}


PARTS: dict[str, Callable[[EmbeddedEngine, Path], dict[str, Any]]] = {
    "sets": _sets,
    "stages": _stages,
    "labels": _labels,
    "redaction": _redaction,
    "speed": _speed,
}


def _print_choices(engine: EmbeddedEngine, folder: Path) -> None:
    sets: Iterable[LabelledSet] = [*own_sets("development"), *foreign_sets(folder, "train")]
    for one in sets:
        row = measured(engine, one, {})
        estimate, low, high = row["macro_f1"]
        print(f"{one.name}: {row['n']} texts, macro-F1 {estimate:.3f} ({low:.3f}-{high:.3f})")


def main() -> None:
    """Measure, record, draw the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    arguments.add_argument("--data", type=Path, required=True, help="folder of labelled texts and word lists")
    arguments.add_argument("--model", type=Path, default=MODEL_FILE, help="another table; with --development only")
    arguments.add_argument("--development", action="store_true", help="print what choices are made by")
    given = arguments.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        arguments.error(f"no such part: {', '.join(sorted(unknown))}; parts are {', '.join(PARTS)}")
    engine = EmbeddedEngine(model=load_model(given.model))
    if given.development:
        _print_choices(engine, given.data)
        return
    if given.model != MODEL_FILE:
        sys.exit("Only the shipped table is measured on test sets; add --development for another one.")
    marks = {"engine": engine.name, "sha256": hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest()}
    for part in given.parts or PARTS:
        found = PARTS[part](engine, given.data)
        # read again each time: a part that takes long may run beside another
        record.write(record.read() | found | marks)
    page.draw_all(record.read())


if __name__ == "__main__":
    main()

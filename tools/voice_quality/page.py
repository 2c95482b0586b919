"""The tables of docs/voice-model.md and docs/voice.md, drawn from the recorded results so that no figure is typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from voice_quality.measures import SURE
from voice_quality.sets import BLOCKS, FOREIGN, OWN

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = (DOCS / "voice-model.md", DOCS / "voice.md")
MARK = re.compile(r"(<!-- voice (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
Results = dict[str, Any]
_TRAINED = ("TF-IDF", "fastText", "fastText, our messages too")
_LISTS = {
    "en": ("VADER", "TextBlob", "AFINN-165"),
    "ru": ("PolSentiLex", "RuSentiLex", "KartaSlovSent"),
}
_SAMPLE = {f"sample_{language}": ("phrases of the sample data", "support", language) for language in ("ru", "en")}
PLACES: dict[str, tuple[str, str, str]] = {
    **{name: (title, "customers", language) for name, title, _, language, _ in OWN},
    **{name: place for name, place in FOREIGN.items() if "support_" in name},
    **_SAMPLE,
    **{name: place for name, place in FOREIGN.items() if "support_" not in name},
}
"""title, block and language of every set, in the order of the page"""
_CALIBRATED = ("own_test_ru", "own_test_en", "own_test_english", "airline", "sre2016_telecom", "oob_social")
"""sets of which confidence is shown"""
STAGE_GOAL = 0.9
HOSTILE = ("tests/property/test_hostile_messages.py", "tests/unit/privacy/test_hostile_texts.py")
_FEWEST = 20
"""messages of a phenomenon below which its share says nothing"""
TAGS = {
    "frightening_words": "neutral requests with frightening words",
    "short": "one to three words",
    "emoji": "emoji",
    "long": "over 60 words",
    "two_languages": "both languages at once",
    "quote_of_agent": "an agent is quoted",
    "solved": "problems that are solved",
    "polite_anger": "polite anger",
    "caps": "in capitals",
    "typos": "typos",
    "no_emotion_words": "complaints without emotion words",
    "transliteration": "Russian in Latin letters",
    "negation": "negation",
    "thanks_with_problem": "thanks with a problem left",
    "comparison": "comparison with others or before",
    "sarcasm": "sarcasm",
    "mixed_feelings": "mixed feelings",
}


def draw_all(results: Results) -> None:
    """Put every table between its marks."""
    for path in PAGES:
        path.write_text(with_tables(path.read_text(encoding="utf-8"), results), encoding="utf-8")


def with_tables(text: str, results: Results) -> str:
    """The text with the tables of these results; parts that were not measured keep theirs."""

    def drawn(found: re.Match[str]) -> str:
        parts, lines = DRAWN[found[2]]
        is_there = all(name in results for name in parts)
        return found[1] + "\n" + "\n".join(lines(results)) + "\n\n" + found[3] if is_there else found[0]

    return MARK.sub(drawn, text)


def share(value: float) -> str:
    """Three decimals without the nought."""
    return f"{value:.3f}".removeprefix("0").replace("-0.", "-.")


def _interval(values: Sequence[float] | None) -> str:
    return f"{share(values[0])} ({share(values[1])}-{share(values[2])})" if values else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _sets(results: Results) -> list[str]:
    """Every set beside the trained methods; sets that are not at hand are named."""
    head = ("set", "language", "n", "macro-F1", "AUC negative", *_TRAINED)
    return _table(head, _by_block(results, _set_cells, len(head)))


def _set_cells(row: Results) -> list[str]:
    cells = [f"**{share(row['macro_f1'][0])}** ({share(row['macro_f1'][1])}-{share(row['macro_f1'][2])})"]
    return [*cells, share(row["auc_negative"]), *(_interval(row["peers"].get(name)) for name in _TRAINED)]


def _lists(results: Results) -> list[str]:
    head = (
        "set",
        "language",
        "n",
        "ours",
        "VADER or PolSentiLex",
        "TextBlob or RuSentiLex",
        "AFINN-165 or KartaSlovSent",
    )
    return _table(head, _by_block(results, _list_cells, len(head), only=tuple(_LISTS)))


def _list_cells(row: Results) -> list[str]:
    return [share(row["macro_f1"][0]), *(_interval(row["peers"].get(name)) for name in _LISTS[row["language"]])]


def _by_block(
    results: Results, cells: Callable[[Results], list[str]], width: int, *, only: Sequence[str] = ("ru", "en", "mixed")
) -> Iterable[list[str]]:
    rows = {row["set"]: row for row in results["sets"]}
    for block, title in BLOCKS.items():
        yield [f"**{title}**", *[""] * (width - 1)]
        for name, (words, own, language) in PLACES.items():
            if own == block and language in only:
                lead = [words, {"mixed": "both"}.get(language, language)]
                here = [f"{rows[name]['n']:,}", *cells(rows[name])] if name in rows else ["", "not at hand"]
                yield [*lead, *here, *[""] * (width - len(lead) - len(here))]


def _short(results: Results) -> list[str]:
    """Customer messages, and the best of the others on them."""
    rows = {row["set"]: row for row in results["sets"]}
    head = ("texts", "language", "n", "macro-F1", "best of the others trained on open corpora or by word list")
    lines = []
    for name, (title, block, language) in PLACES.items():
        if name in rows and (block == "customers" or name in ("airline", "sre2016_telecom", "oob_social")):
            others = {peer: f1 for peer, f1 in rows[name]["peers"].items() if "our messages" not in peer}
            best = max(others, key=lambda peer: others[peer][0])
            f1, count = _interval(rows[name]["macro_f1"]), f"{rows[name]['n']:,}"
            lines.append(
                [title, {"mixed": "both"}.get(language, language), count, f1, f"{best} {_interval(others[best])}"]
            )
    return _table(head, lines)


def _peers(results: Results) -> list[str]:
    return [f"- {name}: {what}" for name, what in results["peers"].items()]


def _phenomena(results: Results) -> list[str]:
    test, other = (results["phenomena"][split] for split in ("test", "test_english"))
    ranked = sorted(test, key=lambda tag: (-test[tag][0], tag))
    rows = [
        [TAGS[tag], share(test[tag][0]), str(test[tag][1]), *(
            [share(other[tag][0]), str(other[tag][1])] if other.get(tag, (0, 0))[1] >= _FEWEST else ["", ""])]
        for tag in ranked
    ]  # fmt: skip
    return _table(("share of right labels", "own test", "n", "by another hand", "n"), rows)


def _confidence(results: Results) -> list[str]:
    rows = {row["set"]: row for row in results["sets"]}
    head = ("set", "language", "said", "right", "calibration error", f"sure ({SURE:g} and above)", "right if sure",
            "mean score of negative", "of neutral", "of positive")  # fmt: skip
    lines = []
    for name in _CALIBRATED:
        if name in rows:
            found, means = rows[name]["confidence"], rows[name]["mean_score"]
            numbers = [found[key] for key in ("said", "right", "calibration_error", "sure", "right_if_sure")]
            cells = [share(value) for value in (*numbers, *means.values())]
            lines.append([PLACES[name][0], PLACES[name][2], *cells])
    return _table(head, lines)


def _stages(results: Results) -> list[str]:
    head = (
        "messages of",
        "language",
        "with the planted order",
        "of a reader of labels",
        "with the labels of the same messages",
    )
    numbers = ("spearman", "ceiling", "same_messages")
    rows = [
        [PLACES[row["set"]][0], PLACES[row["set"]][2], *(_interval(row[name]) for name in numbers)]
        for row in results["stages"]
    ]
    return _table(head, rows)


def _labels(results: Results) -> list[str]:
    counts = list(results["labels"][0]["labels"]) if results["labels"] else []
    tested = list(results["labels"][0]["kept"]) if results["labels"] else []
    head = ["texts", "language", "n", "shipped", *(f"{int(count):,} labels" for count in counts)]
    head += [f"kept with {count}" for count in tested]
    rows = []
    for row in results["labels"]:
        title, _, language = PLACES[row["set"]]
        found = [f"{share(mean)} ({share(spread)})" for mean, spread in row["labels"].values()]
        kept = [f"{row['kept'][count]} of 4" for count in tested]
        rows.append([title, language, f"{row['n']:,}", share(row["shipped"]), *found, *kept])
    return _table(head, rows)


def _claims(results: Results) -> list[str]:
    """What docs/voice.md claims, with its figure and the command that gives it."""
    make = "make voice DATA=DIR PARTS="
    rows = (
        (
            f"stages of 100 messages come out in their planted order (goal {share(STAGE_GOAL)})",
            _order(results),
            make + "stages",
        ),
        ("confidence is about the share that is right", _errors(results), make + "sets"),
        ("15,000 messages a second on one core, cleaning included", _speed(results), make + "speed"),
        ("a later run scores new texts only", "tests pass", "python -m pytest tests/unit/voice/test_texts.py"),
        ("nothing planted is left after redaction", _left(results), make + "redaction"),
        ("redaction leaves other texts alone", _changed(results), make + "redaction"),
        ("hostile texts are read, redacted and scored", "tests pass", f"python -m pytest {' '.join(HOSTILE)}"),
    )
    return _table(("claim", "figure", "command"), [[claim, figure, f"`{command}`"] for claim, figure, command in rows])


def _order(results: Results) -> str:
    rows = {row["set"]: row for row in results["stages"]}
    reached = [sum(row[name][0] >= STAGE_GOAL for row in rows.values()) for name in ("spearman", "same_messages")]
    low, high = (pick(rows, key=lambda name: rows[name]["spearman"][0]) for pick in (min, max))
    ends = " to ".join(
        f"{share(rows[name]['spearman'][0])} ({PLACES[name][0]}, {PLACES[name][2]})" for name in (low, high)
    )
    return (
        f"Spearman's correlation {ends}; goal reached on {reached[0]} of {len(rows)} sets, and on {reached[1]} when "
        "compared with the labels of the very messages"
    )


def _errors(results: Results) -> str:
    rows = [row for row in results["sets"] if row["set"] in _CALIBRATED]
    errors = [row["confidence"]["calibration_error"] for row in rows]
    return f"expected calibration error {share(min(errors))} to {share(max(errors))} on {len(errors)} sets"


def _speed(results: Results) -> str:
    speed = results["speed"]
    spread = (
        f"{speed['least']:,.0f} to {speed['most']:,.0f}; load average {speed['load_average']} on {speed['cores']} cores"
    )
    return f"{speed['a_second']:,.0f} of {speed['characters']} characters a CPU second ({spread})"


def _left(results: Results) -> str:
    return f"{results['redaction']['left']} of {results['redaction']['planted']:,} messages"


def _changed(results: Results) -> str:
    found = results["redaction"]
    names = found["kinds"].get("имя", 0)
    return (
        f"{found['plain_changed']} of {found['plain']:,} messages without contacts are changed; {names} of the finds "
        f"are names, mostly rightly, {sum(found['kinds'].values()) - names} are numbers and addresses, mostly wrongly"
    )


DRAWN: dict[str, tuple[tuple[str, ...], Callable[[Results], list[str]]]] = {
    "sets": (("sets",), _sets),
    "lists": (("sets",), _lists),
    "short": (("sets",), _short),
    "peers": (("peers",), _peers),
    "phenomena": (("phenomena",), _phenomena),
    "confidence": (("sets",), _confidence),
    "stages": (("stages",), _stages),
    "labels": (("labels",), _labels),
    "claims": (("sets", "stages", "redaction", "speed"), _claims),
}
"""parts of the results, and lines, by mark"""

"""What the terminal shows of labelling, adapting and evaluating: counts and estimates, never a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from journey_mining.console import spaced
from journey_mining.voice import LABELS
from journey_mining.voice.adapting import Adaptation, Agreement
from journey_mining.voice.evaluating import Evaluation
from journey_mining.voice.label_file import LabelFile
from journey_mining.voice.levels import Calibration
from journey_mining.voice.quality import Confusion, Measured


def print_label_files(console: Console, files: Sequence[Path]) -> None:
    """Where the sample lies and what to do with it."""
    for path in files:
        console.print(f"Wrote {path}", markup=False)
    console.print(
        "Open one of them in a spreadsheet and choose negative, neutral or positive in the column label: what the "
        "writer would tick at this moment. Leave out what you cannot tell.",
    )
    console.print(f"Next: `journey voice adapt --labels {files[0]}`.", markup=False)


def print_label_notes(console: Console, read: LabelFile) -> None:
    """What of a label file could not be used."""
    if read.unread_count:
        words = ", ".join(repr(word[:20]) for word in read.unread)
        console.print(f"  ! {read.unread_count} labels mean nothing known: {words}", markup=False)
    if read.contradicting_count:
        console.print(f"  ! {read.contradicting_count} texts have two different labels and are left out")
    if read.unlabelled_count:
        console.print(f"  {read.unlabelled_count} texts have no label")


def print_adaptation(console: Console, made: Adaptation) -> None:
    """What was learned, whether it is kept, and what follows for levels and ratings."""
    told = ", ".join(f"{count} {label}" for count, label in zip(made.label_counts, LABELS, strict=True))
    console.print(f"Labels: {told}; customers known by a low or high rating: {spaced(made.rated_customer_count)}")
    if made.gone_count:
        console.print(f"  ! {made.gone_count} labels are of texts that are no longer in the warehouse")
    if made.unscorable_count:
        console.print(f"  {made.unscorable_count} labelled texts hold no word that could be scored")
    console.print("Macro-F1 on labelled texts that the correction had not seen (95 % interval):")
    console.print(f"  before {_interval(made.before)}")
    console.print(f"  after  {_interval(made.after)}")
    console.print(f"  gain   {_interval(made.gain)}, above nought in {made.better_share:.0%} of the draws")
    for when, found in (("before", made.confusion_before), ("after", made.confusion_after)):
        _print_confusion(console, found, f"{when}: known")
    if made.is_written:
        console.print(f"Kept as voice/adapted.npz; engine {made.engine}. Next: `journey run` scores all texts again.")
    else:
        console.print(
            "Not kept: the labels do not bear out that it would be better. The shipped table goes on scoring."
        )
    _print_levels(console, made.calibration)
    _print_agreement(console, made.agreement)


def print_evaluation(console: Console, found: Evaluation) -> None:
    """The measures as tables."""
    console.print(f"Engine {found.engine}: {spaced(found.text_count)} labelled texts", markup=False)
    table = Table("group", "texts", "customers", "macro-F1", "95 % interval", "negative/neutral/positive", box=None)
    for group in found.groups:
        counts = "/".join(str(count) for count in group.label_counts)
        value = group.macro_f1
        table.add_row(
            group.group,
            str(group.text_count),
            str(group.customer_count),
            f"{value.estimate:.3f}",
            f"{value.low:.3f} .. {value.high:.3f}",
            counts,
        )
    console.print(table)
    _print_confusion(console, found.confusion, "known")
    console.print(
        f"Calibration error {found.calibration_error:.3f}; negative against the rest (AUC) {found.auc_negative:.3f}; "
        f"scored {found.scored_share:.1%}; {spaced(round(found.texts_per_second))} texts a second"
    )
    if found.is_corrected:
        console.print(
            "  ! This engine holds a correction. If it was fitted to these labels, the numbers are too good: those of "
            "`journey voice adapt` are of texts that it had not seen."
        )


def _print_confusion(console: Console, found: Confusion, title: str) -> None:
    table = Table(title, *(f"told {label}" for label in LABELS), box=None)
    for label, counts, lows, highs in zip(LABELS, found.counts, found.low, found.high, strict=True):
        table.add_row(label, *(_cell(*cell) for cell in zip(counts, lows, highs, strict=True)))
    console.print(table)


def _cell(count: int, low: float, high: float) -> str:
    return str(count) if np.isnan(low) else f"{count} ({low:.0%}..{high:.0%})"


def _print_levels(console: Console, found: Calibration) -> None:
    if found.is_usable:
        console.print(f"Levels: corrected from now on (slope {found.slope:.2f}); table voice_level after the next run.")
    else:
        console.print(f"Levels: not corrected, only the index is shown: {found.reason}.")


def _print_agreement(console: Console, found: Agreement) -> None:
    told = f"{spaced(found.customer_count)} customers with a text and a rating of another answer within 14 days"
    if found.correlation is not None:
        told += f", rank correlation {_interval(found.correlation)}"
    verdict = (
        "may be combined" if found.may_be_combined else "stay apart (needed: 100 customers, correlation surely .3)"
    )
    console.print(f"Texts and ratings {verdict}: {told}.")
    if found.beside_count:
        console.print(
            f"  {spaced(found.beside_count)} more only commented on their own rating: that teaches the correction and "
            "is no second telling."
        )


def _interval(value: Measured) -> str:
    return f"{value.estimate:.3f} ({value.low:.3f} .. {value.high:.3f})"

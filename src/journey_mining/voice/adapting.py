"""Adapting the engine to one company: labels and ratings in, a tested correction out.

In: a label file, texts and ratings of the published warehouse. Out: `voice/adapted.npz` and `voice/levels.npz` of the
project, and an account of what was gained. Every number is of texts that the correction had not seen: cross-validation
by customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from journey_mining.errors import JourneyMiningError
from journey_mining.privacy import redact
from journey_mining.project import Project
from journey_mining.voice.batch import LABELS
from journey_mining.voice.cleaning import clean
from journey_mining.voice.correction import Examples, corrected, fitted, save_correction
from journey_mining.voice.customer_texts import published_texts, stable_order, text_id
from journey_mining.voice.embedded import VoiceModel, embedded_engine
from journey_mining.voice.label_file import LabelFile, read_labels
from journey_mining.voice.levels import Calibration, calibration
from journey_mining.voice.places import adapted_file, levels_file
from journey_mining.voice.quality import (
    Confusion,
    Measured,
    confusion,
    draws_of_customers,
    macro_f1_gain,
    macro_f1_interval,
    measured,
    told_labels,
)
from journey_mining.voice.stored_levels import save_calibration

FEWEST_LABELLED = 30
RATED_WITHIN = timedelta(days=14)
_FOLDS = 10
_RATED_WEIGHT = 0.3
"""what a customer known by a rating weighs at most, against 1 of a text labelled by hand; all together never more than
the labels"""
_LOW, _HIGH = 0.25, 0.75
"""1-2 and 4-5 of five stars on the scale 0..1"""
SURE_ENOUGH = 0.9
_FEWEST_PAIRS = 100
_LEAST_AGREEMENT = 0.3

Labels = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How the texts of customers go with their ratings."""

    customer_count: int
    """customers with a text and a rating of another answer within fourteen days"""
    correlation: Measured | None
    """Spearman's, of customers' mean scores and mean ratings; None under 30 customers"""
    beside_count: int = 0
    """customers left out: their texts stand beside their own rating only, in the same answer"""

    @property
    def may_be_combined(self) -> bool:
        """Whether one number may be made of both."""
        known = self.correlation is not None and self.customer_count >= _FEWEST_PAIRS
        return bool(known and self.correlation and self.correlation.low >= _LEAST_AGREEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """What adapting did."""

    label_counts: tuple[int, int, int]
    """labelled texts that were used, in the order of `LABELS`"""
    gone_count: int
    """labels of texts that are no longer in the warehouse"""
    unscorable_count: int
    """labelled texts without a word that could be scored"""
    rated_customer_count: int
    """customers known by a low or high rating only"""
    before: Measured
    after: Measured
    """macro-F1 on labelled texts, in cross-validation"""
    gain: Measured
    better_share: float
    """share of draws of customers in which macro-F1 grew"""
    confusion_before: Confusion
    confusion_after: Confusion
    is_written: bool
    engine: str
    """the engine that scores from now on"""
    calibration: Calibration
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Examples, those by hand first, and what else is known of them."""

    examples: Examples
    hand_count: int
    ratings: Numbers
    """of other answers than the text itself; 0..1, NaN where there is none"""
    is_beside: NDArray[np.bool_]
    """whether the text is the comment of an answer that holds a rating, and no other rating is near"""


def adapt(project: Project, labels: Path) -> Adaptation:
    """Fit a correction, test it, and keep it where it is better.

    It is kept where macro-F1 grew in at least nine of ten draws of customers. Otherwise an earlier one is removed:
    what the labels at hand do not bear out does not score.

    Raises:
        SettingsError: the label file cannot be read.
        NotFoundError: the project has not been run.
        JourneyMiningError: there are too few labels to tell anything.
    """
    read = read_labels(labels)
    texts, ratings = published_texts(project)
    known, gone, unscorable = _known(read, texts, ratings)
    _refuse_too_few(known, labels)
    base = embedded_engine().model
    seen = base.probabilities(known.examples.cleaned)
    unseen = held_out(base, known.examples)
    by_hand = slice(0, known.hand_count)
    truth, customers = known.examples.labels[by_hand], known.examples.customers[by_hand]
    told_before, told_after = (told_labels(values[by_hand], truth) for values in (seen, unseen))
    gain, better = macro_f1_gain(truth, told_before, told_after, customers)
    is_better = gain.estimate > 0 and better >= SURE_ENOUGH
    engine = _kept(project, base, known.examples, is_better=is_better)
    chosen = unseen if is_better else seen
    measured_levels = calibration(truth, chosen[by_hand])
    save_calibration(levels_file(project.root), engine, truth, chosen[by_hand])
    counts = np.bincount(truth, minlength=len(LABELS))
    return Adaptation(
        label_counts=(int(counts[0]), int(counts[1]), int(counts[2])),
        gone_count=gone,
        unscorable_count=unscorable,
        rated_customer_count=len(np.unique(known.examples.customers[_rated(known)])),
        before=macro_f1_interval(truth, told_before, customers),
        after=macro_f1_interval(truth, told_after, customers),
        gain=gain,
        better_share=better,
        confusion_before=confusion(truth, told_before),
        confusion_after=confusion(truth, told_after),
        is_written=is_better,
        engine=engine,
        calibration=measured_levels,
        agreement=_agreement(known, chosen[:, 2] - chosen[:, 0]),
    )


def held_out(base: VoiceModel, examples: Examples) -> Numbers:
    """Probabilities of every example under a correction fitted without its customer; shape (n, 3)."""
    folds = _folds(examples)
    probabilities = np.empty((len(folds), len(LABELS)))
    for fold in np.unique(folds):
        out, rest = np.flatnonzero(folds == fold), np.flatnonzero((folds != fold) & (examples.weights > 0))
        correction = fitted(base, examples.take(rest))
        probabilities[out] = corrected(base, correction).probabilities(examples.take(out).cleaned)
    return probabilities


def _agreement(known: _Known, scores: Numbers) -> Agreement:
    """Agreement of texts with ratings of other answers: a comment goes with its own score closer than any mail."""
    customers = known.examples.customers
    beside = np.setdiff1d(customers[known.is_beside], customers[~np.isnan(known.ratings)])
    return replace(agreement(scores, known.ratings, customers), beside_count=len(beside))


def agreement(scores: Numbers, ratings: Numbers, customers: Labels) -> Agreement:
    """Rank correlation of what customers write and how they rate, one customer one vote."""
    rated = ~np.isnan(ratings)
    frame = pd.DataFrame({"customer": customers[rated], "score": scores[rated], "rating": ratings[rated]})
    means = frame.groupby("customer")[["score", "rating"]].mean().to_numpy()
    count = len(means)
    varies = count > 1 and bool(np.ptp(means, axis=0).all())
    if count < FEWEST_LABELLED or not varies:
        return Agreement(customer_count=count, correlation=None)
    draws = draws_of_customers(lambda rows: _spearman(means[rows]), np.arange(count))
    return Agreement(customer_count=count, correlation=measured(_spearman(means), draws))


def _spearman(pairs: Numbers) -> float:
    ranks = rankdata(pairs, axis=0)
    if not np.ptp(ranks, axis=0).all():
        return 0.0
    return float(np.corrcoef(ranks, rowvar=False)[0, 1])


def _kept(project: Project, base: VoiceModel, examples: Examples, *, is_better: bool) -> str:
    """Write the correction, or remove an earlier one; the name of the engine that scores from now on."""
    path = adapted_file(project.root)
    if not is_better:
        path.unlink(missing_ok=True)
        return embedded_engine().name
    correction = fitted(base, examples.take(np.flatnonzero(examples.weights > 0)))
    save_correction(correction, base, path)
    return f"embedded-{corrected(base, correction).version}"


def _known(read: LabelFile, texts: pd.DataFrame, ratings: pd.DataFrame) -> tuple[_Known, int, int]:
    """Examples by hand and by rating; labels of texts that are gone; labelled texts that cannot be scored."""
    texts = texts.assign(
        rating=_nearest_ratings(texts, ratings), other_rating=_nearest_ratings(texts, ratings, is_other=True)
    )
    texts["text_id"] = [text_id(event_id) for event_id in texts["event_id"]]
    by_hand, gone = _by_hand(read, texts)
    is_rated = (texts["rating"].notna() | texts["other_rating"].notna()) & texts["score"].notna()
    found = pd.concat([by_hand, texts[is_rated & ~texts["text_id"].isin(by_hand["text_id"])]], ignore_index=True)
    found["cleaned"] = [clean(text) for text in found["text"]]
    can_score = found["cleaned"].str.contains(r"[^\W\d_]", regex=True)
    unscorable = int((~can_score & found["known"].notna()).sum())
    found = found[can_score].reset_index(drop=True)
    hand = found["known"].notna().to_numpy()
    examples = Examples(
        cleaned=tuple(found["cleaned"]),
        labels=found["known"].where(hand, (found["rating"] > (_LOW + _HIGH) / 2) * 2).to_numpy(np.int64),
        customers=_numbered(found["person_id"]),
        weights=_weights(found, hand),
        two_sided=~hand,
    )
    return (
        _Known(
            examples=examples,
            hand_count=int(hand.sum()),
            ratings=found["other_rating"].to_numpy(float),
            is_beside=(found["rating"].notna() & found["other_rating"].isna()).to_numpy(bool),
        ),
        gone,
        unscorable,
    )


def _by_hand(read: LabelFile, texts: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Labelled texts, worded as in the warehouse, and the number of labels whose text is gone.

    Rows without an id are texts of the labeller's own; they are redacted as all others and each counts as a customer.
    """
    rows = [(row.text_id, float(row.label)) for row in read.rows if row.text_id and row.label is not None]
    labelled = pd.DataFrame(rows, columns=["text_id", "known"])
    there = labelled.merge(texts, on="text_id", validate="one_to_one")
    own = [
        {"text_id": "", "known": float(row.label), "text": redact(row.text).text, "person_id": f"own {number}"}
        for number, row in enumerate(read.rows)
        if not row.text_id and row.label is not None
    ]
    return pd.concat([there, pd.DataFrame(own)], ignore_index=True) if own else there, len(labelled) - len(there)


def _nearest_ratings(texts: pd.DataFrame, ratings: pd.DataFrame, *, is_other: bool = False) -> list[float]:
    """For each text the same customer's rating that is nearest in time; NaN where none lies within fourteen days.

    Where a customer rated low and high within that time, nothing is known of the text. With `is_other` ratings of the
    same source and instant do not count: the text is their comment, or stands on the same sheet.
    """
    by_person = dict(list(ratings.groupby("person_id", sort=False)))
    found = []
    for person, source, moment in zip(texts["person_id"], texts["source"], texts["occurred_at"], strict=True):
        mine = by_person.get(person)
        if mine is not None and is_other:
            mine = mine[(mine["source"] != source) | (mine["occurred_at"] != moment)]
        found.append(float("nan") if mine is None else _rating_near(mine, moment))
    return found


def _rating_near(mine: pd.DataFrame, moment: pd.Timestamp) -> float:
    apart = (mine["occurred_at"] - moment).abs()
    near = mine[apart <= RATED_WITHIN]
    if near.empty or (near["rating"].min() <= _LOW and near["rating"].max() >= _HIGH):
        return float("nan")
    return float(near["rating"].to_numpy()[apart[near.index].to_numpy().argmin()])


def _weights(found: pd.DataFrame, hand: NDArray[np.bool_]) -> Numbers:
    """1 for a text labelled by hand; a little for each customer known by a low or high rating; 0 for middle ratings."""
    weights = hand.astype(float)
    telling = ~hand & ((found["rating"] <= _LOW) | (found["rating"] >= _HIGH)).to_numpy()
    customers = found.loc[telling, "person_id"]
    if len(customers):
        each = min(_RATED_WEIGHT, hand.sum() / customers.nunique())
        weights[telling] = each / customers.map(customers.value_counts()).to_numpy()
    return weights


def _rated(known: _Known) -> NDArray[np.bool_]:
    return known.examples.two_sided & (known.examples.weights > 0)


def _numbered(persons: pd.Series) -> Labels:
    """Customers as numbers, in an order that tells nothing and is always the same."""
    names = sorted(persons.unique(), key=stable_order)
    return persons.map({name: number for number, name in enumerate(names)}).to_numpy(np.int64)


def _folds(examples: Examples) -> Labels:
    """Fold of every example: customers are dealt out by number, those with labels first."""
    by_hand = np.unique(examples.customers[~examples.two_sided])
    others = np.setdiff1d(examples.customers, by_hand)
    fold = dict(zip((*by_hand, *others), (n % _FOLDS for n in range(len(by_hand) + len(others))), strict=True))
    return np.array([fold[customer] for customer in examples.customers], np.int64)


def _refuse_too_few(known: _Known, path: Path) -> None:
    truth = known.examples.labels[: known.hand_count]
    if known.hand_count < FEWEST_LABELLED or len(np.unique(truth)) < 2:  # noqa: PLR2004 - one label is no choice
        raise JourneyMiningError(
            f"{path} holds {known.hand_count} labels that can be used, of {len(np.unique(truth))} kinds.",
            expected=f"at least {FEWEST_LABELLED} texts of this project, of two kinds or three; 200 are a good start.",
            todo="Label more texts: negative, neutral or positive in the column label.",
            code="VOICE_LABELS",
        )

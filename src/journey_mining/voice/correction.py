"""A correction of the frozen table for the texts of one company: fitting, applying, storing.

In: cleaned texts with labels. Out: a second, sparse table of the same make. The probabilities of the two are
multiplied, so a correction of zeros changes nothing, and a table that is trained anew needs a new correction.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from journey_mining.errors import JourneyMiningError
from journey_mining.privacy.private_files import write_private
from journey_mining.voice.batch import LABELS
from journey_mining.voice.embedded import VoiceModel
from journey_mining.voice.features import FEATURE_VERSION, Block, blocks_of
from journey_mining.voice.hashed_table import LARGEST, HashedTable

FORMAT = 1
_PRIOR = 0.5
"""strength of the prior of weights around zero; chosen on the training parts of three public sets (docs/voice.md)"""
_LEVEL_PRIOR = 0.1
"""the same of the two constants: levels differ most between trades, and two numbers need little holding back"""
_BALANCE = 0.5
"""rare labels weigh more, by this power of their rarity: halfway between as found and all alike"""
_RAREST = 0.02
_FEWEST_CUSTOMERS = 2
"""a feature is corrected only where this many customers used it: no text of one person can stand in the table"""
_ROUNDS = 200
_LEAST = 1e-9

Labels = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Texts with what is known of them; shapes (n,) where not said otherwise."""

    cleaned: tuple[str, ...]
    labels: Labels
    """place in `LABELS`"""
    customers: Labels
    """number of the customer who wrote it"""
    weights: Numbers
    two_sided: NDArray[np.bool_]
    """known to be negative rather than positive (or the reverse), and nothing is known of neutral: from a rating"""

    def take(self, rows: NDArray[np.int64]) -> Examples:
        """Some of them, in that order."""
        return Examples(
            cleaned=tuple(self.cleaned[row] for row in rows),
            labels=self.labels[rows],
            customers=self.customers[rows],
            weights=self.weights[rows],
            two_sided=self.two_sided[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A second table for the texts of one company."""

    version: str
    """goes into the column `engine`, behind that of the shipped table"""
    table: HashedTable
    """columns negative and positive, against neutral"""


def corrected(base: VoiceModel, correction: Correction) -> VoiceModel:
    """`base` with a correction on top; its version names both."""
    return replace(base, version=f"{base.version}+{correction.version}", correction=correction.table)


def fitted(base: VoiceModel, examples: Examples) -> Correction:
    """The correction that makes the examples likeliest under a normal prior around no correction.

    Multinomial logistic regression with the logits of `base` as offset (maximum a posteriori, L-BFGS). Of an example
    known from a rating only, the chance of its side among negative and positive counts: what is neutral, ratings do not
    tell. Weights are rounded to whole numbers; the same examples give the same table.
    """
    blocks = blocks_of(examples.cleaned, bits=base.bits)
    features, buckets = _features(blocks, examples)
    offset = _logits(base.told_of(blocks, len(examples.cleaned)).probabilities)
    weights = examples.weights * _rarity(examples)
    count = len(buckets)
    transposed = features.T.tocsr()

    def cost(values: Numbers) -> tuple[float, Numbers]:
        delta, constant = values[:-2].reshape(count, 2), values[-2:]
        loss, slope = _loss(offset + features @ delta + constant, examples, weights)
        prior = _PRIOR * (delta**2).sum() + _LEVEL_PRIOR * (constant**2).sum()
        downhill = [(transposed @ slope + _PRIOR * delta).ravel(), slope.sum(axis=0) + _LEVEL_PRIOR * constant]
        return loss + float(prior) / 2, np.concatenate(downhill)

    found = minimize(cost, np.zeros(2 * count + 2), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    return _table(base, buckets, found[:-2].reshape(count, 2), found[-2:])


def _features(blocks: Sequence[Block], examples: Examples) -> tuple[csr_matrix, NDArray[np.int64]]:
    """Weights of features, shape (n, buckets in use), and the buckets: those that several customers used."""
    size = len(examples.cleaned)
    message = np.concatenate([block.message for block in blocks])
    bucket = np.concatenate([block.bucket for block in blocks])
    weight = np.concatenate([block.message_weights(size)[block.message] for block in blocks])
    users = np.unique(np.stack((bucket, examples.customers[message])), axis=1)[0]
    used, customers = np.unique(users, return_counts=True)
    buckets = used[customers >= _FEWEST_CUSTOMERS]
    kept = np.isin(bucket, buckets)
    columns = np.searchsorted(buckets, bucket[kept])
    return csr_matrix((weight[kept], (message[kept], columns)), shape=(size, len(buckets))), buckets


def _logits(probabilities: Numbers) -> Numbers:
    logs = np.log(np.maximum(probabilities, _LEAST))
    return np.stack((logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1]), axis=1)


def _rarity(examples: Examples) -> Numbers:
    """What an example weighs because its label is rare among those labelled by hand; 1 on average."""
    by_hand = ~examples.two_sided
    if not by_hand.any():
        return np.ones(len(by_hand))
    shares = np.bincount(examples.labels[by_hand], minlength=len(LABELS)) / by_hand.sum()
    weights = np.maximum(shares, _RAREST) ** -_BALANCE
    weights /= (weights[examples.labels[by_hand]]).mean()
    return np.where(by_hand, weights[examples.labels], 1.0)


def _loss(logits: Numbers, examples: Examples, weights: Numbers) -> tuple[float, Numbers]:
    """Weighted -log likelihood, and its derivative by the two logits, shape (n, 2)."""
    full = np.stack((logits[:, 0], np.where(examples.two_sided, -np.inf, 0.0), logits[:, 1]), axis=1)
    odds = np.exp(full - full.max(axis=1, keepdims=True))
    shares = odds / odds.sum(axis=1, keepdims=True)
    rows = np.arange(len(logits))
    likelihood = np.maximum(shares[rows, examples.labels], np.finfo(float).tiny)
    slope = shares.copy()
    slope[rows, examples.labels] -= 1.0
    return -float((weights * np.log(likelihood)).sum()), (slope * weights[:, None])[:, (0, 2)]


def _table(base: VoiceModel, buckets: NDArray[np.int64], delta: Numbers, constant: Numbers) -> Correction:
    scale = float(np.abs(delta).max(initial=0.0)) / LARGEST or 1.0
    weights = np.zeros((2, 1 << base.bits), np.int8)
    weights[:, buckets] = np.round(delta / scale).T.astype(np.int8)
    # digits beyond these differ between processors, and would give the same labels two names
    scale, constant = float(np.float32(scale)), np.round(constant, 6)
    kept = np.flatnonzero(weights.any(axis=0))
    digest = hashlib.sha256(f"{base.version} {FEATURE_VERSION} {scale} {constant.tolist()}".encode())
    digest.update(kept.astype(np.int32).tobytes() + weights[:, kept].tobytes())
    table = HashedTable(weights=weights, scale=np.full(2, scale), bias=constant)
    return Correction(version=digest.hexdigest()[:8], table=table)


def save_correction(correction: Correction, base: VoiceModel, path: Path) -> None:
    """Write a correction with the version of the table that it corrects; the same one gives the same bytes."""
    table = correction.table
    kept = np.flatnonzero(table.weights.any(axis=0))
    stored = {
        "format": np.array(FORMAT),
        "feature_version": np.array(FEATURE_VERSION),
        "base": np.array(base.version),
        "version": np.array(correction.version),
        "bits": np.array(table.bits),
        "buckets": kept.astype(np.int32),
        "weights": table.weights[:, kept],
        "scale": np.array(table.scale[0]),
        "bias": table.bias,
    }
    write_arrays(path, stored)


def load_correction(path: Path, base: VoiceModel) -> Correction | None:
    """Read a correction of `base`; None where it was made for another table or other features.

    Raises:
        JourneyMiningError: the file is damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            made_for = (int(stored["format"]), int(stored["feature_version"]), str(stored["base"]), int(stored["bits"]))
            if made_for != (FORMAT, FEATURE_VERSION, base.version, base.bits):
                return None
            weights = np.zeros((2, 1 << base.bits), np.int8)
            weights[:, stored["buckets"]] = stored["weights"]
            scale, bias = np.full(2, float(stored["scale"])), stored["bias"].astype(np.float64)
            version = str(stored["version"])
    except (OSError, KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile, zlib.error) as fault:
        raise JourneyMiningError(
            f"The correction {path} cannot be read.",
            expected="a file made by `journey voice adapt` with this version of journey_mining.",
            todo="Run `journey voice adapt` with your labels again, or remove the file to score without a correction.",
            code="VOICE_CORRECTION",
        ) from fault
    return Correction(version=version, table=HashedTable(weights=weights, scale=scale, bias=bias))


def write_arrays(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Write arrays as an .npz readable by the owner only, without the time of day in it, and swap it in whole."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in arrays.items():
            part = io.BytesIO()
            np.lib.format.write_array(part, np.asanyarray(values), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), part.getvalue(), zipfile.ZIP_DEFLATED)
    write_private(path, target.getvalue())

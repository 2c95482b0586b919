"""`voice/levels.npz`: the answers of an engine to labelled texts, from which levels are corrected every night."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from journey_mining.errors import JourneyMiningError
from journey_mining.voice.correction import write_arrays

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswers:
    """What an engine told of labelled texts that it had not been fitted to."""

    engine: str
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def save_calibration(
    path: Path,
    engine: str,
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
) -> None:
    """Write them; they hold neither text nor id."""
    stored = {
        "format": np.array(_FORMAT),
        "engine": np.array(engine),
        "labels": labels.astype(np.int8),
        "probabilities": np.round(probabilities, 4).astype(np.float32),
    }
    write_arrays(path, stored)


def load_calibration(path: Path) -> StoredAnswers | None:
    """Read them; None where there are none.

    Raises:
        JourneyMiningError: the file is damaged.
    """
    if not path.is_file():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            return StoredAnswers(
                engine=str(stored["engine"]),
                labels=stored["labels"].astype(np.int64),
                probabilities=np.round(stored["probabilities"].astype(np.float64), 4),
            )
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as fault:
        raise JourneyMiningError(
            f"The file {path} cannot be read.",
            expected="a file made by `journey voice adapt`.",
            todo="Run `journey voice adapt` with your labels again, or remove the file.",
            code="VOICE_LEVELS",
        ) from fault

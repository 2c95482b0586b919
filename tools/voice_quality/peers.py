"""Other ways to tell polarity, over the texts of all sets: word lists here, packages in an environment of their own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from environments import HERE, PEERS, peer_python
from numpy.typing import NDArray
from train_voice import CORPUS, own_messages, read_corpus
from voice_corpus import messages

from journey_mining.voice.batch import LABELS
from journey_mining.voice.cleaning import clean
from voice_quality.sets import LabelledSet
from voice_quality.word_lists import WORD_LISTS, worth_of

Worth = NDArray[np.float64]
PROGRAM = Path(__file__).with_name("peer_packages.py")
KEPT = PEERS.parent / "voice"
"""answers of the programs; they hold no text"""
REQUIREMENTS = HERE / "peers" / "voice.txt"
ENGLISH, EVERY = ("en",), ("ru", "en", "mixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A package, and what it is trained on."""

    program: str
    """name in `peer_packages.py`"""
    package: str
    languages: tuple[str, ...] = EVERY
    is_trained: bool = True
    reads_our_messages: bool = False
    """trained on our own messages besides the open corpora"""


PACKAGES = {
    "VADER": Peer(program="VADER", package="vaderSentiment", languages=ENGLISH, is_trained=False),
    "TextBlob": Peer(program="TextBlob", package="textblob", languages=ENGLISH, is_trained=False),
    "TF-IDF": Peer(program="TF-IDF", package="scikit-learn"),
    "fastText": Peer(program="fastText", package="fasttext-numpy2-wheel"),
    "fastText, our messages too": Peer(program="fastText", package="fasttext-numpy2-wheel", reads_our_messages=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a peer told of the sets that are in its languages."""

    name: str
    what: str
    """package and version, or the file; with what was chosen on the development messages"""
    worth: dict[str, Worth]
    """by set; shape (texts, 3)"""


def told_by_peers(sets: list[LabelledSet], folder: Path) -> Iterator[Told]:
    """Every peer in turn; a word list whose file is not in the folder is left out."""
    for name, (language, file, read) in WORD_LISTS.items():
        if (folder / file).is_file():
            worth = read(folder / file)
            mine = [one for one in sets if one.language == language]
            yield Told(name=name, what=file, worth={one.name: worth_of(worth, one.texts) for one in mine})
    versions = dict(line.split("==") for line in REQUIREMENTS.read_text(encoding="utf-8").split())
    packages = {name: peer for name, peer in PACKAGES.items() if not peer.is_trained or (folder / CORPUS).is_file()}
    python = peer_python("voice")
    with ThreadPoolExecutor(os.cpu_count()) as processes:
        asked = {name: processes.submit(_asked, python, peer, sets, folder) for name, peer in packages.items()}
        for name, peer in packages.items():
            worth, chosen = asked[name].result()
            what = " ".join(word for word in (peer.package, versions[peer.package], chosen) if word)
            yield Told(name=name, what=what, worth=worth)


def _asked(python: Path, peer: Peer, sets: list[LabelledSet], folder: Path) -> tuple[dict[str, Worth], str]:
    """What the program of a peer tells of its sets, in a process of its own; the same question is asked once."""
    mine = [one for one in sets if one.language in peer.languages]
    texts = [text for one in mine for text in one.texts]
    job: dict[str, Any] = {"texts": texts, "cleaned": [clean(text) for text in texts]}
    if peer.is_trained:
        job |= {"train": _training(folder, peer), "development": _development()}
    answer = _answered(python, peer.program, json.dumps(job))
    with np.load(answer) as told:
        parts = np.split(told["worth"], np.cumsum([len(one.texts) for one in mine])[:-1])
        return {one.name: part for one, part in zip(mine, parts, strict=True)}, str(told["chosen"])


def _answered(python: Path, program: str, job: str) -> Path:
    """The file of an answer, kept under the hash of all that it hangs on: a long measurement can stop and go on."""
    key = hashlib.sha256(PROGRAM.read_bytes() + REQUIREMENTS.read_bytes() + program.encode() + job.encode())
    answer = KEPT / f"{key.hexdigest()[:16]}.npz"
    if not answer.is_file():
        print(f"asking {program}", file=sys.stderr, flush=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as aside:
            question, told = Path(aside) / "job.json", Path(aside) / "answer.npz"
            question.write_text(job, encoding="utf-8")
            command = [str(word) for word in (python, PROGRAM, program, question, told)]
            subprocess.run(command, check=True)  # noqa: S603 - our own program
            shutil.move(told, answer)
    return answer


def _training(folder: Path, peer: Peer) -> dict[str, list[Any]]:
    """The training split of the open corpora, as the embedded table is trained on it."""
    corpus = read_corpus(folder)
    rows = corpus.loc[corpus["split"] == "train", ["text", "label", "lang"]]
    if peer.reads_our_messages:
        rows = pd.concat([rows, own_messages()[["text", "label", "lang"]]], ignore_index=True)
    return {
        "cleaned": [clean(text) for text in rows["text"]],
        "labels": rows["label"].astype(int).tolist(),
        "languages": rows["lang"].tolist(),
    }


def _development() -> dict[str, list[Any]]:
    rows = messages("development")
    return {
        "cleaned": [clean(text) for text in rows["text"]],
        "labels": rows["label"].map(LABELS.index).tolist(),
    }

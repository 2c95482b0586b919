"""A small world, written once for all tests of this folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from journey_mining.simulation import WorldSummary, write_world


class World:
    """A written world and short ways to read it."""

    def __init__(self, folder: Path, summary: WorldSummary) -> None:
        self.folder = folder
        self.summary = summary

    def bytes_of(self, path: str) -> bytes:
        data = (self.folder / path).read_bytes()
        return gzip.decompress(data) if path.endswith(".gz") else data

    def text(self, path: str, encoding: str = "utf-8") -> str:
        return self.bytes_of(path).decode(encoding)

    def hits(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        for path in sorted(self.folder.glob("metrica/hits_*.tsv.gz")):
            heading, *lines = self.text(f"metrica/{path.name}").splitlines()
            rows += [dict(zip(heading.split("\t"), line.split("\t"), strict=True)) for line in lines]
        return rows


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    return World(folder, write_world(folder, customers=400, seed=3))

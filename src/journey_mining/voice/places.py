"""Where a project keeps what belongs to its voice."""

from __future__ import annotations

from pathlib import Path


def adapted_file(root: Path) -> Path:
    """The correction of the embedded engine for this project, where there is one."""
    return root / "voice" / "adapted.npz"


def levels_file(root: Path) -> Path:
    """How the engine answers to texts whose label is known."""
    return root / "voice" / "levels.npz"


def labels_file(root: Path) -> Path:
    """The workbook that `journey voice label` writes where no other file is named."""
    return root / "voice" / "labels.xlsx"


def answers_file(root: Path) -> Path:
    """Answers of an endpoint, by hash of what it was asked."""
    return root / "voice" / "answers.jsonl"

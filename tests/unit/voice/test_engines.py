"""Engines by name."""

from __future__ import annotations

import numpy as np
import pytest

from journey_mining.errors import SettingsError
from journey_mining.voice import engine_named


def test_the_embedded_engine_says_its_version():
    assert engine_named("embedded").name == "embedded-3"


def test_the_engine_none_reads_the_language_and_scores_nothing():
    batch = engine_named("none").score(["Ужас", "", None])
    assert np.isnan(batch.probabilities).all()
    assert batch.languages == ("ru", "und", "und")
    assert batch.flags == ("", "empty", "empty")


def test_an_unknown_engine_is_refused_with_a_hint():
    with pytest.raises(SettingsError, match="Did you mean 'embedded'"):
        engine_named("embeded")

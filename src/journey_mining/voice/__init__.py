"""What customers say: cleaning, language and sentiment of their texts.

In: `event_text`, `event`. Out: `sentiment`, `voice_level`. Beside the nightly line stand labelling,
adapting and evaluating.
"""

from __future__ import annotations

from journey_mining.voice.batch import FEELINGS, LABELS, SentimentBatch, SentimentEngine
from journey_mining.voice.embedded import EmbeddedEngine, VoiceModel, embedded_engine, load_model
from journey_mining.voice.engines import NoEngine, engine_named, outdated_correction, project_engine, voice_marks
from journey_mining.voice.level_table import measure_levels
from journey_mining.voice.sweeping import sweep_voice
from journey_mining.voice.texts import score_texts
from journey_mining.voice.traces import traces

__all__ = [
    "FEELINGS",
    "LABELS",
    "EmbeddedEngine",
    "NoEngine",
    "SentimentBatch",
    "SentimentEngine",
    "VoiceModel",
    "embedded_engine",
    "engine_named",
    "load_model",
    "measure_levels",
    "outdated_correction",
    "project_engine",
    "score_texts",
    "sweep_voice",
    "traces",
    "voice_marks",
]

from __future__ import annotations

import pytest

from journey_mining.errors import ModelError
from journey_mining.warehouse.models import layer_models, model_named, parse_model

HEADER = """-- model: m
-- layer: journeys
-- grain: one row per thing
-- key: a, b
-- reads: source
-- why: it must be read
-- not_null: c
"""


def test_a_header_is_read_and_the_select_is_kept_whole() -> None:
    model = parse_model(HEADER + "select\n    a -- why\nfrom source;\n", name="m")
    assert (model.key, model.reads, model.not_null) == (("a", "b"), ("source",), ("c",))
    assert model.sql == "select\n    a -- why\nfrom source"


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace("-- key: a, b\n", ""),
        HEADER.replace("model: m", "model: other"),
        HEADER.replace("grain", "grains"),
        "",
    ],
)
def test_a_wrong_header_is_refused(header: str) -> None:
    with pytest.raises(ModelError, match="header"):
        parse_model(header + "select 1", name="m")


def test_models_of_a_layer_stand_after_what_they_read() -> None:
    names = [model.name for model in layer_models("journeys")]
    wrong = [
        (model.name, read)
        for model in layer_models("journeys")
        for read in model.reads
        if read in names and names.index(read) > names.index(model.name)
    ]
    assert wrong == []


def test_a_model_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ModelError, match="journey_step"):
        model_named("journey_stepp")

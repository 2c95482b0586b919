"""Fixtures of the catalogue can be drafted from, and each draft loads what it was drafted from."""

from __future__ import annotations

import pytest

from journey_mining.sources import catalog_dir
from journey_mining.sources.workbench import check_source, draft_source
from source_place import NOW, Place

SOURCES = ("bitrix24", "metrica", "survey", "zendesk")


@pytest.mark.parametrize("name", SOURCES)
def test_fixtures_of_the_catalogue_can_be_drafted_from(name: str, place: Place) -> None:
    files = sorted(path for path in (catalog_dir() / name / "fixtures").iterdir() if path.is_file())
    draft_source(place.project, "drafted", files)
    (check,) = check_source(place.project, "drafted", now=NOW, files=files)
    assert (check.faults, check.is_failed, bool(check.kinds)) == ((), False, True)

"""Sources of the catalogue into a project."""

from __future__ import annotations

import pytest

from journey_mining.errors import SettingsError
from journey_mining.sources.workbench import adopt_sources, sources_to_start_with
from source_place import Place


def test_a_source_is_copied_without_its_fixtures(place: Place) -> None:
    (adopted,) = adopt_sources(place.project, ["survey"])
    assert (adopted.id, (adopted.folder / "spec.toml").is_file(), (adopted.folder / "fixtures").exists()) == (
        "survey",
        True,
        False,
    )


def test_nothing_is_copied_when_one_of_them_is_there_already(place: Place) -> None:
    place.use("survey", fixtures=False)
    with pytest.raises(SettingsError, match="has the source 'survey' already"):
        adopt_sources(place.project, ["zendesk", "survey"])


def test_a_slip_in_a_name_is_pointed_at(place: Place) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'zendesk'"):
        adopt_sources(place.project, ["zendezk"])


def test_a_project_starts_with_the_sources_whose_files_are_there(place: Place) -> None:
    assert sources_to_start_with(place.inbox) == ("bitrix24", "metrica", "survey", "zendesk")
    place.put("zendesk/tickets_2026-09-28.ndjson", "{}")
    assert sources_to_start_with(place.inbox) == ("zendesk",)

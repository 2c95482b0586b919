from __future__ import annotations

from journey_mining.errors import SettingsError, did_you_mean


def test_an_error_has_three_parts() -> None:
    error = SettingsError("a.toml lacks x.", expected="x.", todo="Add x.")
    assert str(error) == "a.toml lacks x. Expected: x. To do: Add x."


def test_a_near_name_is_hinted() -> None:
    assert did_you_mean("silense", ["silence", "unit"]) == " Did you mean 'silence'?"
    assert did_you_mean("zzz", ["silence"]) == ""

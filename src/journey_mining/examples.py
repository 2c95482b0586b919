"""The examples: simulated companies with stages, sources and declarations of their own, made into projects.

An example is a folder with a `company.toml`: what is simulated, and which sources of the catalogue it uses. Its
other files lie over the template that its `journey.toml` names, so that they say only what is different.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from journey_mining.errors import SettingsError, did_you_mean
from journey_mining.project import init_project
from journey_mining.project.settings import Settings
from journey_mining.project.values import read_toml, validated
from journey_mining.simulation import write_world
from journey_mining.simulation.described import CompanyPlan, read_company, write_company
from journey_mining.sources import catalog_dir

_COMPANY = "company.toml"


def examples_root() -> Path:
    """Folder of the examples: inside the installed package, or at the top of a checkout."""
    packaged = Path(__file__).resolve().parent / "_examples"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "examples"


def example_names() -> list[str]:
    """Names of the examples whose exports are simulated."""
    return sorted(path.parent.name for path in examples_root().glob(f"*/{_COMPANY}"))


def make_example(root: Path, name: str, customers: int | None = None) -> CompanyPlan:
    """Make the project of an example, exports and all; what was simulated.

    Args:
        root: new or empty folder of the project
        name: one of `example_names()`
        customers: number of simulated customers in place of the example's own

    Raises:
        SettingsError: there is no such example, or the folder is not empty.
    """
    if name not in example_names():
        raise SettingsError(
            f"There is no example {name!r}.{did_you_mean(name, example_names())}",
            expected=f"one of {', '.join(example_names())}.",
            todo="Name one of them with --example.",
        )
    folder = examples_root() / name
    plan = read_company(folder / _COMPANY, **({"customers": customers} if customers else {}))
    settings_file = folder / "journey.toml"
    settings = validated(Settings, read_toml(settings_file), where=str(settings_file))
    init_project(root, template=settings.project.template, sources=plan.sources, catalog=catalog_dir())
    shutil.copytree(folder, root, dirs_exist_ok=True)
    if plan.scenario:
        write_world(root / "inbox", customers=plan.customers, seed=plan.seed, scenario=plan.scenario)
    else:
        write_company(root / "inbox", plan)
    return plan

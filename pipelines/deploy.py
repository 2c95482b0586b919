"""Keep a project on a schedule: `journey deploy --cron "0 3 * * *"`, or `python pipelines/deploy.py --project FOLDER`.

Without a work pool the nightly flow is served from this process, under Prefect's embedded server or the one that
PREFECT_API_URL names. With a work pool of type `process` the deployment is only registered there, and its workers run
it. Either way one night of a project runs at a time.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from nightly import keep_prefect_quiet

_HERE = Path(__file__).resolve().parent
_SERVICES = ("SCHEDULER", "LATE_RUNS", "TRIGGERS", "EVENT_PERSISTER")


def main(arguments: list[str] | None = None) -> int:
    """Serve the flow until stopped, or register it with a work pool; the exit code."""
    parser = argparse.ArgumentParser(description="Run the nightly flow of a project on a schedule.")
    parser.add_argument("--project", type=Path, required=True, help="project folder")
    parser.add_argument("--cron", default="0 3 * * *", help="when, as a cron line; default 03:00 each night")
    parser.add_argument("--timezone", default="Europe/Moscow", help="zone of the cron line")
    parser.add_argument("--work-pool", default="", help="work pool of type process; default: this process serves")
    parser.add_argument("--name", default="", help="name of the deployment; default: journeys-FOLDER")
    chosen = parser.parse_args(arguments)
    project = chosen.project.resolve()
    # the embedded server's scheduler must run here: it is what starts the nights
    for service in _SERVICES:
        os.environ.setdefault(f"PREFECT_SERVER_SERVICES_{service}_ENABLED", "true")
    keep_prefect_quiet(project / "warehouse" / ".prefect")
    from prefect.schedules import Cron

    from flow import nightly

    name = chosen.name or f"journeys-{project.name}"
    schedules = [Cron(chosen.cron, timezone=chosen.timezone)]
    parameters = {"root": str(project)}
    if not chosen.work_pool:
        nightly.serve(name=name, schedules=schedules, parameters=parameters, limit=1)
        return 0
    nightly.from_source(source=str(_HERE), entrypoint="flow.py:nightly").deploy(
        name=name,
        work_pool_name=chosen.work_pool,
        schedules=schedules,
        parameters=parameters,
        concurrency_limit=1,
        print_next_steps=False,
    )
    sys.stdout.write(f"Registered {name} with the work pool {chosen.work_pool}.\n")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(_HERE))
    sys.exit(main())

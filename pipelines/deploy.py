"""Keep a project on a schedule: `python pipelines/deploy.py --project FOLDER --cron "40 3 * * *"`.

Serves the nightly flow from this process. Point PREFECT_API_URL at a Prefect server of your own to see the runs there;
a cron line that calls `pipelines/nightly.py` does as well.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from nightly import keep_prefect_quiet


def main() -> None:
    """Serve the flow until stopped."""
    parser = argparse.ArgumentParser(description="Run the nightly flow of a project on a schedule.")
    parser.add_argument("--project", type=Path, required=True, help="project folder")
    parser.add_argument("--cron", default="40 3 * * *", help="when, as a cron line; default 03:40 each night")
    parser.add_argument("--timezone", default="Europe/Moscow", help="zone of the cron line")
    chosen = parser.parse_args()
    project = chosen.project.resolve()
    # the embedded server's scheduler must run here: it is what starts the nights
    os.environ.setdefault("PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED", "true")
    keep_prefect_quiet(project / "warehouse" / ".prefect")
    from prefect.schedules import Cron

    from flow import nightly

    nightly.serve(
        name=f"journeys-{project.name}",
        schedules=[Cron(chosen.cron, timezone=chosen.timezone)],
        parameters={"root": str(project)},
        limit=1,
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()

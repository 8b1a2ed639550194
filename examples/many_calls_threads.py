"""Show the GPUs that each project uses, with several calls at once and no coroutines.

python many_calls_threads.py --threads 8
"""

import argparse
import sys
from concurrent.futures import Future, as_completed
from datetime import datetime, timedelta, timezone
from typing import Any

from runai.api_client import ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiException
from runai.models import OrgUnitMetricType
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=8, help="most calls under way")
    arguments = parser.parse_args()
    configuration = Configuration.from_env(pool_maxsize=arguments.threads)
    now = datetime.now(timezone.utc)

    with RunaiClient(ThreadedApiClient(configuration)) as client:
        listed = client.organizations.projects.get_projects(limit=500).get(timeout=60)
        calls: dict[Future[Any], str] = {
            client.organizations.projects.get_project_metrics(
                project.id,
                metric_type=[OrgUnitMetricType.GPU_ALLOCATION],
                start=now - timedelta(minutes=10),
                end=now,
                number_of_samples=1,
            ): project.name
            for project in listed.model.projects
        }
        for call in as_completed(calls):
            try:
                measurements = call.result().data["measurements"]
            except ApiException as error:
                print(f"{calls[call]}: {error}", file=sys.stderr)
                continue
            latest = [sample["value"] for each in measurements for sample in each["values"][-1:]]
            print(f"{calls[call]}: {', '.join(map(str, latest))} GPUs")


if __name__ == "__main__":
    main()

"""Count the pods of every workload, with many calls at once, but not too many.

python many_calls_async.py --at-once 20
"""

import argparse
import asyncio

from runai.api_client import AsyncApiClient
from runai.configuration import Configuration
from runai.models import Workload
from runai.runai_client import RunaiClient


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at-once", type=int, default=20, help="most calls under way")
    arguments = parser.parse_args()
    # A connection for each call that may be under way.
    configuration = Configuration.from_env(pool_maxsize=arguments.at_once)
    limit = asyncio.Semaphore(arguments.at_once)

    async with RunaiClient(AsyncApiClient(configuration)) as client:

        async def described(workload: Workload) -> str:
            async with limit:
                answer = await client.workloads.pods.get_workload_pods(workload.id, limit=500)
            return f"{workload.name}: {len(answer.data['pods'])} pods"

        listed = await client.workloads.workloads.get_workloads(limit=500)
        for line in await asyncio.gather(*map(described, listed.model.workloads)):
            print(line)


if __name__ == "__main__":
    asyncio.run(main())

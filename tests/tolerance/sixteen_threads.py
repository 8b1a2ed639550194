"""Has 16 threads use the models and the operations at once, none of which was used before.

A program of its own: only the first use in a process imports and builds anything. It prints how
many names each thread found, and fails where a thread fails or found another class than the others.
"""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from threading import Barrier
from typing import Any

from runai import api, models
from runai.api_client import ApiClient
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane

THREADS = 16


# Of groups of several categories, imported when they are called.
READS: dict[str, tuple[str, ...]] = {
    "ai_applications.ai_applications.list_applications": (),
    "authentication_and_authorization.access_keys.get_access_keys": (),
    "organizations.departments.get_departments": (),
    "organizations.nodes.get_tenant_nodes": (),
    "organizations.projects.get_project": ("1",),
    "policies.policy.get_training_policy_v2": ("tenant",),
    "workload_assets.compute.list_compute_assets": (),
    "workloads.workloads.get_workloads": (),
}


def main(seed: str) -> None:
    # Threads change places a hundred times as often as they would.
    sys.setswitchinterval(5e-5)
    barrier = Barrier(THREADS)
    names = vars(models)["__all__"]
    # With RUNAI_EAGER_IMPORT=1 all groups are imported by now, without it none is.
    assert len({*vars(api)} & {*vars(api)["__all__"]}) in (0, 63)
    with SampleControlPlane() as served, RunaiClient(ApiClient(served.configuration())) as client:

        def use(thread: int) -> dict[str, Any]:
            steps = [*names, *READS]
            random.Random(f"{seed}-{thread}").shuffle(steps)
            found: dict[str, Any] = {}
            barrier.wait()
            for step in steps:
                if step not in READS:
                    found[step] = getattr(models, step)
                else:
                    model = attrgetter(step)(client)(*READS[step]).model
                    # What does not fit is read by a schema that is made when it is first needed.
                    assert model.from_dict({}).to_dict() == {}
                    found[type(model).__name__] = type(model)
            return found

        with ThreadPoolExecutor(THREADS) as executor:
            first, *others = executor.map(use, range(THREADS))
    for found in others:
        assert found.keys() == first.keys()
        assert all(found[name] is each for name, each in first.items())
    print(len(first))  # noqa: T201 - for the test


if __name__ == "__main__":
    main(sys.argv[1])

"""What Kubernetes manifests say of the workloads that they describe."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runai.testing.answers import Refusal
from runai.testing.state.quantities import quantity, quantity_bytes

_REPLICAS = ("replicas", "parallelism")


class PodGroup(NamedTuple):
    """Equal pods of a manifest."""

    role: str
    pods: int
    spec: dict[str, Any]
    """Image and resources of one of them, as the requests of other workloads have them."""


def manifest_of(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The manifest that was sent, as JSON or as encoded YAML; empty where there is none.

    Without PyYAML, of encoded ones only those in JSON are read.

    Raises:
        Refusal: 400 where what is encoded is no manifest.
    """
    manifest = facts.get("manifest")
    if manifest is None and facts.get("manifestBase64Encoded"):
        manifest = _decoded(str(facts["manifestBase64Encoded"]))
    return manifest if isinstance(manifest, dict) else {}


def pod_groups(manifest: Mapping[str, Any]) -> list[PodGroup]:
    """The pods that a manifest asks for, by the part of it that has their containers.

    How many there are, the `replicas` or the `parallelism` above them say; of several, one below
    the other, the product.
    """
    groups: list[PodGroup] = []
    for role, count, containers in _groups(manifest, "pod", 1):
        names = {group.role for group in groups}
        unique = role if role not in names else f"{role}-{len(groups)}"
        groups.append(PodGroup(unique, count, _sum(containers)))
    return groups or [PodGroup("pod", 1, _sum([]))]


def _decoded(encoded: str) -> Any:
    try:
        text = base64.b64decode(encoded).decode()
    except (binascii.Error, ValueError) as error:
        raise _no_manifest(f"no base64 of UTF-8: {error}") from None
    try:
        manifest = json.loads(text)
    except ValueError:
        try:
            import yaml
        except ModuleNotFoundError:
            return None
        try:
            # YAML has types that JSON has not.
            manifest = json.loads(json.dumps(yaml.safe_load(text), default=str))
        except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
            raise _no_manifest(f"no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(manifest, dict):
        raise _no_manifest("its YAML is no object")
    return manifest


def _no_manifest(problem: str) -> Refusal:
    message = "The manifest is none of Kubernetes"
    return Refusal(400, message, [f"body.manifestBase64Encoded: {problem}"])


def _groups(part: Any, role: str, count: int) -> Iterator[tuple[str, int, list[dict[str, Any]]]]:
    if isinstance(part, list):
        for each in part:
            yield from _groups(each, role, count)
    if not isinstance(part, dict):
        return
    own = next((part[name] for name in _REPLICAS if type(part.get(name)) is int), 1)
    containers = part.get("containers")
    if isinstance(containers, list):
        yield role, count, [each for each in containers if isinstance(each, dict)]
        return
    for name, value in part.items():
        # Kubeflow names the pods of a job in the keys of an object.
        roles = str(name).endswith("ReplicaSpecs") and isinstance(value, dict)
        if roles:
            for key, each in value.items():
                yield from _groups(each, str(key).lower(), count * own)
        elif name != "status":
            yield from _groups(value, role, count * own)


def _sum(containers: list[dict[str, Any]]) -> dict[str, Any]:
    """What one pod asks for: the sum over its containers."""
    devices, cores, memory, image = 0.0, 0.0, 0, ""
    for container in containers:
        resources = container.get("resources") or {}
        asked = {**(resources.get("limits") or {}), **(resources.get("requests") or {})}
        devices += quantity(asked.get("nvidia.com/gpu") or 0)
        cores += quantity(asked.get("cpu") or 0)
        memory += quantity_bytes(asked.get("memory") or 0)
        image = image or str(container.get("image") or "")
    compute = {
        "gpuDevicesRequest": devices,
        "cpuCoreRequest": cores,
        "cpuMemoryRequest": str(memory),
    }
    return {"image": image, "compute": compute}

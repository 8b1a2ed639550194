"""What one call may have of its own: limits, and where its answer goes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Optional

from runai.api_client import ApiClient
from runai.runai_client import RunaiClient

client = RunaiClient(ApiClient())
projects = client.organizations.projects

projects.get_projects(timeout=5)
projects.get_projects(limit=1, timeout=(1, 2.5), max_retries=0)
projects.get_projects(timeout=None, max_retries=None)
projects.get_projects(timeout="5")  # error: arg-type | reportArgumentType | "timeout"
projects.get_projects(timeout=(1, 2, 3))  # error: arg-type | reportArgumentType | "timeout"
projects.get_projects(max_retries=1.5)  # error: arg-type | reportArgumentType | "max_retries"
projects.get_projects(retries=1)  # error: call-arg | reportCallIssue | "retries"
projects.get_project("1", 5)  # error: call-arg | reportCallIssue


def show(written: int, total: Optional[int]) -> None:
    print(written, total)


def show_text(line: str) -> None:
    print(line)


downloaded = projects.get_projects(stream_to=Path("projects.json"), progress=show)
reveal_type(downloaded.path)  # is: Path | None
reveal_type(downloaded.size)  # is: int
projects.get_projects(stream_to="projects.json")
projects.get_projects(stream_to=io.BytesIO())
with Path("projects.json").open("wb") as file:
    projects.get_projects(stream_to=file, progress=lambda written, total: print(written, total))
projects.get_projects(stream_to=b"projects.json")  # error: arg-type | reportArgumentType | "stream_to"
projects.get_projects(stream_to=io.StringIO())  # error: arg-type | reportArgumentType | "stream_to"
projects.get_projects(stream_to="projects.json", progress=show_text)  # error: arg-type | reportArgumentType | "progress"

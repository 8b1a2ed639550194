"""`RunaiClient` makes an `ApiClient` of the arguments of a `Configuration`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Dict

from runai.api_client import ApiClient, ThreadedApiClient
from runai.hooks import RequestInfo
from runai.runai_client import RunaiClient

URL = "https://my-company.run.ai"


def log(request: RequestInfo) -> None:
    print(request.method, request.url)


client = RunaiClient(client_id="my-service-account", client_secret="secret", runai_base_url=URL)
reveal_type(client)  # is: RunaiClient[ApiClient]
reveal_type(client.cluster_id)  # is: str | None
reveal_type(client.organizations.projects.get_project("1"))  # is: ApiResponse[Project]
RunaiClient(bearer_token="token", runai_base_url=URL, cluster_id="1", verify_ssl=False)
RunaiClient(
    bearer_token="token",
    runai_base_url=URL,
    ssl_ca_cert=Path("authority.pem"),
    proxy_headers={"X-Team": "vision"},
    logger=logging.getLogger(__name__),
    on_request=log,
)
RunaiClient(ThreadedApiClient(), cluster_id="1")
settings: Dict[str, Any] = {"bearer_token": "token", "runai_base_url": URL}
RunaiClient(**settings)

RunaiClient()  # error: call-overload | reportCallIssue
RunaiClient(bearer_token="token")  # error: call-overload | reportCallIssue
RunaiClient(bearer_tokn="token", runai_base_url=URL)  # error: call-overload, call-overload | reportCallIssue
RunaiClient(bearer_token="token", runai_base_url=URL, pool_maxsize="4")  # error: call-overload | reportArgumentType
RunaiClient(ApiClient(), bearer_token="token")  # error: call-overload | reportCallIssue
RunaiClient(URL)  # error: call-overload | reportArgumentType

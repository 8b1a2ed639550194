"""Write the audit log of the last days to a CSV file.

    python audit_log_to_csv.py audit.csv --days 30

The control plane's own file (`--as-is`) has 1000 entries at most; page by page come all of them.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.runai_client import RunaiClient

COLUMNS = [
    "timestamp",
    "subject",
    "subject_type",
    "action",
    "entity_type",
    "entity_name",
    "result",
    "source_ip",
]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--as-is", action="store_true", help="the control plane's own file")
    arguments = parser.parse_args()
    end = datetime.now(timezone.utc)
    start = end - timedelta(days=arguments.days)

    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        if arguments.as_is:
            answer = client.audit.audit_logs.download_audit_logs(
                start, end, file_type="CSV", number_of_samples=1000
            )
            arguments.file.write_bytes(answer.data)
            print(f"{len(answer.data)} bytes in {arguments.file}")
            return
        with arguments.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
            writer.writeheader()
            count = 0
            for entry in entries(client, start, end):
                writer.writerow(entry)
                count += 1
        print(f"{count} entries in {arguments.file}")


def entries(client: RunaiClient, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """All entries of a period, oldest first, as they came."""
    offset = 0
    while True:
        page = client.audit.audit_logs.get_audit_logs(
            start, end, offset=offset, number_of_samples=1000
        ).data
        yield from page["audit_logs"]
        offset = page.get("next")
        if not offset:
            return


if __name__ == "__main__":
    main()

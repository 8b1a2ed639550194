"""How this package introduces itself."""

from __future__ import annotations

import sys

from runai._core.version import VERSION

USER_AGENT = f"runapy/{VERSION} python/{sys.version_info[0]}.{sys.version_info[1]}"

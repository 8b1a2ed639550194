"""Media types, as `Content-Type` carries them (RFC 9110, 8.3)."""

from __future__ import annotations

import re
from typing import Optional, Sequence

_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]+)""", re.IGNORECASE)


def essence(content_type: Optional[str]) -> str:
    """Type and subtype in lower case, without parameters; empty when there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """`application/json` and what builds on it."""
    return media_type == "application/json" or media_type.endswith("+json")


def is_page_instead(actual: str, promised: Sequence[str]) -> bool:
    """Whether it is a page of HTML, such as proxies show, where something else was promised."""
    return actual == "text/html" and bool(promised) and actual not in promised


def charset_of(content_type: Optional[str]) -> str:
    """The name of the text's encoding; UTF-8 when none is given, or one that Python lacks."""
    found = _CHARSET.search(content_type or "")
    name = found.group(1) if found else "utf-8"
    try:
        # Decoding refuses codecs that are no text encodings, such as hex; a mere lookup does not.
        b"?".decode(name)
    except LookupError:
        return "utf-8"
    except UnicodeError:
        # Some encodings need more bytes than this.
        pass
    return name

"""The version of this distribution, as the `User-Agent` shows it."""

VERSION = "1.0.0"

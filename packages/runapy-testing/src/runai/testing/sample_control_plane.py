"""A control plane whose answers are made up."""

from __future__ import annotations

from runai.testing.base_control_plane import BaseControlPlane
from runai.testing.sample_contents import SampleContents


class SampleControlPlane(BaseControlPlane):
    """A control plane on 127.0.0.1 that keeps nothing, and answers everything.

    Whatever is asked for is there: answers are valid values made from the specification's types,
    with what the request said in them. For tests of calls, not of what they bring about.
    """

    _samples: SampleContents

    @property
    def total_items(self) -> int:
        """How many items every paged list has."""
        return self._samples.total_items

    @total_items.setter
    def total_items(self, total: int) -> None:
        self._samples.total_items = total

    def _contents(self) -> SampleContents:
        self._samples = SampleContents(self._specification.response_schemas)
        return self._samples

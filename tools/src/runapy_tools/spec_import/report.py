"""What an import did to a document, so that nothing is dropped in silence."""

from __future__ import annotations

from collections import defaultdict


class Report:
    """Collects what was repaired, renamed and left out, and prints it grouped by rule."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, list[str]]] = {
            kind: defaultdict(list) for kind in ("repaired", "renamed", "left out")
        }

    def repaired(self, rule: str, place: str) -> None:
        self._places["repaired"][rule].append(place)

    def renamed(self, rule: str, place: str) -> None:
        self._places["renamed"][rule].append(place)

    def left_out(self, rule: str, place: str) -> None:
        self._places["left out"][rule].append(place)

    def places(self, rule: str) -> list[str]:
        """Every place a rule was applied at."""
        return [place for rules in self._places.values() for place in rules.get(rule, [])]

    def __str__(self) -> str:
        lines = []
        for kind, rules in self._places.items():
            lines.append(f"{kind}:")
            for rule, places in sorted(rules.items()):
                lines.append(f"  {rule} ({len(places)}): {', '.join(places)}")
        return "\n".join(lines)

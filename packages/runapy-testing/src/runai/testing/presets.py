"""Answers that a test has preset for operations."""

from __future__ import annotations

import threading
from collections import deque

from runai.testing.answers import Answer


class Presets:
    """Preset answers by operation: given in order, the last one again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, deque[Answer]] = {}

    def add(self, operation_id: str, answer: Answer) -> None:
        """Preset the answer that follows those already preset."""
        with self._lock:
            self._answers.setdefault(operation_id, deque()).append(answer)

    def next(self, operation_id: str) -> Answer | None:
        """The next answer of an operation; None where none is preset."""
        with self._lock:
            answers = self._answers.get(operation_id)
            if not answers:
                return None
            return answers.popleft() if len(answers) > 1 else answers[0]

    def clear(self) -> None:
        """Forget all preset answers."""
        with self._lock:
            self._answers.clear()

"""What the control plane keeps: everything that was created, and what became of it."""

from runai.testing.state.state import State

__all__ = ["State"]

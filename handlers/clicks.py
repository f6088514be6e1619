"""What buttons do: one verb a line."""

from __future__ import annotations

from handlers.router import Verb

VERBS: dict[str, Verb] = {}

"""What a channel may still be sent in this minute, counted part by part when a message is about to go (rule P2).

A claim counts rows: how many messages one of them makes is known only when it is worded, and replies are not claimed at
all. Some platforms drop what is too much without a word, so the count here is the one that holds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.delivery.rows import Minute

MINUTE: Final = timedelta(minutes=1)
SHARE: Final = 3  # of the limit, what goes unasked: a restart and a second process together stay below it
MOST_CHANNELS: Final = 10_000


class Lately:
    """Roughly what this process has sent into each channel of late: where that is little, nobody need be asked."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], tuple[datetime, int]] = {}

    def add(self, channel: tuple[str, str], parts: int, now: datetime) -> None:
        since, before = self._sent.get(channel, (now, 0))
        if now - since >= MINUTE:
            since, before = now, 0
        if len(self._sent) >= MOST_CHANNELS and channel not in self._sent:
            self._sent = {one: told for one, told in self._sent.items() if now - told[0] < MINUTE}
        self._sent[channel] = (since, before + parts)

    def is_little(self, channel: tuple[str, str], parts: int, *, limit: int, now: datetime) -> bool:
        """Whether these parts with those before them are a small share of what the channel takes."""
        since, before = self._sent.get(channel, (now, 0))
        return parts + (before if now - since < MINUTE else 0) <= limit // SHARE


def seconds_until_room(minute: Minute, parts: int, *, limit: int, now: datetime) -> float:
    """How long so many parts have to wait; 0 when they may go. A message above the limit goes into an empty minute."""
    if minute.oldest is None or minute.used + parts <= limit:
        return 0.0
    return max((minute.oldest + MINUTE - now).total_seconds(), 0.001)

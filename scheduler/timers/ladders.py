"""The rungs of ladders, for lights and for problem items (rules F6, E9)."""

from typing import Final

from models.operations import item_rungs, ladders, light_ladder
from scheduler.schedule import TimerKind

# Both are imported for what they register with the ladder.
assert item_rungs
assert light_ladder

KINDS: Final = (TimerKind(ladders.TIMER, "阶梯", ladders.fire),)

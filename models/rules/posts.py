"""What posts are called where: a county's leaders hold the same posts as a city's, by the county's words (B10, Q3)."""

from __future__ import annotations

from typing import Final

from models.rules.items import COUNTIES
from models.types import Role

LEADERS: Final = (Role.CITY_LEADER, Role.DEPUTY_MAYOR, Role.EXECUTIVE_DEPUTY_MAYOR)
_NAMED_AFTER_THE_PLACE: Final = (*LEADERS, Role.OFFICE_HEAD)
_CITY: Final = "市"


def role_named(said: str) -> Role:
    """The post that a roster or a policy names: 分管副县长 is a county's 分管副市长. Raises ValueError for none."""
    for role in _NAMED_AFTER_THE_PLACE:
        if said in {role.value.replace(_CITY, place) for place in COUNTIES}:
            return role
    return Role(said)


def leaders_of(organisation_level: str) -> str:
    """市领导, 县领导, 区领导; a 县级市 is a city by its words."""
    if organisation_level.endswith(_CITY):
        return Role.CITY_LEADER.value
    place = next((one for one in COUNTIES if organisation_level.endswith(one)), _CITY)
    return Role.CITY_LEADER.value.replace(_CITY, place)

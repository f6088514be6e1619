"""Who holds the signing right for each type of official paper (rule H3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from models.rules.policy_fields import PolicyFields, as_given
from models.types import DocumentKind, Role

DEFAULT = (Role.HUB_HEAD,)


@dataclass(frozen=True, slots=True)
class SigningPolicy:
    """Roles by type; of 综合专班负责人 where a type is not named. Raises ValueError for a type without one."""

    roles: Mapping[DocumentKind, tuple[Role, ...]] = field(
        default_factory=lambda: dict.fromkeys(DocumentKind, DEFAULT)
    )

    def __post_init__(self) -> None:
        for kind, roles in self.roles.items():
            if not roles:
                raise ValueError(f"签发权：{kind.value} 至少要有一个角色")

    def of(self, kind: DocumentKind) -> tuple[Role, ...]:
        return self.roles.get(kind, DEFAULT)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read {"督办函": ["综合专班负责人"], …}. Raises ValueError naming what does not fit."""
        PolicyFields("签发权", data).only(kind.value for kind in DocumentKind)
        given = {DocumentKind(name): _roles(name, roles) for name, roles in data.items()}
        return cls({**cls().roles, **given})

    def to_json(self) -> dict[str, object]:
        return {kind.value: [role.value for role in self.of(kind)] for kind in DocumentKind}


def _roles(name: str, given: object) -> tuple[Role, ...]:
    names = given if isinstance(given, list | tuple) else [given]
    known = {role.value for role in Role}
    for one in names:
        if not isinstance(one, str) or one not in known:
            raise ValueError(
                f"签发权：{name} 的角色应为 {'、'.join(sorted(known))} 之一，现为 {as_given(one)}"
            )
    return tuple(Role(str(one)) for one in names)

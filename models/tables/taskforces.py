"""Task forces (专班), categories of projects and chat groups."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class TaskForce(Base):
    """专班. is_hub marks 综合专班. facts keeps what the roster says beyond the columns, as written."""

    __tablename__ = "task_forces"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seq: Mapped[int]
    name: Mapped[str]
    is_hub: Mapped[bool] = mapped_column(default=False)
    duty: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class TaskForceUnit(Base):
    """Membership; lead units are members too (rule B9)."""

    __tablename__ = "task_force_units"

    task_force_id: Mapped[int] = mapped_column(ForeignKey("task_forces.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    lead: Mapped[bool] = mapped_column(default=False)


class Category(Base):
    """A category of projects and the task force that leads it."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seq: Mapped[int] = mapped_column(default=0)
    key: Mapped[str]
    name: Mapped[str]
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_forces.id"))
    note: Mapped[str | None]


class ChatGroup(Base):
    """A chat group and the body it is registered for; it has that body's scope (rule B5)."""

    __tablename__ = "chat_groups"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    body_kind: Mapped[str]
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_forces.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))


class GroupAccount(Base):
    """A group's address on one platform."""

    __tablename__ = "group_accounts"
    __table_args__ = (UniqueConstraint("platform", "account"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("chat_groups.id"), index=True)
    platform: Mapped[str]
    account: Mapped[str]

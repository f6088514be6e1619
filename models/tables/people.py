"""Organisations, regions, units, people, their posts and platform accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Organisation(Base):
    """A city or county that runs task forces (rule Q3). document: the source document's facts as loaded."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Region(Base):
    """县（市、区）, a development zone, or in a county a town or street."""

    __tablename__ = "regions"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seq: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    full_name: Mapped[str | None]
    short: Mapped[str | None]
    code: Mapped[str | None]


class Unit(Base):
    """A bureau, a county's government, a bank. region_id is set for units of a county.

    kind: bureau, region (the county itself), county_bureau, bank, leadership or office.
    placeholder: named by a project only; it has no people of its own yet.
    """

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="bureau")
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    member: Mapped[bool] = mapped_column(default=True)
    placeholder: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None]


class Person(Base):
    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("organisation_id", "name", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    title: Mapped[str | None]
    phone: Mapped[str | None]
    pinyin: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None]
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # took over all of their duties (B7)


class Post(Base):
    """A role a person holds for a unit, a region or a task force (rule B10)."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id", "region_id", "task_force_id", name="uq_posts_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_forces.id"))


class Account(Base):
    """A platform account. person_id is empty until it is bound (rules B1, B2)."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("platform", "account"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    account: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    bound_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    unreachable_since: Mapped[datetime | None]
    unreachable_reason: Mapped[str | None]
    blocked_until: Mapped[datetime | None]


class BindingCode(Base):
    """One-time code for one person; only its SHA-256 is stored (rule B2)."""

    __tablename__ = "binding_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class BindingAttempt(Base):
    """A wrong code, or a message of an unbound account; counted for the block and the digest (rule B2)."""

    __tablename__ = "binding_attempts"
    __table_args__ = (Index("ix_binding_attempts_account_at", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]  # wrong_code or unbound_message
    at: Mapped[datetime]


class Delegation(Base):
    """代理: the delegate receives and acts for the principal from starts_at until ends_at (rule B6)."""

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class RosterLoad(Base):
    """One applied roster file: what it was, when, and what changed."""

    __tablename__ = "roster_loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    at: Mapped[datetime]
    sha256: Mapped[str]
    summary: Mapped[dict[str, Any]]


class CalendarDay(Base):
    """A day whose kind differs from Monday–Friday, or any day of an imported year (rule A1)."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    workday: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")

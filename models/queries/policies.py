"""The policies in force, and the versions that open cases were opened with."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.items import COUNTY_LEVEL, level_of_organisation
from models.rules.policies import Policies, PolicySetting
from models.tables.clockwork import Policy as PolicyRow
from models.tables.people import Organisation


def current(session: Session) -> Policies:
    """Every stored version; the defaults of the specification where none was stored."""
    rows = session.execute(
        select(PolicyRow.version, PolicyRow.organisation_id, PolicyRow.body).order_by(PolicyRow.version)
    )
    settings = tuple(PolicySetting(version, organisation_id, body) for version, organisation_id, body in rows)
    places = session.execute(select(Organisation.id, Organisation.parent_id, Organisation.level)).all()
    counties = frozenset(place.id for place in places if level_of_organisation(place.level) == COUNTY_LEVEL)
    return Policies(settings, {place.id: place.parent_id for place in places}, counties)

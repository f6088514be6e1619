"""Rules B3, B4, B5, B8 and B10 (reporting), on people and projects of the baseline; S13, S17, S37, S53."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.scope import (
    Asker,
    GroupScope,
    ItemScope,
    ProjectScope,
    Visibility,
    group_sees_project,
    item_in_group,
    may_report,
    may_see_approvals,
    may_see_funds,
    may_see_item,
    may_see_project,
    project_in_group,
)
from models.types import Role

CITY, COUNTY_HOUSE = 1, 2
QINGHE, BAISHI, LINHE, GAOXIN = 1, 2, 3, 4
HUB, APPROVALS, FINANCE, TRAFFIC, WORKS, SOCIAL = 1, 2, 3, 4, 6, 7
QINGHE_GOV, BAISHI_GOV, QINGHE_HOUSING, BAISHI_PARK, LINHE_HEALTH = 11, 12, 21, 22, 23
DRC, LAND, FORESTRY, FINANCE_BUREAU, TRANSPORT, HOUSING, EDUCATION, AUDIT = 31, 32, 33, 34, 35, 36, 37, 38
RURAL_BANK, CITY_BANK = 41, 42


def person(
    number: int, *unit_ids: int, roles: frozenset[Role] = frozenset({Role.LIAISON}), **more: object
) -> Asker:
    return replace(
        Asker(person_id=number, organisation_id=CITY, roles=roles, unit_ids=frozenset(unit_ids)),
        **more,
    )


def county(number: int, region: int, unit: int) -> Asker:
    return person(number, unit, region_ids=frozenset({region}), speaks_for_regions=frozenset({region}))


def bureau(number: int, unit: int, *task_forces: int, lead: bool = False, **more: object) -> Asker:
    forces = frozenset(task_forces)
    return person(
        number,
        unit,
        task_force_ids=forces,
        led_task_force_ids=forces if lead else frozenset(),
        liaison_of_task_forces=forces if lead else frozenset(),
        speaks_for_units=frozenset({unit}),
        **more,
    )


ZHANG_WEI = county(101, QINGHE, QINGHE_GOV)
LI_NA = county(102, BAISHI, BAISHI_GOV)
PENG_QIAN = bureau(103, HOUSING, WORKS, lead=True)
WU_DI = bureau(104, TRANSPORT, TRAFFIC, lead=True)
WEI_RAN = bureau(105, EDUCATION, SOCIAL, lead=True)
LIN_FANG = bureau(106, LAND, APPROVALS, lead=True, guards_approvals=True)
SU_JING = bureau(107, FORESTRY, APPROVALS, guards_approvals=True)
ZHOU_MIN = bureau(108, FINANCE_BUREAU, FINANCE, lead=True, guards_funds=True)
CAO_YING = bureau(109, RURAL_BANK, FINANCE, guards_funds=True, is_bank=True)
DING = bureau(110, CITY_BANK, FINANCE, guards_funds=True, is_bank=True)
SUN = person(111, DRC, roles=frozenset({Role.LIAISON, Role.LEDGER_ADMIN}), in_hub=True)
CHEN = person(112, DRC, roles=frozenset({Role.HUB_HEAD}), in_hub=True)
SONG = person(113, DRC, roles=frozenset({Role.INSPECTOR}))
MAYOR = person(114, roles=frozenset({Role.DEPUTY_MAYOR}))
LIU_YANG = person(115, DRC, roles=frozenset({Role.ADMINISTRATOR}), task_force_ids=frozenset({WORKS}))
AUDITOR = person(116, AUDIT, roles=frozenset({Role.AUDITOR}))

ZX0031 = ProjectScope(
    project_id=1,
    organisation_id=CITY,
    responsible_unit_id=QINGHE_HOUSING,
    region_id=QINGHE,
    sector_task_force_id=WORKS,
    category_task_force_ids=frozenset({FINANCE}),
    responsible_person_id=101,
)
ZD0108 = ProjectScope(
    project_id=2,
    organisation_id=CITY,
    responsible_unit_id=BAISHI_PARK,
    region_id=BAISHI,
    sector_task_force_id=HUB,
    category_task_force_ids=frozenset({HUB}),
    bank_unit_ids=frozenset({RURAL_BANK}),
)
ZD0115 = ProjectScope(
    project_id=3,
    organisation_id=CITY,
    responsible_unit_id=TRANSPORT,
    sector_task_force_id=TRAFFIC,
    category_task_force_ids=frozenset({HUB}),
    responsible_unit_staffed=True,
    approving_unit_ids=frozenset({EDUCATION}),
)
PROJECTS = {"ZX0031": ZX0031, "ZD0108": ZD0108, "ZD0115": ZD0115}

QINGHE_GROUP = GroupScope(organisation_id=CITY, region_id=QINGHE)
BAISHI_GROUP = GroupScope(organisation_id=CITY, region_id=BAISHI)
HUB_GROUP = GroupScope(organisation_id=CITY, oversees=True)
WORKS_GROUP = GroupScope(organisation_id=CITY, task_force_id=WORKS)
APPROVALS_GROUP = GroupScope(organisation_id=CITY, task_force_id=APPROVALS, guards_approvals=True)
TRANSPORT_GROUP = GroupScope(organisation_id=CITY, unit_id=TRANSPORT)

F, N, X = Visibility.FULL, Visibility.NAME_LOCATION_STAGE, Visibility.NONE


class TestProjects:
    @pytest.mark.parametrize(
        ("asker", "zx0031", "zd0108", "zd0115"),
        [
            (ZHANG_WEI, F, X, X),
            (LI_NA, X, F, X),  # S17
            (PENG_QIAN, F, X, X),
            (WU_DI, X, X, F),
            (WEI_RAN, X, X, N),  # approves ZD0115
            (LIN_FANG, N, N, N),
            (SU_JING, N, N, N),
            (ZHOU_MIN, F, N, N),  # leads 专项债券
            (CAO_YING, X, N, X),  # a need of ZD0108 is addressed to it; its 专班's category opens nothing
            (DING, X, X, X),
            (SUN, F, F, F),
            (CHEN, F, F, F),
            (SONG, F, F, F),
            (MAYOR, F, F, F),
            (LIU_YANG, X, X, X),
            (AUDITOR, X, X, X),
        ],
    )
    def test_scopes(self, asker: Asker, zx0031: Visibility, zd0108: Visibility, zd0115: Visibility) -> None:
        assert [may_see_project(asker, project) for project in PROJECTS.values()] == [zx0031, zd0108, zd0115]

    def test_the_responsible_unit_and_person_see_their_project(self) -> None:
        assert may_see_project(person(200, QINGHE_HOUSING), ZX0031) is F
        assert may_see_project(person(101), ZX0031) is F
        assert may_see_project(person(200), ZX0031) is X

    def test_another_post_of_the_administrator_counts(self) -> None:
        both = replace(LIU_YANG, roles=frozenset({Role.ADMINISTRATOR, Role.LIAISON}))
        assert may_see_project(both, ZX0031) is F

    def test_another_organisation_is_another_house(self) -> None:
        for asker in (SUN, ZHANG_WEI, LIN_FANG, CAO_YING, MAYOR):
            for project in PROJECTS.values():
                elsewhere = replace(project, organisation_id=COUNTY_HOUSE)
                assert may_see_project(asker, elsewhere) is X
                assert not may_see_approvals(asker, elsewhere)
                assert not may_see_funds(asker, elsewhere)
                assert not may_report(asker, elsewhere)

    def test_approvals_and_funds_go_with_their_task_forces(self) -> None:
        assert may_see_approvals(SU_JING, ZX0031)
        assert not may_see_funds(SU_JING, ZX0031)
        assert may_see_funds(ZHOU_MIN, ZD0115)
        assert not may_see_approvals(ZHOU_MIN, ZD0115)
        assert may_see_approvals(WEI_RAN, ZD0115)
        assert not may_see_approvals(WEI_RAN, ZD0108)
        for bank in (CAO_YING, DING):
            assert not may_see_funds(bank, ZD0108)
            assert not may_see_approvals(bank, ZD0108)
        for oversees in (SUN, MAYOR, ZHANG_WEI):
            assert may_see_approvals(oversees, ZX0031)
            assert may_see_funds(oversees, ZX0031)
        assert not may_see_funds(replace(LIU_YANG, guards_funds=True), ZX0031)


class TestReporting:
    @pytest.mark.parametrize(
        ("asker", "reports"),
        [
            (ZHANG_WEI, {"ZX0031"}),  # stands in for 青禾县住建局
            (LI_NA, {"ZD0108"}),
            (PENG_QIAN, {"ZX0031"}),  # liaison of the sector 专班
            (WU_DI, {"ZD0115"}),
            (ZHOU_MIN, set()),  # leads the category: sees, does not report
            (LIN_FANG, set()),
            (CAO_YING, set()),
            (SUN, {"ZX0031", "ZD0108", "ZD0115"}),  # S13
            (CHEN, {"ZX0031", "ZD0108", "ZD0115"}),
            (SONG, set()),
            (MAYOR, set()),
            (LIU_YANG, set()),
        ],
    )
    def test_who_reports_what(self, asker: Asker, reports: set[str]) -> None:
        assert {code for code, project in PROJECTS.items() if may_report(asker, project)} == reports

    def test_a_county_stands_in_only_for_units_without_people(self) -> None:
        staffed = replace(ZX0031, responsible_unit_staffed=True, responsible_person_id=None)
        own = person(200, QINGHE_HOUSING, speaks_for_units=frozenset({QINGHE_HOUSING}))
        assert not may_report(ZHANG_WEI, staffed)
        assert may_report(own, staffed)
        assert not may_report(person(201, QINGHE_HOUSING), staffed)
        assert may_report(person(101, QINGHE_HOUSING), ZX0031)  # its 责任人

    def test_a_liaison_of_the_hub_reports_without_being_ledger_administrator(self) -> None:
        assert may_report(replace(SUN, roles=frozenset({Role.LIAISON})), ZD0115)

    @given(data=st.data())
    def test_nobody_reports_what_they_may_not_see(self, data: st.DataObject) -> None:
        asker, project = data.draw(askers()), data.draw(projects())
        if may_report(asker, project):
            assert may_see_project(asker, project) is F


W0186 = ItemScope(
    organisation_id=CITY,
    unit_ids=frozenset({FORESTRY}),
    task_force_id=APPROVALS,
    raised_by_id=LI_NA.person_id,
    responsible_person_id=SU_JING.person_id,
    supervisor_id=120,
)
SECRET = ItemScope(
    organisation_id=CITY,
    unit_ids=frozenset({QINGHE_HOUSING}),
    raised_by_id=ZHOU_MIN.person_id,
    restricted=True,
    visible_to=frozenset({ZHOU_MIN.person_id, CHEN.person_id}),
)


class TestItems:
    @pytest.mark.parametrize(
        "asker", [SU_JING, LI_NA, LIN_FANG, SUN, MAYOR, person(120), person(130, FORESTRY)]
    )
    def test_who_carries_it_sees_it(self, asker: Asker) -> None:
        assert may_see_item(asker, W0186, ZD0108)

    @pytest.mark.parametrize("asker", [ZHANG_WEI, WU_DI, ZHOU_MIN, CAO_YING, LIU_YANG, AUDITOR])
    def test_others_do_not(self, asker: Asker) -> None:
        assert not may_see_item(asker, W0186, ZD0108)

    def test_an_item_without_a_project(self) -> None:
        assert may_see_item(SU_JING, W0186, None)
        assert not may_see_item(ZHANG_WEI, W0186, None)
        assert not may_see_item(SUN, replace(W0186, organisation_id=COUNTY_HOUSE), None)

    def test_s37_a_restricted_item_is_for_named_people_and_the_audit(self) -> None:
        assert [may_see_item(a, SECRET, ZX0031) for a in (ZHOU_MIN, CHEN, AUDITOR)] == [True, True, True]
        assert not any(may_see_item(a, SECRET, ZX0031) for a in (SUN, MAYOR, ZHANG_WEI, PENG_QIAN, SONG))

    def test_s37_it_never_appears_in_a_group(self) -> None:
        for group in (QINGHE_GROUP, HUB_GROUP, WORKS_GROUP):
            assert not item_in_group(CHEN, group, SECRET, ZX0031)

    def test_items_in_groups(self) -> None:
        assert item_in_group(SUN, BAISHI_GROUP, W0186, ZD0108)
        assert item_in_group(SU_JING, APPROVALS_GROUP, W0186, ZD0108)
        assert not item_in_group(SUN, QINGHE_GROUP, W0186, ZD0108)
        assert not item_in_group(ZHANG_WEI, BAISHI_GROUP, W0186, ZD0108)
        assert item_in_group(SU_JING, replace(TRANSPORT_GROUP, unit_id=FORESTRY), W0186, None)
        assert not item_in_group(SUN, replace(HUB_GROUP, organisation_id=COUNTY_HOUSE), W0186, None)


class TestGroups:
    def test_s17_the_group_limits_even_those_who_see_everything(self) -> None:
        assert project_in_group(SUN, BAISHI_GROUP, ZD0108) is F
        assert project_in_group(SUN, BAISHI_GROUP, ZX0031) is X
        assert may_see_project(SUN, ZX0031) is F  # offered in private

    def test_the_asker_limits_the_group(self) -> None:
        assert project_in_group(LI_NA, QINGHE_GROUP, ZX0031) is X
        assert project_in_group(LIN_FANG, HUB_GROUP, ZX0031) is N

    def test_what_each_body_covers(self) -> None:
        assert group_sees_project(HUB_GROUP, ZD0115) is F
        assert group_sees_project(WORKS_GROUP, ZX0031) is F
        assert group_sees_project(WORKS_GROUP, ZD0115) is X
        assert group_sees_project(APPROVALS_GROUP, ZD0115) is N
        assert group_sees_project(TRANSPORT_GROUP, ZD0115) is F
        assert group_sees_project(replace(TRANSPORT_GROUP, unit_id=EDUCATION), ZD0115) is N
        assert group_sees_project(replace(HUB_GROUP, organisation_id=COUNTY_HOUSE), ZD0115) is X
        funds = GroupScope(organisation_id=CITY, task_force_id=FINANCE, guards_funds=True)
        assert group_sees_project(funds, ZX0031) is F
        assert group_sees_project(funds, ZD0108) is N

    @given(data=st.data())
    def test_an_intersection_never_shows_more_than_either(self, data: st.DataObject) -> None:
        asker, project, group = data.draw(askers()), data.draw(projects()), data.draw(groups())
        shown = project_in_group(asker, group, project)
        assert shown <= may_see_project(asker, project)
        assert shown <= group_sees_project(group, project)


few = st.frozensets(st.integers(1, 3), max_size=2)
one = st.none() | st.integers(1, 3)


def askers() -> st.SearchStrategy[Asker]:
    return st.builds(
        Asker,
        person_id=st.integers(1, 3),
        organisation_id=st.integers(1, 2),
        roles=st.frozensets(st.sampled_from(Role), max_size=2),
        unit_ids=few,
        region_ids=few,
        task_force_ids=few,
        led_task_force_ids=few,
        in_hub=st.booleans(),
        guards_approvals=st.booleans(),
        guards_funds=st.booleans(),
        is_bank=st.booleans(),
        speaks_for_units=few,
        speaks_for_regions=few,
        liaison_of_task_forces=few,
    )


def projects() -> st.SearchStrategy[ProjectScope]:
    return st.builds(
        ProjectScope,
        project_id=st.integers(1, 3),
        organisation_id=st.integers(1, 2),
        responsible_unit_id=st.integers(1, 3),
        region_id=one,
        sector_task_force_id=one,
        category_task_force_ids=few,
        responsible_person_id=one,
        responsible_unit_staffed=st.booleans(),
        approving_unit_ids=few,
        bank_unit_ids=few,
    )


def groups() -> st.SearchStrategy[GroupScope]:
    return st.builds(
        GroupScope,
        organisation_id=st.integers(1, 2),
        oversees=st.booleans(),
        task_force_id=one,
        region_id=one,
        unit_id=one,
        guards_approvals=st.booleans(),
        guards_funds=st.booleans(),
    )

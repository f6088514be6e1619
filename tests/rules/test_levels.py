"""The chain of levels of an organisation (rules G1, G2, Q3)."""

from __future__ import annotations

import pytest

from models.rules.escalation import decider, decider_name, refused_step
from models.rules.items import CITY_LEVEL, COUNTY_LEVEL, level_of_organisation
from models.rules.levels import COUNT, LevelChain, told
from models.rules.policies import Policies, PolicySetting
from models.rules.policy import Policy
from models.rules.posts import leaders_of, role_named
from models.types import Role

COUNTY = [
    {"name": "乡镇（街道）自行解决", "grade": "乡镇级", "short": "乡镇"},
    "县专班",
    {"name": "分管副县长", "full": "分管副县长专项协调", "asked": "专项协调", "decider": "分管副县长"},
    {"name": "县委县政府", "asked": "县委县政府研究", "addressee": "常务副县长"},
    {"name": "市综合专班", "grade": "市级", "short": "市"},
]
"""From the documents: 乡镇、街道 below, 综合专班, the county's leaders, then the city."""


def test_the_citys_words_are_those_of_the_rule() -> None:
    """G1: as they stood in every message before the chain was policy."""
    chain = Policy().levels
    assert [one.name for one in chain.levels] == [
        "县级自行解决", "市攻坚办", "分管副市长", "市政府", "省综合专班",
    ]  # fmt: skip
    assert [one.full for one in chain.levels][2] == "分管副市长专项协调"
    assert [one.grade for one in chain.levels] == ["县级", "市攻坚办", "分管副市长", "市政府", "省级"]
    assert chain.shorts == ("县", "市攻坚办", "分管副市长", "市政府", "省")
    assert [one.decider for one in chain.levels] == [
        None, None, Role.DEPUTY_MAYOR, Role.EXECUTIVE_DEPUTY_MAYOR, None,
    ]  # fmt: skip
    assert chain.office == "市攻坚办负责人"


def test_what_is_not_said_follows_from_the_name() -> None:
    chain = LevelChain.from_json(COUNTY)
    county, office, deputy, government, city = chain.levels
    assert (county.full, county.asked, county.raised_by) == ("乡镇（街道）自行解决", "", None)
    assert (office.full, office.grade, office.short, office.addressee) == ("县专班",) * 4
    assert (office.asked, office.raised_by) == ("县专班协调", Role.HUB_HEAD)
    assert (deputy.decider, deputy.addressee) == (Role.DEPUTY_MAYOR, "分管副县长")
    assert (government.decider, government.addressee) == (Role.EXECUTIVE_DEPUTY_MAYOR, "常务副县长")
    assert (city.grade, city.short, city.decider) == ("市级", "市", None)
    assert LevelChain.from_json(chain.to_json()) == chain


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (COUNTY[:4], "应写 5 级（0 级到 4 级），现有 4 级"),
        ([*COUNTY, "省综合专班"], "应写 5 级（0 级到 4 级），现有 6 级"),
        ({"0": "县专班"}, "应是 5 级的数组"),
        (["乡镇", "", "分管副县长", "县委县政府", "市专班"], "1 级的名称不能为空"),
        (["乡镇", "  ", "分管副县长", "县委县政府", "市专班"], "1 级的名称不能为空"),
        (["乡镇", "县专班", "县专班", "县委县政府", "市专班"], "1 级和 2 级的名称都是「县专班」"),
        (
            ["乡镇", "县专班", "分管副县长", "县委县政府", {"name": "市专班", "short": "乡镇"}],
            "流程图写法都是「乡镇」",
        ),
        (["乡镇", {"short": "县"}, "分管副县长", "县委县政府", "市专班"], "1 级没有写名称"),
        (["乡镇", {"name": "县专班", "title": "县"}, "分管", "县委", "市专班"], "不认识的字段 title"),
        (["乡镇", 3, "分管副县长", "县委县政府", "市专班"], "1 级应是名称或对象"),
        (["乡镇", {"name": 3}, "分管副县长", "县委县政府", "市专班"], "1 级的名称不能为空"),
        (["乡镇", "县\n专班", "分管副县长", "县委县政府", "市专班"], "只能用汉字"),
        (["乡镇", "=1+1", "分管副县长", "县委县政府", "市专班"], "只能用汉字"),
        (["乡镇", "@所有人", "分管副县长", "县委县政府", "市专班"], "只能用汉字"),
        (["乡镇", "专" * 21, "分管副县长", "县委县政府", "市专班"], "不能超过 20 个字"),
        (["乡镇", "县专班", {"name": "副县长", "decider": "联络员"}, "县委", "市专班"], "2 级的谁批示应为"),
        (["乡镇", "县专班", {"name": "副县长", "decider": "县长"}, "县委", "市专班"], "2 级的谁批示应为"),
        (["乡镇", {"name": "县专班", "decider": "分管副县长"}, "副县长", "县委", "市"], "1 级不能写谁批示"),
        ([{"name": "乡镇", "raised_by": "综合专班负责人"}, "专班", "副县长", "县委", "市"], "0 级不能写"),
        (["乡镇", {"name": "县专班", "raised_by": "联络员"}, "副县长", "县委", "市"], "谁决定提到本级应为"),
        (None, "应是 5 级的数组"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_level(data: object, reason: str) -> None:
    with pytest.raises(ValueError, match="层级：") as refused:
        LevelChain.from_json(data)
    assert reason in str(refused.value)


def test_steps_and_who_decides_by_the_words_of_the_chain() -> None:
    """G2 in a county: one level at a time; what only the city can decide goes up at once, with its reason."""
    chain = LevelChain.from_json(COUNTY)
    assert refused_step(2, 2, chain) == "当前已是分管副县长专项协调层级"
    assert refused_step(4, 5, chain) == "最高到市综合专班（4级）"
    assert refused_step(1, 4, chain) == "越级报市要写明只能由市里决定的原因"
    assert refused_step(1, 4, chain, reason="林地审批在市里") == ""
    assert refused_step(1, 4, LevelChain()) == "越级报省要写明只能由省里决定的原因"
    assert [decider_name(level, chain) for level in range(1, COUNT)] == [
        "综合专班负责人", "综合专班负责人", "县专班负责人", "县专班负责人",
    ]  # fmt: skip
    own = [*COUNTY[:3], {"name": "县委县政府", "addressee": "县长", "raised_by": "分管副县长"}, "市综合专班"]
    assert decider(3, LevelChain.from_json(own)) is Role.DEPUTY_MAYOR
    assert decider_name(3, LevelChain.from_json(own)) == "分管副县长"


@pytest.mark.parametrize(
    ("words", "level", "rest"),
    [
        ("分管副县长", 2, ""),
        ("分管副县长专项协调 症结 缺地", 2, " 症结 缺地"),
        ("常务副县长：急", 3, "：急"),
        ("市综合专班", 4, ""),
        ("市", 4, ""),
        ("乡镇(街道)自行解决", 0, ""),
    ],
)
def test_a_level_is_known_by_any_of_its_names(words: str, level: int, rest: str) -> None:
    assert LevelChain.from_json(COUNTY).named(words) == (level, rest)


@pytest.mark.parametrize("words", ["", "市林业局不批", "分管副市长", "2级"])
def test_other_words_name_no_level(words: str) -> None:
    assert LevelChain.from_json(COUNTY).named(words) is None


def test_how_far_an_organisation_goes_itself() -> None:
    """Q3: a county without a chain of its own solves or sends up; with one it has four levels itself."""
    city_words = ["县级", "市专班", "副市长", "市长办公会", "省专班"]
    policies = Policies(
        (PolicySetting(2, 1, {"levels": city_words}), PolicySetting(3, 2, {"levels": COUNTY})),
        {1: None, 2: 1, 3: 1},
        frozenset({2, 3}),
    )
    assert policies.of(1).levels.own_top == 4
    assert policies.at(2, 2).levels.own_top == 0
    assert policies.at(2, 2).levels[1].name == "市专班"
    assert (policies.of(2).levels.own_top, policies.of(2).levels[1].name) == (3, "县专班")
    assert (policies.of(3).levels.own_top, policies.of(3).levels[1].name) == (0, "市专班")
    back = policies.changed(2, {}, whole=True)
    assert (back.of(2).levels.own_top, back.of(2).levels[1].name) == (0, "市专班")
    assert back.at(2, 3).levels[1].name == "县专班"


def test_how_the_operator_reads_a_level() -> None:
    shown = [told(one) for one in LevelChain.from_json(COUNTY).to_json()]
    assert shown[0] == "乡镇（街道）自行解决（台账写法 乡镇级；流程图写法 乡镇）"
    assert shown[1] == "县专班（谁决定提到本级 综合专班负责人）"
    assert "提请什么 专项协调；谁批示 分管副市长" in shown[2]


def test_posts_by_the_words_of_the_place() -> None:
    assert role_named("分管副县长") is Role.DEPUTY_MAYOR
    assert role_named("区领导") is Role.CITY_LEADER
    assert role_named("县攻坚办负责人") is Role.OFFICE_HEAD
    assert role_named("联络员") is Role.LIAISON
    with pytest.raises(ValueError, match="县长"):
        role_named("县长")
    assert [leaders_of(level) for level in ("市", "县", "市辖区", "县级市")] == [
        "市领导", "县领导", "区领导", "市领导",
    ]  # fmt: skip


def test_a_district_is_a_county_as_its_leaders_are_called() -> None:
    """Q3: whatever has 区领导 or 县领导 begins at the county's level."""
    for level in ("县", "县级市", "自治县", "市辖区", "区", "旗"):
        assert level_of_organisation(level) == COUNTY_LEVEL
    for level in ("市", "地级市"):
        assert level_of_organisation(level) == CITY_LEVEL

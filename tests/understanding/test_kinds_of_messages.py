"""Kinds of messages that once were misread, a few wordings of each, with everything that must be read."""

from __future__ import annotations

import pytest

from handlers.understanding.reading import Issue, ProjectLine
from tests.understanding.fixtures_city import anyone, summary


def told(text: str) -> dict[str, dict[str, object]]:
    """What is read of each project, by code."""
    lines = summary(anyone(text)).get("lines", [])
    return {str(one["project"]): one for one in lines if "project" in one}  # type: ignore[attr-defined]


def figures(text: str) -> dict[str, list[tuple[object, object]]]:
    """Amounts and what they are of, by project."""
    return {
        code: [figure[:2] for figure in line.get("figures", [])]  # type: ignore[attr-defined]
        for code, line in told(text).items()
    }


def rates(text: str) -> dict[str, object]:
    return {code: line.get("payment_rate") for code, line in told(text).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "上半年城南污水处理厂完成3200万,循环园完成8600万,实验中学累计4100万,三个项目资金支付率分别为62%、47%、71%",
            {"ZX0031": 6200, "ZD0108": 4700, "ZY0009": 7100},
        ),
        ("循环园、实验中学主体封顶,支付率分别为55%、38%", {"ZD0108": 5500, "ZY0009": 3800}),
        ("实验中学8月300万,循环园900万,两个项目支付率依次为40%、51%", {"ZY0009": 4000, "ZD0108": 5100}),
        ("循环园主体封顶,支付率分别为55%、38%", {"ZD0108": None}),
        ("循环园8月900万,实验中学300万,支付率分别为62%、47%、71%", {"ZD0108": None, "ZY0009": None}),
    ],
)
def test_rates_given_in_order_go_to_the_projects_named_last_or_to_nobody(
    text: str, expected: dict[str, object]
) -> None:
    assert rates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "上半年循环园完成8600万,实验中学完成4100万,云白快速累计3.5亿",
            {
                "ZD0108": [(8600, "year_to_date")],
                "ZY0009": [(4100, "year_to_date")],
                "ZD0115": [(35000, "cumulative")],
            },
        ),
        (
            "8月循环园完成投资900万,云白快速1500万;实验中学300万",
            {"ZD0108": [(900, "period")], "ZD0115": [(1500, "period")], "ZY0009": [(300, "period")]},
        ),
        ("9月底前循环园完成3000万,云白快速完成2000万", {"ZD0108": [], "ZD0115": []}),
        ("下个月循环园完成3000万,云白快速完成2000万", {"ZD0108": [], "ZD0115": []}),
        (
            "8月循环园完成900万。云白快速完成1500万",
            {"ZD0108": [(900, "period")], "ZD0115": [(1500, "unsaid")]},
        ),
        ("循环园这周封顶2栋,投资1900万", {"ZD0108": [(1900, "period")]}),
        ("循环园今年基本没动,就做了点绿化,花了二百来万", {"ZD0108": [(200, "year_to_date")]}),
        ("循环园今年开工,投资3.6亿", {"ZD0108": [(36000, "unsaid")]}),
        ("循环园本周签约,投资5亿", {"ZD0108": [(50000, "unsaid")]}),
        ("本月循环园开工,投资3.6亿", {"ZD0108": [(36000, "unsaid")]}),
        ("循环园今年推进较快,投资3.6亿", {"ZD0108": [(36000, "unsaid")]}),
        ("循环园2025年1月1日至2026年8月31日累计完成3.6亿", {"ZD0108": [(36000, "cumulative")]}),
        ("循环园本月主体封顶,完成投资1.9亿", {"ZD0108": [(19000, "period")]}),
        ("循环园本月主体封顶,累计完成投资1.9亿", {"ZD0108": [(19000, "cumulative")]}),
        ("今天补昨天的旬报:循环园累计完成投资1.76亿", {"ZD0108": [(17600, "cumulative")]}),
        (
            "循环园9月1日至9月15日完成投资260万,累计2.1亿",
            {"ZD0108": [(260, "period"), (21000, "cumulative")]},
        ),
        ("循环园1月1日至8月31日完成投资8600万", {"ZD0108": [(8600, "year_to_date")]}),
        ("循环园年内完成4.7亿,占年度计划52%", {"ZD0108": [(47000, "year_to_date")]}),
        ("循环园年内完成投资10亿", {"ZD0108": []}),
        ("循环园8月份大概还能干1300万", {"ZD0108": []}),
        ("循环园1-8月5.06亿,年底前肯定完成8个亿", {"ZD0108": [(50600, "year_to_date")]}),
    ],
)
def test_a_stretch_at_the_head_holds_for_what_follows_and_no_further(
    text: str, expected: dict[str, list[tuple[object, object]]]
) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("循环园9月15日报的1.9亿包含了管护费,剔除后应为1.82亿元,请更正", (18200, "unsaid")),
        ("循环园上周报的累计5.2亿多算了,应为4.9亿", (49000, "cumulative")),
        ("循环园昨天报的今年8900万有误,核实后应是8600万", (8600, "year_to_date")),
    ],
)
def test_what_was_reported_then_is_no_figure_of_today(text: str, expected: tuple[int, str]) -> None:
    (line,) = told(text).values()
    assert figures(text)["ZD0108"] == [expected]
    assert line["correction"] is True
    assert summary(anyone(text))["intents"] == ["progress"]


def issue_of(line: ProjectLine) -> Issue:
    (issue,) = line.issues
    return issue


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "循环园慢的原因:一是停车场用地没批,请市自然资源局加快,10月20日前;二是连接路环评要重做,请市生态环境局指导,11月上旬前完成",
            [
                ("停车场用地没批", ("市自然资源局",), "2026-10-20"),
                ("连接路环评要重做", ("市生态环境局",), "2026-11-10"),
            ],
        ),
        (
            "循环园需要协调:①北段红线内3座坟,请白石县管委会10月10日前迁完;②临时用电容量不够,请供电公司增容",
            [
                ("北段红线内3座坟", ("白石县管委会",), "2026-10-10"),
                ("临时用电容量不够", ("国网新乡供电公司",), "None"),
            ],
        ),
        (
            "循环园两个事:一是用地预审缺补划方案,请市资规局10月10日前审定;二是跨铁路桥要郑州局出方案审查意见,请市交通局对接",
            [
                ("用地预审缺补划方案", ("市自然资源局",), "2026-10-10"),
                (
                    "跨铁路桥要郑州局出方案审查意见",
                    ("中国铁路郑州局集团有限公司", "市交通运输局"),
                    "None",
                ),
            ],
        ),
        (
            "循环园:①请市资规局10月10日前审定方案;②请供电公司增容",
            [
                ("市资规局10月10日前审定方案", ("市自然资源局",), "2026-10-10"),
                ("供电公司增容", ("国网新乡供电公司",), "None"),
            ],
        ),
        (
            "循环园:①用地没批,请市资规局10月10日前审定;②请供电公司增容",
            [
                ("用地没批", ("市自然资源局",), "2026-10-10"),
                ("供电公司增容", ("国网新乡供电公司",), "None"),
            ],
        ),
        (
            "循环园用地没批。建议:1.请市资规局10月10日前审定。2.请县里配合",
            [],
        ),
        (
            "循环园主要问题:1.电力迁改没完成,请供电公司10月25日前迁完;2.施工许可办不下来,请市住建局支持",
            [
                ("电力迁改没完成", ("国网新乡供电公司",), "2026-10-25"),
                ("施工许可办不下来", ("市住建局",), "None"),
            ],
        ),
        (
            "循环园管线没迁,请县里协调。另外电力容量不够,请供电公司10月底前增容",
            [("管线没迁", (), "None"), ("电力容量不够", ("国网新乡供电公司",), "2026-10-31")],
        ),
        (
            "循环园有两个问题:1.道路征迁未完成;2.资金缺口大。请市里协调解决",
            [("道路征迁未完成", (), "None"), ("资金缺口大", (), "None")],
        ),
        ("循环园管线没迁,请县里协调,否则影响工期", []),
    ],
)
def test_listed_problems_are_told_apart_when_each_has_its_request(
    text: str, parts: list[tuple[str, tuple[str, ...], str]]
) -> None:
    (line,) = anyone(text).lines
    found = [(one.summary, one.units, str(one.needed_by)) for one in issue_of(line).parts]
    assert found == parts
    assert all(summary in issue_of(line).summary for summary, _, _ in parts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("循环园8月停工10天,昨天恢复施工,累计完成投资2.1亿", {"state": "started"}),
        ("循环园因降雨停工4天,今天复工了", {"state": "started"}),
        ("循环园上周交工了,累计3.2亿", {"state": "finished"}),
        ("循环园10个工作日内完成交工验收", {"expected_finish": "2026-10-13"}),
        ("循环园10月底通车够呛", {}),
        ("循环园企业承诺10月30日前开工", {"expected_start": "2026-10-30"}),
    ],
)
def test_states_and_what_only_looks_like_one(text: str, said: dict[str, object]) -> None:
    (line,) = told(text).values()
    assert "issues" not in line
    assert "image_progress" not in line
    keys = {"state", "started_on", "finished_on", "expected_start", "expected_finish"}
    assert {key: value for key, value in line.items() if key in keys} == said


def test_a_stop_without_an_end_stays_a_problem() -> None:
    (line,) = told("循环园停工半个月,还没复工,请水利局协调").values()
    assert line["state"] == "suspended"
    assert line["issues"] == [{"summary": "停工半个月,还没复工", "units": ["市水利局"]}]


def test_a_part_that_stands_still_does_not_stop_the_project() -> None:
    (line,) = told("循环园开挖停了一周,请华润燃气提供管线图,本周五前").values()
    assert "state" not in line
    assert line["issues"] == [{"summary": "开挖停了一周", "units": ["华润燃气"], "needed_by": "2026-09-25"}]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        (
            "循环园还有2户没签,请市里出面,最迟10.15",
            {"summary": "还有2户没签", "needed_by": "2026-10-15", "level": "city_office"},
        ),
        (
            "循环园堤防断面变更需重新报批,请财政评审中心3个工作日内出评审意见",
            {"summary": "堤防断面变更需重新报批", "units": ["财政评审中心"], "needed_by": "2026-09-28"},
        ),
    ],
)
def test_what_is_asked_about_and_who_is_asked(text: str, issue: dict[str, object]) -> None:
    (line,) = told(text).values()
    assert line["issues"] == [issue]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "收到红灯预警。循环园进度慢是因为设备延误,不是施工的问题,目前设备已到场,10月底前能追回来",
            {"image_progress": "设备已到场", "promised_by": "2026-10-31"},
        ),
        (
            "关于8月16日调度会交办第2项:管线图9月15日已提供,循环园9月17日复工",
            {"image_progress": "管线图9月15日已提供", "state": "started"},
        ),
        (
            "关于提醒函〔2026〕12号的回复:循环园未能按8月中旬开工的原因是用地批复未下达,预计10月底前批复,11月中旬开工,请予延期",
            {"state": "not_started", "expected_start": "2026-11-20"},
        ),
    ],
)
def test_answers(text: str, said: dict[str, object]) -> None:
    assert summary(anyone(text))["intents"] == ["feedback"]
    (line,) = told(text).values()
    keys = {"image_progress", "promised_by", "state", "expected_start", "issues"}
    assert {key: value for key, value in line.items() if key in keys} == said


@pytest.mark.parametrize(
    "text",
    [
        "各位,开工活动定在10月20日,请各县区18日前报项目",
        "请各责任单位明天下午准时参加调度会",
        "请各县区今天下班前报送8月份投资数据",
    ],
)
def test_announcements_are_small_talk(text: str) -> None:
    assert summary(anyone(text))["intents"] == ["smalltalk"]

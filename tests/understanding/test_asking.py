"""How people ask about projects and problems, and what only sounds like it."""

from __future__ import annotations

import pytest

from handlers.understanding import asking


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("我们县的项目都咋样了", ""),
        ("我们县有几个项目", ""),
        ("全市项目情况", ""),
        ("列一下所有项目", ""),
        ("各县情况怎么样", "各"),
        ("各专班进度", "各"),
        ("请问分县情况", "各"),
        ("青禾县有哪些黄灯项目", "青禾县黄灯"),
        ("交通专班的项目进展如何？", "交通专班"),
        ("专项债券项目有多少个", "专项债券"),
        ("麻烦查一下白石县", "白石县"),
        ("哪些项目亮黄灯", "黄灯"),
        ("我的项目", ""),
        ("哪个县最慢", "各"),
        ("现在哪个专班进度最落后？", "各"),
        ("我们单位的项目", ""),
        ("我负责的项目有哪些", ""),
        ("哪些项目没报", "未更新"),
        ("本周哪些项目没报", "本周未报"),
        ("白石县这个月还有哪些项目没更新过", "白石县本月未报"),
        ("今天几个项目没上报？", "今天未报"),
        ("青禾县有哪些项目一直没更新？", "青禾县未更新"),
        ("还有几个项目没上报进度", "未更新"),
    ],
)
def test_asks_for_projects(text: str, about: str) -> None:
    assert asking.asked_projects(text) == about


@pytest.mark.parametrize(
    "text", ["你好", "对了下午几点开会来着", "进度", "污水处理厂累计5500万", "主体封顶", ""]
)
def test_asks_for_no_projects(text: str) -> None:
    assert asking.asked_projects(text) is None


@pytest.mark.parametrize("text", ["项目进展顺利", "施工进度正常", "我们县有几个项目卡在用地上"])
def test_what_is_left_names_nothing(text: str) -> None:
    """A statement keeps words that are no county, body or category: its caller finds nothing of that name."""
    assert asking.asked_projects(text) not in (None, "", "各")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("林地那个问题到哪一步了", "林地"),
        ("请问铁路桥方案的事谁在办", "铁路桥方案"),
        ("供电的问题解决了吗？", "供电"),
        ("用地问题卡在哪", "用地"),
        ("没有问题", ""),
        ("存在什么问题", ""),
        ("林地问题已解决", ""),
    ],
)
def test_asks_where_a_problem_stands(text: str, what: str) -> None:
    assert asking.asked_problem(text) == what


@pytest.mark.parametrize("text", ["你好", "您好！", "在吗", "助手你好", "早上好"])
def test_greetings(text: str) -> None:
    assert asking.is_greeting(text)


@pytest.mark.parametrize("text", ["谢谢", "好的，谢谢", "收到", "知道了", "辛苦了"])
def test_thanks(text: str) -> None:
    assert asking.is_thanks(text)


@pytest.mark.parametrize(
    "text", ["", "。。", "好", "收到督办函，已整改", "谢谢，管网累计2100万", "你好，查ZX0031", "了"]
)
def test_no_mere_courtesy(text: str) -> None:
    assert not asking.is_greeting(text)
    assert not asking.is_thanks(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("还有几个待甄别", "待甄别"),
        ("待审核的有哪些？", "待审核"),
        ("哪些问题没签收", "待签收"),
        ("我们县待销号的问题清单", "待销号"),
        ("现在一共几个问题在办", ""),
        ("查一下待签收的问题", "待签收"),
        ("待审核", None),
        ("W0190 待审核", None),
        ("方案还没审", None),
        ("问题已签收", None),
        ("用地没批的有哪些", None),
    ],
)
def test_asks_for_problems_in_a_state(text: str, state: str | None) -> None:
    assert asking.asked_state(text) == state


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("麻烦催一下林地那个问题", "林地"),
        ("用地的事能催催吗", "用地"),
        ("能不能帮我催一下", ""),
        ("催催我们报的那个铁路桥方案", "铁路桥方案"),
        ("请市自然资源局抓紧批用地，我们催了三次", None),
        ("污水厂累计5500万，催款到位", None),
    ],
)
def test_presses_for_a_problem(text: str, what: str | None) -> None:
    assert asking.urged(text) == what


def test_whose_problem_it_is_does_not_belong_to_its_words() -> None:
    assert asking.asked_problem("我报的那个用地问题怎么样了") == "用地"
    assert asking.asked_problem("上周我们县反映的林地问题到哪一步了") == "林地"

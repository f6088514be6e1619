"""The page at / in a real browser, on the running product."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import FilePayload, Locator, Page, Route, expect
from pydantic import SecretStr

from bot.app import running
from bot.settings import WebchatSettings
from bot.web import build
from tests.flows.city import City

from .conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]  # the loop of the browser

REPORT = "城南污水处理厂累计完成投资5500万，主体结构封顶，设备开始安装"
NETWORK = "Failed to load resource"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    const parent = walk.currentNode.parentElement;
    if (!text || !parent.checkVisibility() || parent.closest("noscript, [disabled], option")) continue;
    const [one, other] = [light(parse(getComputedStyle(parent).color)), light(ground(parent))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${text}`);
  }
  return weak;
}"""


def card(page: Page, code: str) -> Locator:
    return page.locator(f'.project[data-code="{code}"]')


async def become(page: Page, name: str) -> None:
    await page.fill("#people-search", name)
    await page.locator("#people-list .person", has_text=name).first.click()
    await expect(page.locator("#private-title")).to_contain_text(name)


async def say(page: Page, text: str, *, pane: str = "private") -> None:
    await page.fill(f"#{pane}-text", text)
    await page.press(f"#{pane}-text", "Enter")


async def draft(page: Page, *, pane: str = "private") -> Locator:
    """The bot's latest message with buttons."""
    message = page.locator(f"#{pane}-log .line.bot", has=page.locator(".action-row")).last
    await expect(message).to_be_visible()
    return message


def body_of(route: Route) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(route.request.post_data or "{}")
    return body


async def test_the_main_job(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await expect(card(page, "ZX0031")).to_contain_text("黄灯")
    await become(page, "张伟")
    await say(page, REPORT)
    shown = await draft(page)
    await expect(shown).to_contain_text("5500")
    await expect(page.locator("#private-text")).to_have_value("")
    await expect(card(page, "ZX0031")).to_contain_text("黄灯")  # nothing enters before the confirmation
    await shown.get_by_role("button", name="确认").click()

    project = card(page, "ZX0031")
    await expect(project).to_contain_text("绿灯")
    await expect(project).to_contain_text("5500")
    await expect(project).to_contain_text("有变化")
    await expect(project).to_contain_text("黄灯 → 绿灯")
    await page.select_option("#group-select", "市政设施专班")
    await expect(page.locator("#group-log .line.bot").last).to_contain_text("ZX0031")

    await project.click()
    record = page.locator("#ledger-record")
    await expect(record).to_contain_text("青禾县住建局")
    await expect(record).to_contain_text("4700 万元 → 5500 万元")
    await page.keyboard.press("Escape")
    await expect(project).to_be_focused()
    await expect(project).not_to_contain_text("有变化")  # looked at


async def test_news_leaves_the_focus_in_the_record(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await card(page, "ZX0031").click()
    record = page.locator("#ledger-record")
    await expect(record).to_contain_text("青禾县住建局")
    await city.say("张伟", REPORT)
    await city.say("张伟", "确认")
    await expect(record).to_contain_text("5500")
    await page.keyboard.press("Escape")
    await expect(card(page, "ZX0031")).to_be_focused()


async def test_who_was_told_what(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await become(page, "张伟")
    await say(page, REPORT)
    await (await draft(page)).get_by_role("button", name="确认").click()
    news = page.locator("#people-list .person", has_text="赵永年").first
    await expect(news.locator(".count")).to_be_visible()

    await page.click("#open-all")
    sent = page.locator("#all-list .sent", has_text="赵永年")
    await expect(sent.first).to_contain_text("ZX0031")
    await page.fill("#all-search", "没有这样的话")
    await expect(page.locator("#all-list")).to_contain_text("没有这样的消息")
    await page.fill("#all-search", "")
    await sent.first.get_by_role("button", name="赵永年").click()

    await expect(page.locator("#private-title")).to_contain_text("赵永年")
    await expect(page.locator("#private-log")).to_contain_text("ZX0031")
    await expect(page.locator("#private-log")).not_to_contain_text("草稿")  # that is for 张伟 alone


async def test_the_guide_fills_in_and_ticks_off(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    guide = page.locator("#guide")
    await guide.get_by_role("button", name="填入示例").click()
    await expect(page.locator("#private-title")).to_contain_text("张伟")
    await expect(page.locator("#private-text")).to_have_value(REPORT)
    await page.keyboard.press("Enter")
    await draft(page)
    await guide.get_by_role("button", name="填入“确认”").click()
    await page.keyboard.press("Enter")
    await guide.get_by_role("button", name="打开这个群").click()
    await expect(page.locator("#group-select")).to_have_value("市政设施专班")
    await expect(guide).to_contain_text("三步走完")
    await guide.get_by_role("button", name="知道了").click()
    await expect(guide).to_be_hidden()
    await page.reload()
    await expect(page.locator("#link-state")).to_have_attribute("data-state", "live")
    await expect(guide).to_be_hidden()
    await expect(page.locator("#private-log .line.own").first).to_contain_text("5500")


async def test_with_the_keyboard_alone(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.locator("#people-search").evaluate("(node) => node === document.activeElement"):
            break
    await page.keyboard.type("张伟")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#private-text")).to_be_focused()
    await page.keyboard.type("城南污水处理厂累计完成投资5500万，")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("主体结构封顶，设备开始安装")
    await expect(page.locator("#private-text")).to_have_value(re.compile("\n"))
    await page.keyboard.press("Enter")
    confirm = (await draft(page)).get_by_role("button", name="确认")
    for _ in range(20):
        await page.keyboard.press("Shift+Tab")
        if await confirm.evaluate("(node) => node === document.activeElement"):
            break
    await expect(confirm).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(card(page, "ZX0031")).to_contain_text("绿灯")

    await page.focus("#open-all")
    await page.keyboard.press("Enter")
    await expect(page.locator("#all-dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#all-dialog")).to_be_hidden()
    await expect(page.locator("#open-all")).to_be_focused()


async def test_an_input_method_picks_with_enter(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await become(page, "张伟")
    await page.fill("#private-text", "城南")
    await page.locator("#private-text").evaluate(
        """(node) => node.dispatchEvent(
          new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    await expect(page.locator("#private-text")).to_have_value("城南")
    await expect(page.locator("#private-log .line")).to_have_count(0)


async def test_on_a_phone(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base, width=390, height=844)
    tabs = page.get_by_role("navigation", name="页面")
    await tabs.get_by_role("button", name="身份").click()
    await become(page, "张伟")
    await expect(page.locator("#people-pane")).to_be_hidden()
    await say(page, REPORT)
    await (await draft(page)).get_by_role("button", name="确认").click()
    await expect(tabs.locator('[data-tab="ledger"] .count')).to_have_text("1")
    await expect(tabs.locator('[data-tab="group"] .count')).to_be_visible()
    for tab, pane in (("group", "group"), ("ledger", "ledger"), ("people", "people"), ("private", "private")):
        await tabs.locator(f'[data-tab="{tab}"]').click()
        visible = [
            one
            for one in ("private", "group", "ledger", "people")
            if await page.locator(f"#{one}-pane").is_visible()
        ]
        assert visible == [pane]
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= 390
    await tabs.locator('[data-tab="ledger"]').click()
    await expect(card(page, "ZX0031")).to_contain_text("绿灯")
    await page.click("#clock-toggle")
    await expect(page.get_by_role("button", name="到下一个工作日早上")).to_be_visible()


OVERLAPS = """() => {
  const parts = ".mark, .clock-face, #clock-toggle, .link-state, #open-all, #open-guide, .private .pane-head, .guide, "
    + "#private-composer, .tabs";
  const seen = [...document.querySelectorAll(parts)].filter((one) => one.getClientRects().length > 0);
  const name = (one) => one.id || one.className;
  const found = [];
  for (const [at, one] of seen.entries()) {
    for (const other of seen.slice(at + 1)) {
      const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) found.push(`${name(one)} × ${name(other)}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize(
    ("width", "height"),
    [(320, 568), (390, 510), (390, 844), (768, 1024), (844, 390), (1024, 768), (1280, 800)],
)
async def test_nothing_lies_on_something_else(
    city: City, open_page: OpenPage, width: int, height: int
) -> None:
    page = await open_page(city.base, width=width, height=height, expected=(NETWORK,))
    await expect(page.locator("#guide")).to_be_visible()
    assert await page.evaluate(OVERLAPS) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= width
    composer = await page.locator("#private-composer").bounding_box()
    assert composer is not None
    assert composer["y"] + composer["height"] <= height
    await page.route("**/webchat/api/**", lambda route: route.abort())
    await page.get_by_role("button", name="填入示例").click()
    await page.press("#private-text", "Enter")
    await expect(page.locator("#link-state")).to_have_attribute("data-state", "down")
    assert await page.evaluate(OVERLAPS) == []


async def test_an_answer_longer_than_the_view_is_read_from_its_beginning(
    city: City, open_page: OpenPage
) -> None:
    page = await open_page(city.base, width=390, height=844)
    await page.locator('.tabs [data-tab="people"]').click()
    await become(page, "孙晓雯")
    for turn in (1, 2):  # also where the reader has not come to the end of the one before
        await say(page, "/查 项目")
        answers = page.locator("#private-log .line.bot", has_text="您可查看的项目 9 项")
        await expect(answers).to_have_count(turn)
        await expect(answers.last.locator(".bubble")).to_contain_text("看一个项目")
        await page.wait_for_function(
            """() => {
                const log = document.querySelector("#private-log").getBoundingClientRect();
                const lines = document.querySelectorAll("#private-log .line.bot");
                const answer = lines[lines.length - 1].getBoundingClientRect();
                const top = log.top <= answer.top && answer.top < log.top + log.height / 2;
                return answer.height > log.height && top;
            }"""
        )
    await say(page, "/草稿")  # a short one is shown whole
    last = page.locator("#private-log .line.bot").last
    await expect(last).not_to_contain_text("您可查看的项目")
    await expect(last).to_be_in_viewport(ratio=1)


async def test_the_guide_is_offered_only_with_the_people_it_speaks_of(
    city: City, open_page: OpenPage
) -> None:
    async def others(route: Route) -> None:
        told = await (await route.fetch()).json()
        told["people"] = [one for one in told["people"] if one["name"] != "张伟"]
        await route.fulfill(json=told)

    page = await open_page(city.base)
    await expect(page.get_by_role("button", name="引导", exact=True)).to_be_visible()
    await page.route("**/webchat/api/people", others)
    await page.reload()
    await expect(page.locator("#people-list .person").first).to_be_visible()
    await expect(page.locator("#guide")).to_be_hidden()
    await expect(page.get_by_role("button", name="引导", exact=True)).to_be_hidden()


async def test_an_empty_database_says_what_comes_first(
    city: City, open_page: OpenPage, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/empty.db"
    settings = city.settings.model_copy(update={"database_url": url, "data_dir": tmp_path / "empty"})
    async with running(settings) as product:
        runner = web.AppRunner(build(product), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            page = await open_page(f"http://127.0.0.1:{runner.addresses[0][1]}")
            await expect(page.locator("#people-list")).to_contain_text("zhuanban roster load")
            await expect(page.locator("#projects")).to_contain_text("zhuanban projects import")
            await expect(page.locator("#group-log")).to_contain_text("还没有群")
            await page.context.close()
        finally:
            await runner.cleanup()


async def test_what_people_write_stays_text(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    evil = """<img src=x onerror="window.broken=1"><script>window.broken=2</script><b>粗</b>{{7*7}}"""
    await become(page, "张伟")
    await say(page, evil)
    await expect(page.locator("#private-log .line.own .bubble").last).to_have_text(evil)
    await expect(page.locator("#private-log .line.bot").last).to_be_visible()
    await page.set_input_files(
        "#group-files",
        {"name": '"><img src=x onerror=window.broken=3>.png', "mimeType": "image/png", "buffer": PNG},
    )
    await expect(page.locator("#group-composer .chip")).to_contain_text("onerror")
    await page.fill("#people-search", "<img src=x onerror=window.broken=4>")
    await expect(page.locator("#people-list")).to_contain_text("未绑定账号「<img")
    assert await page.locator("main img, dialog img, main script").count() == 0
    assert await page.evaluate("() => window.broken === undefined")


async def test_a_message_that_cannot_be_sent_is_kept(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base, expected=(NETWORK,))
    await become(page, "张伟")
    given: list[str] = []

    async def lose(route: Route) -> None:
        given.append(body_of(route)["message_id"])
        if len(given) == 1:
            await route.abort()
        elif len(given) == 2:
            await route.fulfill(status=503, json={"error": "数据库暂时不能写入，消息没有保存，请稍后重发"})
        else:
            await route.continue_()

    await page.route(re.compile("/webchat/api/messages$"), lose)
    await say(page, REPORT)
    error = page.locator("#private-composer .composer-error")
    await expect(error).to_contain_text("连不上服务")
    await expect(page.locator("#private-text")).to_have_value(REPORT)
    await page.press("#private-text", "Enter")
    await expect(error).to_contain_text("数据库暂时不能写入")
    await expect(page.locator("#private-text")).to_have_value(REPORT)
    await page.press("#private-text", "Enter")
    await draft(page)
    await expect(error).to_be_hidden()
    assert len(set(given)) == 1  # a redelivery, so that an answer that got lost leads to no second message


async def test_the_draft_of_each_person_stays_his_own(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await become(page, "张伟")
    await page.fill("#private-text", "还没写完的")
    await become(page, "李娜")
    await expect(page.locator("#private-text")).to_have_value("")
    await page.reload()
    await become(page, "张伟")
    await expect(page.locator("#private-text")).to_have_value("还没写完的")


async def test_a_lost_connection_is_shown_and_comes_back(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base, expected=(NETWORK,))
    await become(page, "张伟")
    polls = re.compile(r"/webchat/api/messages\?")
    await page.route(polls, lambda route: route.abort())
    await say(page, "/帮助")  # its answer ends the poll under way
    link = page.locator("#link-state")
    await expect(link).to_have_attribute("data-state", "down")
    await expect(link).to_contain_text("重连")
    await page.unroute(polls)
    await link.get_by_role("button", name="马上重连").click()
    await expect(link).to_have_attribute("data-state", "live")
    await say(page, REPORT)
    await draft(page)


async def test_the_clock(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base, expected=(NETWORK,))
    await become(page, "张伟")
    await expect(page.locator("#clock-now")).to_have_text("2026年9月22日 周二 10:02")
    await page.get_by_role("button", name="到下一个工作日早上").click()
    strip = page.locator("#strip")
    await expect(strip).to_contain_text("已到 9月23日 周三 08:30")
    await expect(strip).to_contain_text(re.compile(r"办理 \d+ 项定时任务，发出 \d+ 条消息"))
    await expect(page.locator("#clock-now")).to_have_text("2026年9月23日 周三 08:30")
    await page.fill("#clock-to", "2026-09-28T08:30")
    await page.get_by_role("button", name="拨到").click()
    await expect(strip).to_contain_text("已到 9月28日 周一 08:30")
    await expect(card(page, "ZD0108")).to_contain_text("红灯")
    await strip.get_by_role("button", name="看发出的消息").click()
    await expect(page.locator("#all-list .sent", has_text="钱文海").first).to_contain_text("ZD0108")
    await page.keyboard.press("Escape")
    await page.fill("#clock-to", "2026-09-01T08:30")
    await page.get_by_role("button", name="拨到").click()
    await expect(strip).to_contain_text("时钟只能往前走")


async def test_files_go_along(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await become(page, "张伟")
    picture = FilePayload(name="现场 1.png", mimeType="image/png", buffer=PNG)
    await page.set_input_files("#private-files", picture)
    await expect(page.locator("#private-composer .chip")).to_contain_text("现场 1.png")
    await page.get_by_role("button", name="去掉附件 现场 1.png").click()
    await expect(page.locator("#private-composer .chip")).to_have_count(0)
    await page.set_input_files("#private-files", picture)
    await say(page, REPORT)
    await draft(page)
    await expect(page.locator("#private-log .line.own").last).to_contain_text("现场 1.png")
    await expect(page.locator("#private-composer .chip")).to_have_count(0)
    stored = await city.rows("SELECT size FROM stored_files")
    assert [row["size"] for row in stored] == [len(PNG)]


async def test_in_a_group_the_bot_is_addressed(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await become(page, "李娜")
    await page.select_option("#group-select", "白石县")
    await say(page, "循环园累计完成9600万，1号道路完成水稳层", pane="group")
    await expect(page.locator("#group-log .line.own .bubble")).to_have_text(re.compile("^@助手 循环园"))
    shown = await draft(page, pane="group")
    await expect(shown).to_contain_text("9600")
    await become(page, "钱文海")
    await shown.get_by_role("button", name="确认").click()
    await expect(page.locator("#private-log .line.bot").last).to_contain_text(
        "李娜"
    )  # only she may (rule C2)
    await expect(card(page, "ZD0108")).to_contain_text("8600")


async def test_a_button_that_needs_words_asks_for_them(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base)
    await become(page, "张伟")
    await say(page, REPORT)
    await draft(page)
    original = await page.evaluate("() => fetch('/webchat/api/messages').then((answer) => answer.json())")
    seq = original[-1]["seq"]

    async def with_prompt(route: Route) -> None:
        answer = await route.fetch()
        messages = await answer.json()
        for message in messages:
            for action in message["actions"]:
                action["prompt"] = "请写明原因"
        await route.fulfill(response=answer, json=messages)

    await page.route(re.compile(r"/webchat/api/messages\?"), with_prompt)
    pressed: list[dict[str, Any]] = []

    async def pretend(route: Route) -> None:
        pressed.append(body_of(route))
        await route.fulfill(status=202, json={})

    await page.route(re.compile("/webchat/api/actions"), pretend)
    await page.reload()
    shown = await draft(page)
    button = shown.get_by_role("button").first
    await button.click()
    await expect(shown.get_by_label("请写明原因")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(shown.get_by_label("请写明原因")).to_have_count(0)
    await expect(button).to_be_focused()
    await button.click()
    await page.keyboard.press("Enter")
    assert pressed == []  # nothing was written
    await page.keyboard.type("设备到货晚了两周")
    await page.keyboard.press("Enter")
    await expect(page.locator("#private-log .press-note")).to_contain_text("设备到货晚了两周")
    assert (pressed[0]["from"], pressed[0]["seq"], pressed[0]["input"]) == ("张伟", seq, "设备到货晚了两周")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(city: City, open_page: OpenPage, scheme: str) -> None:
    page = await open_page(city.base, scheme=scheme)
    assert await page.evaluate(CONTRAST) == []
    await become(page, "张伟")
    await say(page, REPORT)
    await (await draft(page)).get_by_role("button", name="确认").click()
    await expect(card(page, "ZX0031")).to_contain_text("绿灯")
    assert await page.evaluate(CONTRAST) == []
    await card(page, "ZX0031").click()
    await expect(page.locator("#ledger-record")).to_contain_text("入账记录")
    await page.click("#open-all")
    assert await page.evaluate(CONTRAST) == []


async def test_another_database_is_noticed(city: City, open_page: OpenPage) -> None:
    page = await open_page(city.base, expected=(NETWORK,))
    await become(page, "张伟")
    await say(page, REPORT)
    await draft(page)
    link = page.locator("#link-state")

    async def emptied(route: Route) -> None:
        await route.fulfill(json=[])

    await page.route(re.compile("/webchat/api/messages"), emptied)
    await page.reload()
    await expect(link).to_have_attribute("data-state", "live")
    await expect(page.locator("#private-log .line")).to_have_count(0)
    await expect(page.locator("#private-title")).to_contain_text("张伟")  # who you are does not change


async def test_the_token_is_asked_for(city: City, open_page: OpenPage) -> None:
    await city.stop()
    settings = city.settings.model_copy(update={"webchat": WebchatSettings(token=SecretStr("geheim-7"))})
    async with running(settings) as product:
        runner = web.AppRunner(build(product), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            page = await open_page(address, expected=(NETWORK,), ready=False)
            dialog = page.locator("#token-dialog")
            await expect(dialog).to_be_visible()
            box = await dialog.bounding_box()
            assert box is not None
            assert box["height"] < 300  # as tall as what it asks, not as the window
            await page.keyboard.type("falsch")
            await page.keyboard.press("Enter")
            await expect(dialog.get_by_role("alert")).to_have_text(
                "口令不对，请再输一次；忘了请问系统管理员。"
            )
            await page.keyboard.type("geheim-7")
            await page.keyboard.press("Enter")
            await expect(page.locator("#link-state")).to_have_attribute("data-state", "live")
            await expect(dialog).to_be_hidden()
            (cookie,) = await page.context.cookies()
            assert (cookie["name"], cookie["sameSite"]) == ("webchat_token", "Strict")
            await page.reload()
            await expect(page.locator("#link-state")).to_have_attribute("data-state", "live")
            await page.context.close()
        finally:
            await runner.cleanup()

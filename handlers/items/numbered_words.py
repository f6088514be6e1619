"""A sentence that names an item by its number: what it means depends on who says it and where the item stands.

No rule gives it the force of a verb: whoever may decide is told how to say it (rules B10, C16).
"""

from __future__ import annotations

import re
from typing import Final

from handlers import item_access
from handlers.context import Context
from handlers.dispatches import dispatch_drafts, dispatch_words
from handlers.items import (
    item_actions,
    item_cards,
    item_closing,
    item_decisions,
    item_feedback,
    item_flow,
    item_reopening,
    item_search,
    province_reports,
)
from handlers.understanding.asking import is_question
from handlers.understanding.reading import Intent, Reading
from models.errors import Invalid
from models.operations import item_extensions as extensions
from models.queries import item_history, item_parties, item_tasks
from models.queries import items as item_queries
from models.rules.escalation import PROVINCE
from models.rules.items import ItemAct, Party
from models.rules.province import says_sent
from models.tables.items import Item
from models.types import ItemState

SHORT: Final = 12  # characters of a question where an item is
_AT_WORK: Final = frozenset({ItemState.AWAITING_RECEIPT.value, ItemState.IN_PROGRESS.value})
_DECIDE: Final = frozenset({Party.HUB, Party.HUB_HEAD, Party.SUPERVISOR})
# 「办完了」, 「文号 …」 of who has an item in hand: which item and how to hand it in is said (rules C16, F9).
_DONE_ALONE: Final = re.compile(
    r"\s*(?:那个?|这个?|上次的?|问题|事项?|事情|我们|我局|已经?|都|全部?)*"
    r"(?:(?:办|处理|解决|落实|整改)(?:完成?|好|结|妥|掉)?(?:成|毕|到位)?(?:了|啦)|(?:办|处理|整改)(?:完毕|结|完成)|搞定了?)[\s。.!！]*"
    r"|\s*(?:批复)?文号\s*[:：]?\s*\S.{3,40}"
)
_WHY_REFUSED: Final = re.compile(
    r"[\s，,]*(?:我们?的?|上次的?|办结|反馈|为(?:什么|何|啥)|怎么|又|会|被|审核|凭什么)*+(?:不(?:给|能|让)?通过|没(?:有)?通过|不采纳|(?:被)?退回(?:来|了)*+)"
    r"(?:的|是什么|什么|原因|理由|了|呢|啊|是|啥)*+[\s?？。]*"
)
_HUB: Final = frozenset({Party.HUB, Party.HUB_HEAD})
_HANDED_OUT: Final = re.compile(r"标签|督办专员|责任人|责任单位|办结时限|时限|推进措施|目标任务|协办")
_URGES: Final = re.compile(r"^\s*(?:请|催|让|叫|麻烦|帮忙|督促|尽快|抓紧)|催(?:一下|一催|办|促)")
# 「W0186还没动静，急死了」 of somebody who does not work on it asks how it stands.
_COMPLAINS: Final = re.compile(
    r"(?:还|一直|都|至今|到现在|怎么)(?:还|一直|都|是){0,4}(?:没有?|未)(?:人|一?点|什么|任何|个){0,4}"
    r"(?:动静|消息|回音|回复|下文|管|理|进展|结果|着落|解决|办)"
    r"|^[\s，,]*(?:这个?(?:问题|事项?|件)?|问题|此事|根本|并|实际上?)*+(?:没有?|未)(?:得到|真正|彻底|完全|有效)*(?:解决|办好|办成)"
    r"|^[\s，,]*(?:很|太|特别|非常|比较|真|挺|十分)?(?:着)?急(?:死)?[了啊呀\s。.!！]*$|急死|太慢|拖(?:着|了|太久|到现在)"
)
# Of who raised it: no verb takes an item back.
_TAKES_BACK: Final = re.compile(
    r"[\s，,]*+(?:这个?[件条]?|我|先|要|想|请)*(?:取消|撤销|撤回|作废|删除?|收回)(?:了|吧|掉)*[\s。.!！]*"
    r"|[\s，,]*+(?:(?:[报写填发弄提]错了?|重复[报提]?了?|问题)[\s，,]*+)?(?:先|就|都)*"
    r"(?:不要了?|不[报提办]了|作废|取消|撤回)[吧了\s。.!！]*"
    r"|[\s，,]*+[报写填发弄提]错了[\s。.!！]*"
)
# 「W0186 这个不归我们管，应该是自然资源局」 of the 责任单位, which has signed for it.
_NOT_OURS: Final = re.compile(
    r"[\s，,]*(?:这个?(?:事项|问题|件)?|此事|该事项|问题)?(?:已经?|根本|其实|都)?"
    r"(?:不归|不属于?|不该|不由|不应该?由?|不是)(?:我们?|本|俺们?|[\u4e00-\u9fff]{0,6}局)(?:[局县委办区]|单位|部门)?的?"
    r"(?:管|办|负责|职责|职能|事权|范围|事)?"
)
# 「W0191交给林业局苏静办，措施现场踏勘，马德胜盯着」 of 综合专班 while the item waits to be handed out.
_HANDS_OUT: Final = re.compile(
    r"^\s*(?:这个?(?:问题|事项|件)?|此事)?(?:就|直接|现)?(?:改[为由给成]|换[成为给]|交办?(?=给)|[转派分](?=给)|交办(?:至|到)?|由(?=[\u4e00-\u9fff]{2,20}(?:牵头|负责|主办|办理))"
    r"|请(?=[\u4e00-\u9fff]{1,12}(?:局|委|办|公司|[县区])(?:牵头|负责|主办|承办|办理?)(?:$|[\s，,。;；])))"
)
# 「W0186可以销号了，批文 …」: of the 责任单位 it hands in the 办结, of 综合专班 it asks for the verb (rules C16, F9).
_DONE_WITH: Final = re.compile(
    r"^\s*(?:现在|已经?|都|我们)*(?:可以|具备条件|可)(?:申请)?(?:办结)?销号(?:条件)?[了吧]*(?=$|[\s，,。;；！!])[\s，,。;；！!]*"
)
_MERGES_INTO: Final = re.compile(r"并(?:到|入|进|至)\s*(?P<number>县?\s*[WwＷｗ]\s*\d{1,6})")
_LEADERS_WORDS: Final = re.compile(r"\s*[一-鿿]{1,4}(?:副?市长)?(?:已|作出|的)?批示\s*[:：,，]?")
_PROVINCE_SAYS: Final = re.compile(r"^\s*省[^，,。；;\s]{0,8}?(?:批复|答复|回复|复函|复)")
# 「W0186的反馈不行，没写日期」, when it has been ruled on already.
_RULES_ON: Final = re.compile(
    r"(?:反馈|办结|延期|材料).{0,4}(?:不行|可以|不合格|合格|不够|太简单)|^(?:不行|可以|不合格|合格|太简单)|采纳|退回|同意|通过"
)
_NODS: Final = re.compile(
    r"(?:可以|行|没问题|好|同意|不行|不可以|不合格|合格|[了的吧啊])++[，,\s]*+(?:通过|采纳|退回)?[了吧。!！\s]*"
)
# Of the 责任单位, before it has signed: 「收到，W0191我们签收了」; 「W0191请退回，…」.
_SIGNS: Final = re.compile(
    r"\s*+(?:收到|好的?)?[，,\s]*+(?:我们?|我单位|本单位|我局|已经?|现|确认|同意|予以)*签收(?:了|啦)?[，,。!！\s]*+"
    r"(?:谢谢|请放心|(?:我们?|马上|尽快|抓紧|立即)*(?:办理?|落实|安排))?[。!！\s]*+"
)
_SENDS_BACK: Final = re.compile(
    r"\s*(?:这[个件条])?(?:请|申请|要求|我们?|先)*退(?:回|给综合专班)(?:吧|处理)?(?=[，,。；;\s]|$)[，,。；;\s]*"
)


def from_reading(context: Context, reading: Reading, text: str) -> bool:
    """A sentence that names an item: its card, or a feedback draft; False without an item."""
    number = next((found for one in reading.item_refs if (found := item_queries.normal_number(one))), None)
    if number is None:
        return False
    said = item_feedback.MENTION.sub("", text, count=1).strip()
    if len(said) <= SHORT and item_flow.ASKED.search(said):
        item_search.show_numbered(context, number, standing=True)
        return True
    if (
        _handed_out(context, number, said)
        or _done_with(context, number, said)
        or _received(context, number, said)
    ):
        return True
    complains = _COMPLAINS.search(said) is not None
    if complains or _URGES.search(text) or _URGES.match(said):
        item = item_access.item(context, number)
        mine = item_access.parties(context, item)
        asked_back = Party.RAISER in mine and item_history.waits_for_more(context.session, item.id)
        if Party.RESPONSIBLE not in mine and not asked_back:
            if complains and item.state == ItemState.CLOSED.value and Party.RAISER in mine:
                item_reopening.effect_hinted(context, "效果")
                raise Invalid(f"{number} 已办结销号", mend=f"没有解决的请回：重开 {number} 原因")
            item_decisions.told_of_item(context, item, said)
            item_flow.show(context, item)  # who urges others is told where it is and who holds it (rule C16)
            return True
        if not complains:
            _of_a_leader(context, item, said)
    if not said or Intent.QUERY in reading.intents or (len(said) <= SHORT and is_question(said)):
        item_search.show_numbered(context, number)
    elif not _of_another(context, item_access.item(context, number), reading, said):
        item_feedback.start(context, number, said)
    return True


def hinted(context: Context, text: str) -> None:
    """「可以」 of whom a decision waits for, 「这不归我们」 of who is asked to sign: raises Invalid that says how."""
    if context.group is not None:
        return
    if _DONE_ALONE.fullmatch(text) is not None and (mine := _in_hand(context)):
        one = mine[0].number
        raise Invalid(
            f"还没有报办结：{'、'.join(item.number for item in mine)}",
            mend=f"办完的请回：办结 {one} 办理结果 文号 …（没有文号请附文件）",
        )
    if _NODS.fullmatch(text.strip()) is not None:
        for item in item_cards.open_visible(context):
            if Party.SUPERVISOR not in item_access.parties(context, item):
                continue
            if (waiting := _decisions_waiting(context, item)) is not None:
                raise Invalid(f"{item.number} 等您{waiting[0]}", mend=f"请回：{waiting[1]}")
    if _NOT_OURS.match(text) is not None and not is_question(text):
        waits = [one for one in item_cards.open_visible(context) if _is_to_be_signed(context, one)]
        if waits:
            raise Invalid(
                f"还没有退回：{'、'.join(one.number for one in waits)}",
                mend=f"不属本单位职责的请回：退回 {waits[0].number} 原因 建议单位",
            )


def why_refused(context: Context, text: str) -> bool:
    """「为什么不通过」: the items in the sender's hands that were sent back, with their last steps and the reasons."""
    if context.group is not None or _WHY_REFUSED.fullmatch(text) is None:
        return False
    back = [
        one
        for one in _in_hand(context)
        if one.refusals or item_history.was_sent_back(context.session, one.id)
    ]
    for item in back:
        item_cards.show(context, item)
    return bool(back)


def _in_hand(context: Context) -> list[Item]:
    """Items that the sender's unit works on."""
    return [
        one
        for one in item_cards.open_visible(context)
        if one.state == ItemState.IN_PROGRESS.value and Party.RESPONSIBLE in item_access.parties(context, one)
    ]


def _is_to_be_signed(context: Context, item: Item) -> bool:
    return item.state == ItemState.AWAITING_RECEIPT.value and Party.RESPONSIBLE in item_access.parties(
        context, item
    )


def _of_a_leader(context: Context, item: Item, said: str) -> None:
    """「请苏静今天务必反馈」 of the unit's own 带班领导 may be an order to its people: which it is must be said."""
    if _URGES.match(said) and context.sender in item_parties.leaders(context.directory, item):
        raise Invalid(
            "要批示请写明「批示」",
            mend=f"请回：批示 {item.number} {said[:60]}；是本单位反馈的请回：反馈 {item.number} {said[:60]}",
        )


def _handed_out(context: Context, number: str, said: str) -> bool:
    """「W0191交给林业局苏静办」, 「W0191 措施…，责任人…」 of 综合专班 while the item waits to be handed out."""
    hands = _HANDS_OUT.match(said)
    if (hands is None and not dispatch_words.is_about(said)) or is_question(said):
        return False
    item = item_access.item(context, number)
    mine = item_access.parties(context, item)
    if item.state != ItemState.SCREENING.value:
        return False
    if _HUB.isdisjoint(mine):
        if hands is not None and Party.SUPERVISOR in mine:
            item_access.desk_for(context, item, ItemAct.DISPATCH)  # says who may (rule B10)
        return False
    dispatch_drafts.start(context, item, said[hands.end() :] if hands is not None else said)
    return True


def _received(context: Context, number: str, said: str) -> bool:
    """签收 and 退回 among other words, of who is asked for one of them (rules F3, F4)."""
    back = _SENDS_BACK.match(said)
    if back is None and ("签收" not in said or _SIGNS.fullmatch(said) is None):
        return False
    item = item_access.item(context, number)
    waits = item.state == ItemState.AWAITING_RECEIPT.value
    if not waits or Party.RESPONSIBLE not in item_access.parties(context, item) or is_question(said):
        return False
    if back is not None:
        item_actions.send_back_item(context, item, said[back.end() :])
    else:
        item_actions.receive_item(context, item)
    return True


def _done_with(context: Context, number: str, said: str) -> bool:
    """「可以销号了」 of the 责任单位 is 报办结; of others the verb is asked for."""
    done = _DONE_WITH.match(said)
    if done is None or is_question(said):
        return False
    item = item_access.item(context, number)
    if Party.RESPONSIBLE in item_access.parties(context, item):
        item_access.desk_for(context, item, ItemAct.SUBMIT)
        item_closing.start(context, item, said[done.end() :])
        return True
    item_access.desk_for(context, item, ItemAct.CLOSE)
    raise Invalid("销号请写明动作", mend=f"请回：销号 {item.number}")


def _of_another(context: Context, item: Item, reading: Reading, said: str) -> bool:
    """What somebody says of an item who does not work on it, other than a feedback; False where it is none of this.

    Raises Invalid for several items at once, and for changes of what was handed out.
    """
    mine = item_access.parties(context, item)
    if Party.RESPONSIBLE in mine:
        if item.state == ItemState.IN_PROGRESS.value and _NOT_OURS.match(said):
            raise Invalid(
                f"{item.number} 已签收，由您单位办理，不能再退回",
                mend=f"要换单位办理请与督办专员商定；作为反馈上报请回：反馈 {item.number} {said[:60]}",
            )
        return False
    if Party.RAISER in mine and _TAKES_BACK.fullmatch(said):
        raise Invalid(
            f"{item.number} 已登记，不能自行撤回",
            mend=f"不办了、报错了请告知综合专班；查看：/查 {item.number}",
        )
    if is_question(said):
        item_flow.show(context, item)
        return True
    item_decisions.told_of_item(context, item, said)
    if Party.RAISER in mine and item.state == ItemState.SCREENING.value:
        item_actions.start_supplement(context, item, said)  # a draft that the raiser confirms
        return True
    if Party.HUB in mine and says_sent(said):
        province_reports.enter_sent(context, item, said)  # 「W0190已报省，文号 …」
        return True
    if Party.HUB in mine and item.level >= PROVINCE and _PROVINCE_SAYS.match(said):
        raise Invalid("登记省级批复请写明「批示」", mend=f"请回：批示 {item.number} {said[:60]}")
    if Party.SUPERVISOR in mine and item_reopening.due_of_item(context, item, said):
        return True
    several = len({item_queries.normal_number(one) for one in reading.item_refs} - {None}) > 1
    if several and not mine.isdisjoint(_DECIDE):
        numbers = list(dict.fromkeys(filter(None, map(item_queries.normal_number, reading.item_refs))))
        if ("合并" in said or "重复" in said) and len(numbers) == 2:
            into = _MERGES_INTO.search(said)
            if into is None:
                raise Invalid("没看清合并到哪一件", mend=f"例：合并 {numbers[0]} 到 {numbers[1]}")
            numbers.sort(key=lambda one: one == item_queries.normal_number(into["number"]))
            raise Invalid("合并请写明动作", mend=f"请回：合并 {numbers[0]} 到 {numbers[1]}")
        raise Invalid("一条消息请只办一件", mend=f"请分开发，例：采纳 {item.number}")
    if Party.HUB in mine and _LEADERS_WORDS.match(said):
        raise Invalid("录入市领导批示要用指令", mend=f"请写全姓名后回：批示 {item.number} {said[:60]}")
    if Party.HUB in mine and "标签" in said:
        item_actions.set_tags(context, item, said)
        return True
    if Party.HUB in mine and _HANDED_OUT.search(said):
        raise Invalid(
            f"{item.number} 的交办内容不能直接改",
            mend=f"加协办：/协办 {item.number} 单位 任务；改时限由责任单位发 /延期 {item.number}；换人用 /交接",
        )
    for task in item_tasks.tasks_of(context.session, item.id):
        if Party.RESPONSIBLE in item_access.parties(context, task) and task.state in _AT_WORK:
            raise Invalid(
                f"{item.number} 由批示任务承办", mend=f"请反馈您的任务，例：{task.number} {said[:30]}"
            )
    if Party.RAISER in mine and item.state == ItemState.CLOSED.value:
        item_reopening.effect_hinted(context, said)
    if Party.SUPERVISOR in mine and (waiting := _decisions_waiting(context, item)):
        raise Invalid(f"{item.number} 等您{waiting[0]}", mend=f"请回：{waiting[1]}")
    if Party.SUPERVISOR in mine and _RULES_ON.search(said):
        raise Invalid(f"{item.number} 现在没有等您审核、审批的", mend=f"查看：/查 {item.number}；待办：/我的")
    return False


def _decisions_waiting(context: Context, item: Item) -> tuple[str, str] | None:
    """What waits for the 督办专员 and how to say it; a sentence decides nothing (rule C16)."""
    if item.state == ItemState.UNDER_REVIEW.value:
        return "审核办结", f"通过 {item.number}，或 不通过 {item.number} 原因"
    if item_history.feedback_under_review(context.session, item.id) is not None:
        return "审核反馈", f"采纳 {item.number}，或 退回 {item.number} 原因"
    request = item_tasks.extension_waiting(context.session, item.id)
    if request is not None and context.sender in extensions.deciders(context.desk, item, request):
        return "审批延期", f"同意 {item.number}，或 不同意 {item.number} 原因"
    return None

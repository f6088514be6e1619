"""The table of labels: every word on a button that people type, and what it does where no card offers it (rule C18).

确认, 取消, 修改 and numbered choices are understood without this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers.dispatches import dispatch_drafts
from handlers.items import grave_items, item_actions, item_decisions, item_reopening
from handlers.typed import item_verbs
from handlers.typed.item_verbs import pressed
from handlers.verbs import Label, Order
from models.rules.items import MOVES, ItemAct, Party

_FIRST: Final = Order.NUMBER_FIRST
_BY_CARD: Final = frozenset[Party]()  # a card knows who may
# What needs nothing but the card that offers it.
_PRESSED: Final = (
    "反馈 办结 延期 重开 完成协办 免除协办 批示 确认合并 不合并 合并 不是 历史 问题 上报记录 上报 提交 看未完成 更多 "
    "导出 导出docx 从台账生成 取消代理 已转报 修改症结 去掉附件 附上 全部不导入 排序 报市攻坚办 同意议题 退回议题 "
    "回填文号 登记省级批复 继续办理 改报市级 改为县级办理 生成会议纪要 签发 不发 送核稿 退回修改 提交小结 补充计划 "
    "改登记 改为今年累计 改为开工以来累计"
)


def _of(act: ItemAct) -> frozenset[Party]:
    return MOVES[act].parties


LABELS: Final = (
    # Rulings, which may name what they rule on.
    Label(
        "采纳", item_verbs.accept, item_verbs.accept_of_light, _of(ItemAct.REVIEW_FEEDBACK),
        of_object=True, wordless=True, order=_FIRST,
    ),
    Label("不采纳", of_light=item_verbs.give_back_of_light, of_object=True, order=_FIRST, else_as=("退回",)),
    Label("同意采纳", of_light=item_verbs.accept_of_light, same_as="采纳"),
    Label("予以采纳", of_light=item_verbs.accept_of_light, same_as="采纳"),
    Label(
        "退回", of_light=item_verbs.give_back_of_light, of_object=True, awaited=True,
        else_as=("退回综合专班",),
    ),
    Label(
        "通过", pressed(item_actions.approve), item_verbs.accept_of_light, _of(ItemAct.APPROVE),
        of_object=True, wordless=True, order=_FIRST,
    ),
    Label(
        "审核通过", pressed(item_actions.approve), decides=_of(ItemAct.APPROVE),
        of_object=True, wordless=True, order=_FIRST, same_as="通过",
    ),
    Label(
        "审核不通过", pressed(item_actions.fail), decides=_of(ItemAct.FAIL),
        of_object=True, order=_FIRST, same_as="不通过",
    ),
    Label(
        "不通过", pressed(item_actions.fail), item_verbs.give_back_of_light, _of(ItemAct.FAIL),
        of_object=True, order=_FIRST,
    ),
    Label(
        "同意", item_verbs.agree, item_verbs.agree_of_project, _of(ItemAct.DECIDE_EXTENSION),
        of_object=True, wordless=True, order=_FIRST, else_as=("同意提级", "采纳"),
    ),
    Label(
        "不同意", item_verbs.refuse, item_verbs.refuse_of_project, _of(ItemAct.DECIDE_EXTENSION),
        of_object=True, order=_FIRST, else_as=("不提级", "退回"),
    ),
    # Steps of an item.
    Label("不予受理", pressed(item_actions.reject), decides=_of(ItemAct.REJECT), order=_FIRST | Order.LAST),
    Label("退回补充", pressed(item_actions.ask_more), order=_FIRST | Order.LAST),
    Label("补充", pressed(item_actions.supplement)),
    Label("改交办", dispatch_drafts.start, order=_FIRST),
    Label("裁定", dispatch_drafts.start, order=_FIRST),
    Label("定为特别重大", pressed(grave_items.press_grave), decides=_BY_CARD, order=_FIRST),
    Label(
        "特别重大", pressed(grave_items.press_grave), decides=_BY_CARD, order=_FIRST, same_as="定为特别重大",
    ),
    Label("按一般处理", pressed(grave_items.press_ordinary), decides=_BY_CARD, order=_FIRST),
    Label("召开专项协调", pressed(item_decisions.press_convene), decides=_BY_CARD, order=_FIRST),
    Label("退回综合专班", pressed(item_decisions.press_send_down), decides=_BY_CARD, order=_FIRST),
    Label("定时限", pressed(item_reopening.set_due), decides=_BY_CARD, order=_FIRST),
    Label("有效", pressed(item_reopening.effective), decides=_BY_CARD, order=_FIRST),
    Label("反弹", pressed(item_reopening.rebound), decides=_BY_CARD, order=_FIRST | Order.TOLD),
    # Steps for which a card has to wait.
    Label("受理", decides=_BY_CARD, order=_FIRST),
    Label("退回县级", decides=_BY_CARD, order=_FIRST),
    Label("退回下级", order=_FIRST),
    Label("同意提级", of_light=item_verbs.raise_of_light, decides=_BY_CARD, order=_FIRST),
    Label("不提级", of_light=item_verbs.keep_of_light, decides=_BY_CARD, order=_FIRST),
    Label("暂不提级", of_light=item_verbs.keep_of_light, decides=_BY_CARD, same_as="不提级", order=_FIRST),
    Label("确认时限", decides=_BY_CARD, order=_FIRST),
    Label("改时限", decides=_BY_CARD, order=_FIRST),
    *(
        Label(word, awaited=True)
        for word in ("已阅", "稍后", "签收", "销号", "交办", "发布", "报签", "核稿通过", "无异议")
    ),
    Label("异议", awaited=True, of_list=True),
    Label("加入", of_list=True),
    Label("移除", of_list=True),
    Label("不是重复", same_as="不是"),
    *map(Label, _PRESSED.split()),
)  # fmt: skip
# Labels with a name or a number in them, by what they begin with; 查看 in front of a name asks for the ledger instead.
FORMS: Final = {
    "合": r"合并到\s?W\d{1,6}",
    "提": r"提级\s?\d级",
    "应能": r"(?:应[办保报开]尽[办保报开]|能快尽快)\s?清单",
    "查": r"查看(?=\s*$)",
}
OF_WORD: Final[Mapping[str, Label]] = {label.word: label for label in LABELS}

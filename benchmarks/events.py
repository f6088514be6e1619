"""The events that every contestant is given: reports of 40 liaisons about their own projects.

Standard library only, because the load generator imports it.
"""

from __future__ import annotations

import json
from typing import Final

PLACES: Final = (
    "东关", "西岭", "南湖", "北坡", "石桥", "柳沟", "槐荫", "桃源", "梅岭", "竹林",
    "松岗", "榆树湾", "枣园", "梨花", "杏坛", "荷塘", "菊潭", "兰亭", "桂山", "棠溪",
    "龙泉", "凤栖", "虎跃", "鹿鸣", "鹤鸣", "雁门", "鹰嘴", "马头", "牛角", "羊坪",
    "金沙", "银河湾", "铜鼓", "铁岭", "玉泉", "珠江里", "翠屏", "丹阳", "紫荆", "青云",
)  # fmt: skip
KINDS: Final = (
    "污水处理厂",
    "实验小学",
    "人民医院",
    "快速通道",
    "灌区改造",
    "变电站",
    "产业园区",
    "供水管网",
)
SURNAMES: Final = "邹喻柏窦章葛范岑薛雷贺倪汤殷毕郝邬安常乐傅卞齐康伍余元卜顾孟平和穆萧尹姚邵湛汪祁"
SENDERS: Final = len(PLACES)
FIRST_WAN: Final = 10_000
"""The figure of each project in the ledger before the run, in 万元."""
TOTAL_WAN: Final = 900_000
PLAN_WAN: Final = 600_000
PATH: Final = "/webchat/api/messages"

_TEXT: Final = (
    "{project}进展情况报告。截至目前，{project}今年累计完成投资{wan}万元。"
    "形象进度：主体结构施工基本完成，设备安装正在进行，室外管线开始敷设，道路基层完成摊铺，绿化苗木陆续进场，"
    "监理单位每日旁站，质量和安全总体受控。项目部严格执行夜间施工管理要求，裸露土方全部覆盖，出入口设有冲洗设施，"
    "扬尘在线监测数据正常，农民工工资专户管理、按月足额发放。参建各方坚持周例会制度，"
    "逐项核对工序衔接，材料进场验收合格，关键部位留有影像资料，竣工档案同步整理。下一步将抓紧设备调试和管线收尾，"
    "合理安排雨季施工，确保工程质量，力争早日建成投用、早日发挥效益，以实际成效服务群众生产生活。"
)


def person(sender: int) -> str:
    """The name of a liaison; sender counts from 0 to SENDERS - 1."""
    return f"{SURNAMES[sender]}{'文明德志新建国光'[sender % 8]}{'华强军平东林山海'[sender // 8]}"


def unit(sender: int) -> str:
    return f"{PLACES[sender]}建设服务中心"


def code(sender: int) -> str:
    return f"CS{sender + 1:04d}"


def project(sender: int) -> str:
    return f"{PLACES[sender]}{KINDS[sender % len(KINDS)]}工程"


def text(number: int) -> str:
    """What event number says: the sender's own project, a little more than the time before. About 0.9 kB."""
    sender = number % SENDERS
    return _TEXT.format(project=project(sender), wan=FIRST_WAN + 1 + number // SENDERS)


def settled(number: int) -> str:
    """What message number says where liaisons also settle what they are shown: a round of reports, one of each
    sender, then a round of answers to the drafts. Every fifth draft is cancelled.
    """
    turn, sender = divmod(number, SENDERS)
    if turn % 2 == 0:
        return text(turn // 2 * SENDERS + sender)
    return "取消" if cancels(number) else "确认"


def cancels(number: int) -> bool:
    turn, sender = divmod(number, SENDERS)
    return turn % 2 == 1 and (turn // 2 + sender) % 5 == 0


def message_id(run: str, number: int) -> str:
    """Random-looking, as platforms give them; unique within a database for unlike runs."""
    return f"om_{run}_{number * 2654435761 % 2**32:08x}{number:07d}"


def body(run: str, number: int, *, settling: bool = False) -> bytes:
    """The JSON of one event as the web chat API takes it."""
    return json.dumps(
        {
            "from": person(number % SENDERS),
            "chat": "private",
            "text": settled(number) if settling else text(number),
            "message_id": message_id(run, number),
        },
        ensure_ascii=False,
    ).encode()


def request(content: bytes, port: int) -> bytes:
    """The whole HTTP request."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content

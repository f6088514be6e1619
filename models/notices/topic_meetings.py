"""The list for the monthly 专题会议 of the 常务副市长 (rules G2, M1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.notices.base import Action, Notice
from models.types import Subject


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic: number of the item or code of the project, what it is about, why, who reports on it."""

    name: str
    title: str
    why: str
    unit: str


@dataclass(frozen=True, slots=True)
class AboutMeeting:
    """What notices about one list share. month: 1–12."""

    meeting_id: int
    version: int
    month: int

    @property
    def label(self) -> str:
        return f"{self.month}月专题"

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The list as this card shows it: its places mean nothing on a later one."""
        return (("list", f"{self.meeting_id}.{self.version}"),)

    @property
    def about(self) -> Subject | None:
        return Subject("topic_meeting", self.meeting_id)


@dataclass(frozen=True, slots=True)
class TopicList(AboutMeeting, Notice):
    """The proposed list, to 综合专班. act: what was just done, may be empty. state: draft, reported, approved."""

    mergeable: ClassVar[bool] = False

    topics: tuple[TopicLine, ...]
    removed: tuple[str, ...]
    state: str
    act: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        if self.state != "draft":
            return ()
        args = self.shown
        return (
            Action("加入", "topics.add", args, prompt="问题编号或项目编号，如 W0186"),
            Action("移除", "topics.remove", args, prompt="序号或编号，可写原因，如 2 已解决"),
            Action("排序", "topics.order", args, prompt="新的次序，如 2 1 3"),
            Action("报市攻坚办", "topics.report", args),
        )


@dataclass(frozen=True, slots=True)
class TopicsToApprove(AboutMeeting, Notice):
    """The list as reported, to 市攻坚办, which decides (rule G2)."""

    mergeable: ClassVar[bool] = False

    topics: tuple[TopicLine, ...]
    by: str
    level_name: str = ""
    addressee: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        args = self.shown
        return (
            Action("同意议题", "topics.approve", args),
            Action("退回议题", "topics.send_back", args, prompt="请写明退回原因"),
        )


@dataclass(frozen=True, slots=True)
class TopicsApproved(AboutMeeting, Notice):
    """The list was approved: own: the reply, else to 综合专班; skipped: topics that were over by then."""

    topics: tuple[TopicLine, ...]
    skipped: tuple[str, ...]
    by: str
    own: bool
    level_name: str = ""


@dataclass(frozen=True, slots=True)
class TopicsForLeader(AboutMeeting, Notice):
    """The approved list, to 常务副市长, who may give a 批示 on each."""

    mergeable: ClassVar[bool] = False

    topics: tuple[TopicLine, ...]
    item_ids: tuple[int, ...]
    by: str
    office: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(
            Action(
                f"批示 {line.name}",
                "item.instruct",
                (("item", item_id),),
                prompt="请谁、办什么、几月几日前报结果",
            )
            for line, item_id in zip(self.topics, self.item_ids, strict=True)
        )


@dataclass(frozen=True, slots=True)
class TopicsSentBack(AboutMeeting, Notice):
    """市攻坚办 sends the list back with a reason, to 综合专班; it can be changed again."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TopicsReported(AboutMeeting, Notice):
    """Receipt of 报市攻坚办 or of sending back. act: what was done."""

    told: str
    act: str

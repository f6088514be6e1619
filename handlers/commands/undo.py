"""/撤销 [项目]: revert the last confirmed entry within 10 minutes (rule C10)."""

from handlers import undo
from handlers.verbs import Command

COMMAND = Command(
    "撤销",
    summary="撤销最近一次入账（10分钟内）",
    usage="/撤销",
    run=undo.undo,
    aliases=("撤消", "撤回", *(f"{act}{last}" for act in ("撤销", "撤消", "撤回") for last in undo.LAST)),
    bare=True,
)

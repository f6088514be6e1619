"""The platforms, one module each. Adding one is a module and a line here."""

from bot.platforms.base import PlatformModule
from bot.platforms.matrix import MATRIX
from bot.platforms.webchat import WEBCHAT
from bot.platforms.wecom import WECOM, WECOM_AIBOT, WECOM_WEBHOOK

PLATFORMS: dict[str, PlatformModule] = {
    module.name: module for module in (WEBCHAT, WECOM, WECOM_AIBOT, WECOM_WEBHOOK, MATRIX)
}

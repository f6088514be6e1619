"""Settings from the environment and .env: read once, frozen, secrets masked. Prefix BOT_, sections joined by __."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from bot.setting_faults import HIGHEST_PORT, database_fault, env_faults, file_fault, is_address

PREFIX = "BOT_"
ENV_FILE: Final = ".env"
CLOCK_YEARS: Final = range(
    2000, 2100
)  # of the simulated clock; beside them there is no room for what lies ahead


def secret_text(value: SecretStr | None, file: Path | None) -> str | None:
    """A secret, from its setting or from the file that its …_FILE setting names."""
    if value is not None:
        return value.get_secret_value()
    return file.read_text(encoding="utf-8").strip() if file is not None else None


def split_list(value: object) -> object:
    """A comma list as a tuple of its parts; anything else as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


_KEY = re.compile(r"[A-Za-z0-9]{43}")  # of WeCom's callbacks, and their token, as its console makes them
_TOKEN = re.compile(r"[A-Za-z0-9]{1,32}")
_IN_HEADER = re.compile(r"[!-~]+")  # a secret that stands in a header of a call


class WebchatSettings(BaseModel):
    """The local web chat."""

    token: SecretStr | None = None
    token_file: Path | None = None


class WecomAppSettings(BaseModel):
    """A self-built app of WeCom: what the vendor's console shows, and what the operator chose there."""

    agent_id: int | None = Field(default=None, ge=1)
    secret: SecretStr | None = None
    secret_file: Path | None = None
    token: SecretStr | None = None
    token_file: Path | None = None
    encoding_aes_key: SecretStr | None = None
    encoding_aes_key_file: Path | None = None
    passive_seconds: float = Field(default=3.0, ge=0, le=4)

    @property
    def is_set(self) -> bool:
        found = (self.agent_id, self.secret, self.secret_file, self.token, self.token_file)
        return any(found) or bool(self.encoding_aes_key or self.encoding_aes_key_file)


class WecomAibotSettings(BaseModel):
    """An AI bot of WeCom: by callback with token and encoding_aes_key, by long connection with secret.

    names: what members call it in groups, cut off the front of what they say.
    """

    bot_id: str | None = None
    token: SecretStr | None = None
    token_file: Path | None = None
    encoding_aes_key: SecretStr | None = None
    encoding_aes_key_file: Path | None = None
    secret: SecretStr | None = None
    secret_file: Path | None = None
    names: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("names", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return split_list(value)

    @property
    def callback_token(self) -> str:
        return secret_text(self.token, self.token_file) or ""

    @property
    def callback_key(self) -> str:
        return secret_text(self.encoding_aes_key, self.encoding_aes_key_file) or ""

    @property
    def connection_secret(self) -> str:
        return secret_text(self.secret, self.secret_file) or ""

    @property
    def is_set(self) -> bool:
        return bool(self.bot_id or self.callback_token or self.callback_key or self.connection_secret)

    def problems(self) -> list[str]:
        found: list[str] = []
        where = f"{PREFIX}WECOM__AIBOT__"
        if not self.bot_id:
            found.append(f"缺少 {where}BOT_ID（智能机器人详情页的 Bot ID）")
        if not self.connection_secret and not (self.callback_token or self.callback_key):
            found.append(
                f"缺少 {where}SECRET（长连接），或 {where}TOKEN 与 {where}ENCODING_AES_KEY（URL 回调）"
            )
        if bool(self.callback_token) != bool(self.callback_key):
            missing = "ENCODING_AES_KEY" if self.callback_token else "TOKEN"
            found.append(f"缺少 {where}{missing}（URL 回调要同时填 Token 和 EncodingAESKey）")
        if self.callback_key and not _KEY.fullmatch(self.callback_key):
            found.append(f"{where}ENCODING_AES_KEY 应是 43 位字母和数字，请从管理后台重新复制")
        if self.callback_token and not _TOKEN.fullmatch(self.callback_token):
            found.append(f"{where}TOKEN 应是 32 位以内的字母和数字，请从管理后台重新复制")
        return found


class WecomSettings(BaseModel):
    """WeCom. freshness_seconds: how far the time of a callback may lie from ours. call_seconds: for one call."""

    corp_id: str | None = None
    api_base: str = "https://qyapi.weixin.qq.com"
    ws_url: str = "wss://openws.work.weixin.qq.com"
    proxy: str | None = None
    freshness_seconds: int = Field(default=300, ge=1, le=86_400)
    call_seconds: float = Field(default=10.0, gt=0, le=12)
    app: WecomAppSettings = WecomAppSettings()
    aibot: WecomAibotSettings = WecomAibotSettings()

    @property
    def channels(self) -> tuple[str, ...]:
        """What these settings switch on: a group's push address needs none of them."""
        app = ("wecom",) if self.app.is_set or not self.aibot.is_set else ()
        bot = ("wecom_aibot",) if self.aibot.is_set else ()
        return (*app, *bot, "wecom_webhook")

    @property
    def secret(self) -> str:
        return secret_text(self.app.secret, self.app.secret_file) or ""

    @property
    def token(self) -> str:
        return secret_text(self.app.token, self.app.token_file) or ""

    @property
    def encoding_aes_key(self) -> str:
        return secret_text(self.app.encoding_aes_key, self.app.encoding_aes_key_file) or ""

    @field_validator("api_base")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?", value) or not is_address(value):
            raise ValueError("应写成 https://主机，例如 https://qyapi.weixin.qq.com")
        return value.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str | None) -> str | None:
        if value and not (re.fullmatch(r"https?://[^/?#\s]+/?", value) and is_address(value)):
            raise ValueError("应写成 http://主机:端口，例如 http://10.0.0.1:3128")
        return value or None

    @field_validator("ws_url")
    @classmethod
    def _socket_address(cls, value: str) -> str:
        if not re.fullmatch(r"wss?://[^/?#@\s]+(/[^#\s]*)?", value) or not is_address(value):
            raise ValueError("应写成 wss://主机，例如 wss://openws.work.weixin.qq.com")
        return value

    def problems(self) -> list[str]:
        """Why this platform cannot run, one line each with the setting to mend; empty when it can."""
        found = self.aibot.problems() if self.aibot.is_set else []
        return [*self._app_problems(), *found] if "wecom" in self.channels else found

    def _app_problems(self) -> list[str]:
        found = [
            f"缺少 {PREFIX}WECOM__{name}（{where}）"
            for name, value, where in (
                ("CORP_ID", self.corp_id, "管理后台「我的企业」页底的企业 ID"),
                ("APP__AGENT_ID", self.app.agent_id, "自建应用页的 AgentId"),
                ("APP__SECRET", self.secret, "自建应用页的 Secret"),
                ("APP__TOKEN", self.token, "「接收消息」设置中的 Token"),
                ("APP__ENCODING_AES_KEY", self.encoding_aes_key, "「接收消息」设置中的 EncodingAESKey"),
            )
            if not value
        ]
        if self.encoding_aes_key and not _KEY.fullmatch(self.encoding_aes_key):
            found.append(f"{PREFIX}WECOM__APP__ENCODING_AES_KEY 应是 43 位字母和数字，请从管理后台重新复制")
        if self.token and not _TOKEN.fullmatch(self.token):
            found.append(f"{PREFIX}WECOM__APP__TOKEN 应是 32 位以内的字母和数字，请从管理后台重新复制")
        return found


class ModelSettings(BaseModel):
    """A language model beside the grammar; off without a url. timeout: seconds for one answer."""

    url: str | None = None
    name: str | None = None
    key: SecretStr | None = None
    key_file: Path | None = None
    timeout: float = Field(default=5.0, gt=0, le=15)

    @property
    def secret(self) -> str:
        return secret_text(self.key, self.key_file) or ""

    @field_validator("url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        form = r"https?://[^/?#@\s]+(/[^?#\s]*)?"
        if value is not None and not (re.fullmatch(form, value) and is_address(value)):
            raise ValueError("应写成 http://127.0.0.1:端口/v1 这样的地址")
        return value

    @model_validator(mode="after")
    def _named_and_near(self) -> ModelSettings:
        if self.url is None:
            return self
        if not self.name:
            raise ValueError(f"设了 {PREFIX}MODEL__URL，还缺 {PREFIX}MODEL__NAME（模型名称）")
        if self.url.startswith("http://") and not _is_near(urlsplit(self.url).hostname or ""):
            raise ValueError(f"{PREFIX}MODEL__URL 不是本机或内网地址：消息内容会离开本单位，只允许 https")
        return self


def _is_near(host: str) -> bool:
    """Whether a host is the machine itself or in a private network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


class MatrixSettings(BaseModel):
    """Matrix: the homeserver, and the two tokens of the registration file. call_seconds: for one call."""

    homeserver_url: str | None = None
    as_token: SecretStr | None = None
    as_token_file: Path | None = None
    hs_token: SecretStr | None = None
    hs_token_file: Path | None = None
    user_id: str | None = None
    call_seconds: float = Field(default=10.0, gt=0, le=12)

    @property
    def as_token_text(self) -> str:
        return secret_text(self.as_token, self.as_token_file) or ""

    @property
    def hs_token_text(self) -> str:
        return secret_text(self.hs_token, self.hs_token_file) or ""

    @field_validator("homeserver_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        form = r"https?://[^/?#@\s]+(/[^?#\s]*)?"
        if value is not None and not (re.fullmatch(form, value) and is_address(value)):
            raise ValueError("应写成 https://主机，例如 https://matrix.example.gov.cn")
        return value.rstrip("/") if value is not None else None

    @field_validator("user_id")
    @classmethod
    def _full_id(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"@[a-z0-9._=/+-]{1,100}:[A-Za-z0-9.:\[\]-]{1,150}", value):
            raise ValueError("应写成 @名字:服务器名，例如 @zhuanban:example.gov.cn")
        return value

    def problems(self) -> list[str]:
        """Why this platform cannot run, one line each with the setting to mend; empty when it can."""
        found = [
            f"缺少 {PREFIX}MATRIX__{name}（{where}）"
            for name, value, where in (
                ("HOMESERVER_URL", self.homeserver_url, "主服务器的地址"),
                ("AS_TOKEN", self.as_token_text, "自己生成的随机串，见 docs/platforms/matrix.md"),
                ("HS_TOKEN", self.hs_token_text, "自己生成的另一个随机串"),
                ("USER_ID", self.user_id, "助手的账号，如 @zhuanban:服务器名"),
            )
            if not value
        ]
        if self.as_token_text and self.as_token_text == self.hs_token_text:
            found.append(f"{PREFIX}MATRIX__AS_TOKEN 和 HS_TOKEN 不能相同：请分别生成")
        if any(0 < len(token) < 16 for token in (self.as_token_text, self.hs_token_text)):
            found.append(f"{PREFIX}MATRIX__AS_TOKEN 和 HS_TOKEN 至少 16 位：请用随机串")
        found.extend(
            f"{PREFIX}MATRIX__{name} 只能用半角字母、数字和符号，中间不能有空格或换行"
            for name, token in (("AS_TOKEN", self.as_token_text), ("HS_TOKEN", self.hs_token_text))
            if token and not _IN_HEADER.fullmatch(token)
        )
        return found


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database_url: str = "sqlite+aiosqlite:///var/zhuanban.db"
    listen: str = "127.0.0.1:8080"
    public_url: str | None = None
    timezone: str = "Asia/Shanghai"
    platforms: Annotated[tuple[str, ...], NoDecode] = ("webchat",)
    clock: Literal["real", "simulated"] = "real"
    clock_start: datetime | None = None
    data_dir: Path = Path("var")
    documents_dir: Path | None = None
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    upload_limit_mb: int = Field(default=20, ge=1, le=200)
    webchat: WebchatSettings = WebchatSettings()
    wecom: WecomSettings = WecomSettings()
    model: ModelSettings = ModelSettings()
    matrix: MatrixSettings = MatrixSettings()

    @field_validator("platforms", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return split_list(value)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if (fault := database_fault(value)) is not None:
            raise ValueError(fault)
        return value

    @field_validator("timezone")
    @classmethod
    def _one_timezone(cls, value: str) -> str:
        if value != "Asia/Shanghai":
            raise ValueError("只能是 Asia/Shanghai，或者不设")
        ZoneInfo(value)
        return value

    @field_validator("clock_start")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("请带时区，例如 2026-09-21T18:00+08:00")
        if value is not None and value.year not in CLOCK_YEARS:
            raise ValueError(
                f"年份应在 {CLOCK_YEARS[0]} 到 {CLOCK_YEARS[-1]} 之间，例如 2026-09-21T18:00+08:00"
            )
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_folder(cls, value: Path) -> Path:
        if value.is_file():
            raise ValueError(f"{value} 是文件，应是目录：请换一个目录，或移走这个文件")
        return value

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > HIGHEST_PORT:
            raise ValueError("应写成 地址:端口，例如 127.0.0.1:8080")
        return value

    @model_validator(mode="after")
    def _secrets_can_be_read(self) -> Settings:
        sections = ("webchat", "model", *self.platforms)
        found = [
            f"读不到 {PREFIX}{name} {fault}"
            for name, file in _secret_files(self)
            if name.partition("__")[0].lower() in sections and (fault := file_fault(file)) is not None
        ]
        if found:
            raise ValueError("；".join(found))
        if (key := self.model.secret) and not _IN_HEADER.fullmatch(key):
            raise ValueError(f"{PREFIX}MODEL__KEY 只能用半角字母、数字和符号，中间不能有空格或换行")
        return self

    @model_validator(mode="after")
    def _webchat_is_local(self) -> Settings:
        token = self.webchat_token
        if token is not None and not token.strip():
            raise ValueError("网页聊天口令是空的：请在口令文件里写上口令，或去掉这项设置")
        if "webchat" in self.platforms and not self.is_loopback and token is None:
            raise ValueError(
                "BOT_LISTEN 不是本机地址时，网页聊天可冒充名册中任何人：请设 BOT_WEBCHAT__TOKEN，"
                "或从 BOT_PLATFORMS 去掉 webchat"
            )
        if self.clock == "simulated" and "webchat" not in self.platforms:
            raise ValueError("BOT_CLOCK=simulated 只用于网页聊天演示：请在 BOT_PLATFORMS 中加入 webchat")
        return self

    @model_validator(mode="after")
    def _platforms_are_complete(self) -> Settings:
        found: list[str] = []
        for name in self.platforms:
            problems = getattr(getattr(self, name, None), "problems", None)
            found.extend(problems() if problems is not None else [])
        if found:
            raise ValueError("；".join(found))
        return self

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways in and out that are on; a platform may have several."""
        found: list[str] = []
        for name in self.platforms:
            found.extend(getattr(getattr(self, name, None), "channels", (name,)))
        return tuple(found)

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def webchat_token(self) -> str | None:
        """The token, from the setting or from the file that BOT_WEBCHAT__TOKEN_FILE names."""
        return secret_text(self.webchat.token, self.webchat.token_file)


def _secret_files(section: BaseModel, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """The files that secrets are read from, by the names of their settings."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _secret_files(value, f"{prefix}{name.upper()}__")
        elif name.endswith("_file") and value is not None and getattr(section, name[:-5]) is None:
            yield f"{prefix}{name.upper()}", value


def setting_names() -> tuple[str, ...]:
    """Every environment variable that is read, in the order of .env.example."""
    return tuple(f"{PREFIX}{name}" for name in _names_in(Settings))


def _names_in(section: type[BaseModel]) -> list[str]:
    names: list[str] = []
    for name, info in section.model_fields.items():
        annotation: Any = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names.extend(f"{name.upper()}__{part}" for part in _names_in(annotation))
        else:
            names.append(name.upper())
    return names


def unknown_names(environment: Mapping[str, str | None] | None = None) -> tuple[str, ...]:
    """BOT_… names that nothing reads, in the environment or in .env: most likely misspelt settings."""
    known = set(setting_names())
    given = {**dotenv_values(ENV_FILE), **os.environ} if environment is None else environment
    return tuple(sorted(name for name in given if name.startswith(PREFIX) and name not in known))


class InvalidSettings(Exception):
    """Settings that `serve` refuses; each line names the variable and the mend."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_settings(**overrides: Any) -> Settings:
    """Read the environment and .env. Raises InvalidSettings; never shows a secret's value."""
    if unreadable := list(env_faults(Path(ENV_FILE))):
        raise InvalidSettings(unreadable)
    try:
        return Settings(**overrides)
    except SettingsError as error:  # a whole section as one value
        section = re.search(r'field "(\w+)"', str(error))
        name = f"{PREFIX}{section[1].upper()}" if section else "设置"
        raise InvalidSettings([f"{name}：要逐项写成 {name}__…，见 .env.example"]) from None
    except ValidationError as error:
        lines = []
        for one in error.errors(include_input=False, include_url=False):
            name = PREFIX + "__".join(str(part) for part in one["loc"]).upper() if one["loc"] else "设置"
            lines.append(f"{name}：{_in_words(one)}")
        raise InvalidSettings(lines) from None


def _in_words(fault: ErrorDetails) -> str:
    """What is wrong with a value, without the value: it may be a secret."""
    limits = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return fault["msg"].removeprefix("Value error, ")
        case "int_parsing" | "int_parsing_size" | "int_from_float":
            return "应是整数"
        case "float_parsing":
            return "应是数"
        case "literal_error":
            choices = (
                str(limits.get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、")
            )
            return f"应为 {choices} 之一"
        case "greater_than_equal":
            return f"不能小于 {limits.get('ge')}"
        case "greater_than":
            return f"应大于 {limits.get('gt')}"
        case "less_than_equal":
            return f"不能大于 {limits.get('le')}"
        case kind if kind.startswith("datetime"):
            return "应写成 2026-09-21T18:00+08:00"
        case _:
            return "写法不对，请看 .env.example 中这一项的说明"

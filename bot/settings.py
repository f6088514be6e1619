"""Settings from the environment and .env: read once, frozen, secrets masked. Prefix BOT_, sections joined by __."""

from __future__ import annotations

import ipaddress
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "BOT_"


class WebchatSettings(BaseModel):
    """The local web chat."""

    token: SecretStr | None = None
    token_file: Path | None = None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
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
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    upload_limit_mb: int = Field(default=20, ge=1, le=200)
    webchat: WebchatSettings = WebchatSettings()

    @field_validator("platforms", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头")
        return value

    @field_validator("timezone")
    @classmethod
    def _one_timezone(cls, value: str) -> str:
        if value != "Asia/Shanghai":
            raise ValueError("规则 A1 规定一律按 Asia/Shanghai 计时")
        ZoneInfo(value)
        return value

    @field_validator("clock_start")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("请带时区，例如 2026-09-21T18:00+08:00")
        return value

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("应写成 地址:端口，例如 127.0.0.1:8080")
        return value

    @model_validator(mode="after")
    def _webchat_is_local(self) -> Settings:
        if "webchat" in self.platforms and not self.is_loopback and self.webchat_token is None:
            raise ValueError(
                "BOT_LISTEN 不是本机地址时，网页聊天可冒充名册中任何人：请设 BOT_WEBCHAT__TOKEN，"
                "或从 BOT_PLATFORMS 去掉 webchat"
            )
        if self.clock == "simulated" and "webchat" not in self.platforms:
            raise ValueError("BOT_CLOCK=simulated 只用于网页聊天演示：请在 BOT_PLATFORMS 中加入 webchat")
        return self

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
        if self.webchat.token is not None:
            return self.webchat.token.get_secret_value()
        if self.webchat.token_file is not None:
            return self.webchat.token_file.read_text(encoding="utf-8").strip()
        return None


def setting_names() -> tuple[str, ...]:
    """Every environment variable that is read, in the order of .env.example."""
    names: list[str] = []
    for name, info in Settings.model_fields.items():
        annotation: Any = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names.extend(f"{PREFIX}{name.upper()}__{part.upper()}" for part in annotation.model_fields)
        else:
            names.append(f"{PREFIX}{name.upper()}")
    return tuple(names)


def unknown_names(environment: dict[str, str] | None = None) -> tuple[str, ...]:
    """BOT_… variables that nothing reads: most likely a misspelt setting."""
    known = set(setting_names())
    return tuple(
        sorted(
            name
            for name in (environment or dict(os.environ))
            if name.startswith(PREFIX) and name not in known
        )
    )


class InvalidSettings(Exception):
    """Settings that `serve` refuses; each line names the variable and the mend."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_settings(**overrides: Any) -> Settings:
    """Read the environment and .env. Raises InvalidSettings; never shows a secret's value."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for one in error.errors(include_input=False, include_url=False, include_context=False):
            name = PREFIX + "__".join(str(part) for part in one["loc"]).upper() if one["loc"] else "设置"
            lines.append(f"{name}：{one['msg'].removeprefix('Value error, ')}")
        raise InvalidSettings(lines) from None

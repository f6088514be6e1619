"""The local platform: web chat for demonstration, a closed network, and acceptance checks.

It has no tenant and no accounts of its own: a caller acts as anyone in the roster. It is therefore only served on a
loopback address, or behind BOT_WEBCHAT__TOKEN, and it refuses browsers that another site sent here.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, cast

import structlog
from aiohttp import web
from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from bot import files
from bot.batching import Batched
from bot.platforms.base import Fetched, Limits, PlatformModule, Rejected
from bot.platforms.bodies import called_body
from bot.services import Services
from handlers.commands.register_group import opens_group
from models.db import DatabaseUnavailable
from models.inserts import insert_unless_there
from models.queries import records
from models.queries.directory import Directory
from models.tables.outbox import WebchatMessage
from models.tables.projects import Project, ProjectPlan
from models.tables.taskforces import GroupAccount
from models.types import ChatKind, InboundFile, InboundKind, InboundMessage, OutgoingMessage, PendingFile

log = structlog.get_logger()

NAME: Final = "webchat"
_MESSAGES: Final = cast("Table", WebchatMessage.__table__)
_AFTER: Final = (
    select(*_MESSAGES.c)
    .where(_MESSAGES.c.seq > bindparam("after"))
    .order_by(_MESSAGES.c.seq)
    .limit(bindparam("most"))
)
MENTION: Final = "@助手"
MAX_TEXT: Final = 20_000
MAX_NAME: Final = 80
MAX_FILES: Final = 9
MAX_BODY: Final = 64 * 1024 * 1024
_MOST_FILES: Final = "附件合计最多约 47 MB"  # as base64 in that body
MAX_WAIT_MS: Final = 30_000
MOST_SEQ: Final = 2**63  # no database counts on from there
MOST_LEAP: Final = timedelta(
    days=1100
)  # of the clock in one call: everything that falls due on the way is done
MAX_MESSAGES: Final = 5_000  # of one answer; the next call goes on after the last seq
_SPACES: Final = re.compile(r"\s+")
_FULL_WIDTH: Final = str.maketrans("（），。；：！？【】　", "(),.;:!?[] ")


class Webchat:
    """A platform whose "server" is a table of this database (WebchatMessage)."""

    name = NAME
    limits = Limits(private_per_minute=None, group_per_minute=20, text_length=4000)
    has_buttons = True
    idempotent = True

    def __init__(self, services: Services) -> None:
        self._services = services
        self._token = services.settings.webchat_token
        self._news = asyncio.Event()  # of the polls that wait now; every piece of news has its own
        self._show: Batched[dict[str, Any], None] = Batched(
            services.database, services.tasks, _insert_messages, name="webchat"
        )
        self._open = True
        self._shown = 0  # counts news
        # The last message that a poll was given and the news counted before it looked: as long as there is no
        # other news, the poll that goes on from there need not look. Another process gives no news of its own.
        self._looked = (-1, -1)
        self._alone = services.database.is_sqlite

    async def start(self) -> None: ...

    async def stop(self) -> None:
        self._open = False
        self.written()

    def written(self) -> None:
        """End every long poll that waits."""
        self._shown += 1
        self._news.set()
        self._news = asyncio.Event()

    def write(self, session: Session, messages: Sequence[OutgoingMessage]) -> None:
        _insert_messages(session, [_row(message) for message in messages])

    async def send(self, message: OutgoingMessage) -> str:
        """Show a message; the same key is shown once."""
        await self._show(_row(message))
        self.written()
        return message.key

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        """Files come with the message itself here; there is never one to fetch."""
        raise Rejected(f"{file.name} is not kept here, {limit} bytes or less")

    async def show_settled(self, click: InboundMessage) -> None:
        """The page shows the answer below the card; buttons stay."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/webchat/api/messages", self._guarded(self._post_message)),
            web.get("/webchat/api/messages", self._guarded(self._get_messages)),
            web.post("/webchat/api/actions", self._guarded(self._post_action)),
            web.post("/webchat/api/clock", self._guarded(self._post_clock)),
            web.get("/webchat/api/clock", self._guarded(self._get_clock)),
            web.post("/webchat/api/idle", self._guarded(self._post_idle)),
            web.get("/webchat/api/people", self._guarded(self._get_people)),
            web.get("/webchat/api/projects", self._guarded(self._get_projects)),
            web.get("/webchat/api/projects/{code}", self._guarded(self._get_project)),
            web.get("/webchat/api/items/{number}", self._guarded(self._get_item)),
            web.get("/webchat/api/audit/{kind}/{id}", self._guarded(self._get_audit)),
            web.get("/webchat/api/files/{sha256}/{name}", self._guarded(self._get_file)),
        ]

    def _guarded(self, handler: Any) -> Any:
        async def run(request: web.Request) -> web.StreamResponse:
            self._check_caller(request)
            try:
                answer: web.StreamResponse = await handler(request)
            except DatabaseUnavailable:
                if request.method != "POST":  # there was nothing to keep
                    raise
                raise _problem(
                    web.HTTPServiceUnavailable, "数据库暂时不能写入，消息没有保存，请稍后重发"
                ) from None
            return answer

        return run

    def _check_caller(self, request: web.Request) -> None:
        """The token where one is set, and never a page of another site (it could act for the user's browser)."""
        if self._token is not None:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            given = given or request.cookies.get("webchat_token", "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                raise _problem(web.HTTPUnauthorized, "需要网页聊天口令")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise _problem(web.HTTPForbidden, "不接受其他网站发来的请求")
        if request.method == "POST" and request.content_type != "application/json":
            raise _problem(web.HTTPUnsupportedMediaType, "请用 application/json")
        if self._token is None and not _local_host(request.host):
            raise _problem(web.HTTPForbidden, "只能用本机地址访问")

    # --- in

    async def _post_message(self, request: web.Request) -> web.Response:
        body = await _json_object(request)
        sender = _text(body, "from", limit=MAX_NAME)
        chat = _text(body, "chat", limit=MAX_NAME, default="private")
        text = _text(body, "text", limit=MAX_TEXT, default="", strip=False)
        message_id = _text(body, "message_id", limit=200, default="") or secrets.token_hex(12)
        group = "" if chat in ("private", "私聊") else chat.strip("【】")
        directory = await self._services.directory()
        if group:
            registers = opens_group(text.replace("＠助手", MENTION).replace(MENTION, "", 1))
            if not registers and not await self._is_group(directory, group):
                raise _problem(web.HTTPNotFound, f"没有群【{group}】")
            if MENTION not in text.replace("＠", "@"):
                # Group talk that does not address the bot is neither answered nor stored (rule C15).
                return web.json_response({"message_id": message_id, "heard": False}, status=202)
            text = text.replace("＠助手", MENTION).replace(MENTION, "", 1).strip()
        attached, refused = self._attachments(body)
        if refused and not attached and not text.strip():
            raise _problem(web.HTTPUnprocessableEntity, "；".join(refused))
        message = InboundMessage(
            platform=NAME,
            message_id=message_id,
            account=account_name(directory, sender),
            chat=ChatKind.GROUP if group else ChatKind.PRIVATE,
            chat_address=group,
            kind=_kind(body, text, attached),
            text=text,
            quoted=_text(body, "quoted", limit=MAX_TEXT, default="", strip=False),
            received_at=self._services.clock.now(),
            files=attached,
            refused=tuple(refused),
        )
        fresh = await self._services.accept(message)
        answer: dict[str, Any] = {"message_id": message_id, "repeat": not fresh}
        if refused:
            answer["refused"] = refused
        return web.json_response(answer, status=202)

    async def _is_group(self, directory: Directory, name: str) -> bool:
        """Whether a group is registered, also when that was done a moment ago."""
        if (NAME, name) in directory.group_by_address:
            return True
        known = select(GroupAccount.id).where(GroupAccount.platform == NAME, GroupAccount.account == name)
        return await self._services.database.read(lambda session: session.execute(known).first() is not None)

    def _attachments(self, body: dict[str, Any]) -> tuple[tuple[InboundFile, ...], list[str]]:
        given = body.get("attachments", [])
        if not isinstance(given, list) or len(given) > MAX_FILES:
            raise _problem(web.HTTPBadRequest, f"attachments 应是不超过 {MAX_FILES} 个附件的列表")
        stored: list[InboundFile] = []
        refused: list[str] = []
        for one in given:
            if not isinstance(one, dict):
                raise _problem(web.HTTPBadRequest, "每个附件应有 name 和 base64")
            try:
                content = base64.b64decode(str(one.get("base64", "")), validate=True)
            except (binascii.Error, ValueError):
                raise _problem(web.HTTPBadRequest, "附件不是有效的 base64") from None
            try:
                stored.append(
                    files.store(
                        self._services.files, str(one.get("name", "")), content,
                        limit_mb=self._services.settings.upload_limit_mb,
                    )
                )  # fmt: skip
            except files.FileRefused as error:
                refused.append(str(error))
            except OSError as error:
                log.warning("file not stored", platform=NAME, why=error.strerror)
                raise _problem(
                    web.HTTPServiceUnavailable, "附件暂时存不下，消息没有收下，请稍后重发，或告诉系统管理员"
                ) from None
        return tuple(stored), refused

    async def _post_action(self, request: web.Request) -> web.Response:
        body = await _json_object(request)
        sender = _text(body, "from", limit=MAX_NAME)
        wanted = _text(body, "action", limit=200)
        text = _text(body, "input", limit=MAX_TEXT, default="", strip=False)
        message_id = _text(body, "message_id", limit=200, default="") or secrets.token_hex(12)
        seq = body.get("seq")
        if not isinstance(seq, int) or isinstance(seq, bool):
            raise _problem(web.HTTPBadRequest, "seq 应是助手消息的编号")
        shown = (
            await self._services.database.read(lambda session: session.get(WebchatMessage, seq))
            if 0 < seq < MOST_SEQ
            else None
        )
        if shown is None:
            raise _problem(web.HTTPNotFound, f"没有编号为 {seq} 的消息")
        button = find_button(shown.actions, wanted)
        if button is None:
            labels = "、".join(action["label"] for action in shown.actions) or "无"
            raise _problem(web.HTTPNotFound, f"消息 {seq} 没有按钮「{wanted}」，它的按钮：{labels}")
        directory = await self._services.directory()
        group = shown.to_name if shown.to_kind == "group" else ""
        message = InboundMessage(
            platform=NAME, message_id=message_id, account=account_name(directory, sender),
            chat=ChatKind.GROUP if group else ChatKind.PRIVATE, chat_address=group, kind=InboundKind.CLICK,
            text=text, received_at=self._services.clock.now(), action=button["id"],
        )  # fmt: skip
        fresh = await self._services.accept(message)
        return web.json_response({"message_id": message_id, "repeat": not fresh}, status=202)

    # --- out

    async def _get_messages(self, request: web.Request) -> web.Response:
        after = _number(request, "after", default=0)
        wait_ms = min(_number(request, "wait_ms", default=0), MAX_WAIT_MS)
        news = self._news
        found = [] if wait_ms and self._looked == (after, self._shown) else await self._after(after)
        if not found and wait_ms:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_ms / 1000):
                    await news.wait()
            # A poll whose page has gone outlives the server; it must not read while the database closes.
            shown = self._shown
            found = await self._after(after) if self._open else []
            if self._alone and len(found) < MAX_MESSAGES:
                self._looked = (found[-1]["seq"] if found else after, shown)
        return web.json_response(found)

    async def _after(self, after: int) -> list[dict[str, Any]]:
        def look(session: Session) -> list[dict[str, Any]]:
            rows = session.execute(_AFTER, {"after": after, "most": MAX_MESSAGES})
            return [
                {
                    "seq": row.seq,
                    "to": {"kind": row.to_kind, "name": row.to_name},
                    "text": row.text,
                    "actions": row.actions,
                    "files": row.files,
                    "at": _local_iso(row.at),
                    "reason": row.reason,
                }
                for row in rows
            ]

        return await self._services.database.read(look)

    # --- clock

    async def _post_clock(self, request: web.Request) -> web.Response:
        if not self._services.clock.simulated:
            raise _problem(web.HTTPConflict, "当前使用真实时钟。BOT_CLOCK=simulated 时才能调时间")
        body = await _json_object(request)
        try:
            to = datetime.fromisoformat(_text(body, "now", limit=40))
        except ValueError:
            raise _problem(
                web.HTTPBadRequest, "now 应是带时区的时间，例如 2026-09-22T10:02:00+08:00"
            ) from None
        if to.tzinfo is None:
            raise _problem(web.HTTPBadRequest, "now 要带时区，例如 +08:00")
        if to - self._services.clock.now() > MOST_LEAP:
            raise _problem(web.HTTPBadRequest, "一次最多往前走三年：路上到期的事要逐件做完，请分几次走")
        try:
            advanced = await self._services.advance(to)
        except ValueError:
            stands = _local_iso(self._services.clock.now())
            raise _problem(web.HTTPConflict, f"时钟只能往前走，现在是 {stands}") from None
        return web.json_response(
            {
                "now": _local_iso(advanced.now),
                "jobs": [{"job": name, "due": _local_iso(due)} for name, due in advanced.jobs],
                "sent": advanced.sent,
            }
        )

    async def _get_clock(self, _request: web.Request) -> web.Response:
        """The current time and what the page's clock buttons move to."""
        upcoming = await self._services.next_event()
        directory = await self._services.directory()
        now = self._services.clock.now()
        return web.json_response(
            {
                "now": _local_iso(now),
                "simulated": self._services.clock.simulated,
                "next_event": _local_iso(upcoming) if upcoming else None,
                "next_morning": _local_iso(records.next_morning(now, directory)),
            }
        )

    async def _post_idle(self, _request: web.Request) -> web.Response:
        await self._services.settle()
        return web.json_response({"now": _local_iso(self._services.clock.now())})

    # --- records

    async def _get_people(self, _request: web.Request) -> web.Response:
        """Everyone in the roster and every group, for the page's choice of who you are."""
        return web.json_response(records.people_and_groups(await self._services.directory(), NAME))

    async def _get_projects(self, _request: web.Request) -> web.Response:
        """The list with each project's figure, so that the page need not read every record."""

        def look(session: Session) -> list[dict[str, Any]]:
            figures = {
                row.code: {name: records.plain(value) for name, value in row._mapping.items()}
                for row in session.execute(
                    select(
                        Project.code, Project.figure_year, Project.ytd_fen, Project.ytd_as_of,
                        Project.version, ProjectPlan.plan_fen,
                    )
                    .outerjoin(
                        ProjectPlan,
                        (ProjectPlan.project_id == Project.id)
                        & (ProjectPlan.year == Project.figure_year)
                        & (ProjectPlan.kind == "investment"),
                    )
                )
            }  # fmt: skip
            return [{**one, **figures[one["code"]]} for one in records.project_list(session)]

        return web.json_response(await self._services.database.read(look))

    async def _get_project(self, request: web.Request) -> web.Response:
        code = _named(request, "code")
        return _found(await self._services.database.read(lambda session: records.project(session, code)))

    async def _get_item(self, request: web.Request) -> web.Response:
        number = _named(request, "number")
        return _found(await self._services.database.read(lambda session: records.item(session, number)))

    async def _get_audit(self, request: web.Request) -> web.Response:
        kind, key = _named(request, "kind"), _named(request, "id")
        return _found(await self._services.database.read(lambda session: records.audit(session, kind, key)))

    async def _get_file(self, request: web.Request) -> web.StreamResponse:
        digest = request.match_info["sha256"]
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise _problem(web.HTTPNotFound, "没有这个文件")
        path = await files.kept(self._services.files, digest, partial(self._services.made, digest))
        if path is None:
            raise _problem(web.HTTPNotFound, "没有这个文件")
        return web.FileResponse(
            path, headers={"Content-Disposition": "attachment", "Content-Type": "application/octet-stream"}
        )


def _row(message: OutgoingMessage) -> dict[str, Any]:
    return {
        "key": message.key,
        "to_kind": "group" if message.chat is ChatKind.GROUP else "person",
        "to_name": message.address,
        "text": message.text,
        "actions": [
            {"id": button.token, "label": button.label, "prompt": button.prompt} for button in message.buttons
        ],
        "files": [
            {"name": file.name, "url": f"/webchat/api/files/{file.sha256}/{file.name}"}
            for file in message.files
        ],
        "at": message.at,
        "reason": message.reason,
    }


def _insert_messages(session: Session, rows: Sequence[dict[str, Any]]) -> list[None]:
    session.connection().execute(insert_unless_there(session, _MESSAGES).on_conflict_do_nothing(), list(rows))
    return [None] * len(rows)


def account_name(directory: Directory, sender: str) -> str:
    """The account a caller means: as bound, with either kind of brackets; an unknown one is an unbound account."""
    plain = _SPACES.sub("", sender).replace("（", "(").replace("）", ")")
    known = directory.account_by_address
    if (NAME, sender) in known:
        return sender
    if (NAME, plain) in known:
        return plain
    return plain


def find_button(actions: list[dict[str, Any]], wanted: str) -> dict[str, Any] | None:
    """By id, by label, by label without regard to the width of punctuation, then by an unambiguous beginning."""
    for match in (
        lambda action: action["id"] == wanted,
        lambda action: action["label"] == wanted,
        lambda action: _plain(action["label"]) == _plain(wanted),
        lambda action: _plain(action["label"]).startswith(_plain(wanted)) and _plain(wanted) != "",
        lambda action: _plain(wanted).startswith(_plain(action["label"])),
    ):
        found = [action for action in actions if match(action)]
        if len(found) == 1:
            return found[0]
    return None


def _plain(label: str) -> str:
    return _SPACES.sub("", label.translate(_FULL_WIDTH)).strip("[]….")


def _kind(body: dict[str, Any], text: str, attached: tuple[InboundFile, ...]) -> InboundKind:
    told = body.get("event")
    if told in ("recall", "edit"):
        return InboundKind(told)
    return InboundKind.FILES if attached and not text.strip() else InboundKind.TEXT


def _local_host(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.strip("[]") in ("127.0.0.1", "localhost", "::1")


def _local_iso(moment: datetime) -> str:
    return records.local_iso(moment)


def _problem(kind: type[web.HTTPError], text: str) -> web.HTTPError:
    body = json.dumps({"error": text}, ensure_ascii=False)
    if issubclass(kind, web.HTTPRequestEntityTooLarge):
        return kind(max_size=MAX_TEXT, actual_size=MAX_TEXT + 1, text=body, content_type="application/json")
    return kind(text=body, content_type="application/json")


def _found(record: dict[str, Any] | None) -> web.Response:
    if record is None:
        raise _problem(web.HTTPNotFound, "没有这条记录")
    return web.json_response(record)


async def _json_object(request: web.Request) -> dict[str, Any]:
    try:
        raw = await called_body(request, MAX_BODY)
        body = None if raw is None else json.loads(raw)
    except (ValueError, RecursionError):  # the second: lists within lists, thousands deep
        raise _problem(web.HTTPBadRequest, "请求正文不是 JSON（UTF-8）") from None
    if raw is None:
        raise _problem(web.HTTPRequestEntityTooLarge, f"消息连同附件太大：{_MOST_FILES}，请分几次发")
    if not isinstance(body, dict):
        raise _problem(web.HTTPBadRequest, "请求正文应是 JSON 对象")
    return body


def _text(
    body: dict[str, Any], name: str, *, limit: int, default: str | None = None, strip: bool = True
) -> str:
    value = body.get(name, default)
    if value is None:
        raise _problem(web.HTTPBadRequest, f"缺少 {name}")
    if not isinstance(value, str):
        raise _problem(web.HTTPBadRequest, f"{name} 应是文字")
    if len(value) > limit:
        raise _problem(web.HTTPRequestEntityTooLarge, f"{name} 太长：最多 {limit} 字")
    value = value.replace("\0", "").encode("utf-8", "ignore").decode()
    return value.strip() if strip else value


def _named(request: web.Request, part: str) -> str:
    """A part of the path that names a record; one with control characters or too long names none."""
    value = request.match_info[part]
    if len(value) > MAX_NAME or not value.isprintable():
        raise _problem(web.HTTPNotFound, "没有这条记录")
    return value


def _number(request: web.Request, name: str, *, default: int) -> int:
    value = request.query.get(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise _problem(web.HTTPBadRequest, f"{name} 应是非负整数")
    return int(value)


WEBCHAT = PlatformModule(NAME, Webchat)

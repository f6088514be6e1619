"""/简报 第38期: the draft of a 简报 (rule I5)."""

import re

from handlers import access, document_access
from handlers.context import Context
from handlers.papers import document_receipts, documents
from handlers.verbs import Command
from models.errors import NotFound, NotUnderstood
from models.operations import briefs
from models.rules.letters import Reference
from models.types import DocumentKind

_ISSUE = re.compile(r"^第?\s*(\d{1,4})\s*[期号]?$")


def run(context: Context, args: str) -> None:
    words = args.strip()
    said = _ISSUE.match(words)
    if words and said is None:
        raise NotUnderstood(words[:20], examples=("/简报 第38期", "/简报"))
    issue = int(said[1]) if said else None
    if issue is not None:
        try:
            issued = document_access.by_reference(context, Reference(DocumentKind.BRIEF, issue, None))
        except NotFound:
            pass
        else:
            document_receipts.show_status(context, issued)
            return
    hub = access.require_hub(context, "起草简报")
    document = briefs.draft(context.act_for(hub), hub.organisation_id, to=hub, issue=issue)
    documents.show(context, document)


COMMAND = Command(
    "简报",
    summary="起草简报，签发后报市政府领导",
    usage="/简报 第38期",
    run=run,
    bare=True,
    may=access.in_hub,
    said=re.compile(r"(?:起草|写|出)?简报(?P<args>第?\s*\d{1,4}\s*期)"),
)

"""The router over everything that is registered."""

from handlers import free_text
from handlers.clicks import SETTLING, VERBS
from handlers.commands import COMMANDS
from handlers.router import Router
from handlers.sheets import Sheets
from templates.documents import Papers


def build_router(papers: Papers | None = None, sheets: Sheets | None = None) -> Router:
    """Every command, button verb, free text, files and recalled messages. papers: as shipped where none are given.

    sheets: without it no spreadsheet is read or written.
    """
    return Router(
        commands=COMMANDS,
        verbs=VERBS,
        settling=SETTLING,
        free_text=free_text.handle,
        files=free_text.handle_files,
        recalled=free_text.handle_recall,
        papers=papers,
        sheets=sheets,
    )

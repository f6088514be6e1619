"""Refusals a user is told about. One tree, one stable code each; the words stand in templates/errors/<code>.md.j2.

DomainError
├── NotFound                     also the answer for "exists, but not yours" (rule B4)
├── NotAllowed                   says who may (rule B10)
│   └── AnothersDraft            told in private (rule C2)
├── NotUnderstood                says what was not understood, with two examples (rule C15)
├── Invalid                      a value that cannot be taken, with the mend
│   └── WordsMissing             words an act needs, which the next message may give
├── StateForbids                 the record's state does not allow the act
└── …                            one class per refusal with facts of its own
"""

from __future__ import annotations

from datetime import datetime


class DomainError(Exception):
    """Base of every refusal. code names the template that words it."""

    code = "domain_error"


class NotFound(DomainError):
    """Unknown, or outside the asker's scope: the same words for both (rule B4)."""

    code = "not_found"

    def __init__(self, mention: str = "") -> None:
        super().__init__(f"not found or not visible: {mention}")
        self.mention = mention


class NotAllowed(DomainError):
    """The asker may not do this; who names those who may (rule B10), instead what the asker may do."""

    code = "not_allowed"

    def __init__(self, act: str, *, who: str, instead: tuple[str, ...] = ()) -> None:
        super().__init__(f"not allowed: {act}; allowed: {who}")
        self.act, self.who, self.instead = act, who, instead


class AnothersDraft(NotAllowed):
    """A draft is confirmed, changed or dropped by its author, or whoever stands in for them (rule C2)."""

    code = "anothers_draft"

    def __init__(self, author: str) -> None:
        super().__init__("act on a draft", who=author)
        self.author = author


class NotUnderstood(DomainError):
    """Free text or arguments that could not be used (rule C15). bare: a command that needs words and got none."""

    code = "not_understood"

    def __init__(self, what: str = "", *, examples: tuple[str, ...] = (), bare: str = "") -> None:
        super().__init__(f"not understood: {what or bare}")
        self.what, self.examples, self.bare = what, examples, bare


class Invalid(DomainError):
    """A value that cannot be taken. problem and mend are Chinese phrases shown to the user."""

    code = "invalid"

    def __init__(self, problem: str, *, mend: str = "") -> None:
        super().__init__(problem)
        self.problem, self.mend = problem, mend


class WordsMissing(Invalid):
    """An act whose verb and number are clear needs words besides: the sender's next message gives them (rule C4).

    mend is an example of the words alone. lead stands before the words where they have a place of their own. files:
    a file answers too.
    """

    code = "words_missing"

    def __init__(self, problem: str, *, mend: str = "", lead: str = "", files: bool = False) -> None:
        super().__init__(problem, mend=mend)
        self.lead, self.files = lead, files


class NotTaken(DomainError):
    """What came with a message could not be taken; lines say why, and what would be (rule C9)."""

    code = "not_taken"

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class StateForbids(DomainError):
    """The state of a record does not allow the act; allowed lists what would be possible.

    meanwhile: who brought it into that state and when, for who comes second.
    """

    code = "state_forbids"

    def __init__(
        self, record: str, *, state: str, act: str, allowed: tuple[str, ...] = (), meanwhile: str = ""
    ) -> None:
        super().__init__(f"{record} is {state}: {act} impossible")
        self.record, self.state, self.act, self.allowed = record, state, act, allowed
        self.meanwhile = meanwhile


class UsedInDocument(DomainError):
    """A formal document quotes the figure, so its entry cannot be undone (rule C10)."""

    code = "used_in_document"

    def __init__(self, document: str, *, at: datetime, project: str) -> None:
        super().__init__(f"{document} quotes {project}")
        self.document, self.at, self.project = document, at, project

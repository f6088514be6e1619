"""What all kinds of drafts share: confirm, edit, cancel, one line or several (rules C2, C8)."""

"""Official papers: drafts, 签发, receipts (rules H1–H6)."""

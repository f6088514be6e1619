"""Verbs that are typed where no card offers them: which label, which command, which record they mean."""

"""What moved: from a reading to a report draft, its answers and edits, the entry and taking it back."""

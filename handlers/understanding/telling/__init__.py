"""What the clauses of a message say, put into the drafts of the projects they are about."""

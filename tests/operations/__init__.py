"""Operations against a real SQLite file, without a network."""

"""Who is this? Names as Spanish speakers write, hear and shorten them, search keys, evidence per field."""

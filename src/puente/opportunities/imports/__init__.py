"""From an uploaded table to openings: mapping, reading rows, finding places and occupations, writing at once."""

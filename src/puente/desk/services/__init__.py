"""Everything that the desk writes."""

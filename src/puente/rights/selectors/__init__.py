"""Everything that reads requests and terms of keeping."""

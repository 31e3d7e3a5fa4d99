"""Everything that reads reception."""

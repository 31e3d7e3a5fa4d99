"""Everything that the desk reads, mostly from the rooms above it."""

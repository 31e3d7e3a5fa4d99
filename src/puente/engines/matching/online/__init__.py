"""Placing people as they arrive, by shadow prices worked out over night. The essay is docs/subsystems/allocation.md."""

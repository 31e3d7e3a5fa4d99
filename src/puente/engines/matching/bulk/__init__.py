"""Exact shortlists for many people at once. The essay is docs/subsystems/matching.md."""

"""Everything that writes requests, copies, erasures and terms of keeping."""

"""Everything that writes to reception: registrations, corrections, lists, and the queue."""

"""Everything that writes in counselling."""

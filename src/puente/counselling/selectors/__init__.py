"""Everything that reads counselling."""

"""The forms of counselling."""

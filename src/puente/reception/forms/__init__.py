"""The forms of reception. They turn words into codes; the rules stand in the services."""

"""The pages that bring rooms together: today, the person, the pilot."""

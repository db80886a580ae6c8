"""Looking at a job offer: named signs of danger, each with the very words that show it. Never "this is safe"."""

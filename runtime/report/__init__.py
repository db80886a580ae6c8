"""The month in figures, for the director in Vietnamese and for the partner in English: on a page, and in a letter."""

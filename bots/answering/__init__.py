"""Answers as staff write them: a draft, read by another person, live beside the shipped files without a restart.

`content` is what an answer is made of, `versions` what people do with it, `living` the Book that stands now, `proof`
what keeps a draft back, `due` what grows old, `replay` and `replays` what a draft would change.
"""

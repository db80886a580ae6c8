"""The words people receive, in Vietnamese and English, and the facts they rest on.

Start in `catalog.py`: `load(SHIPPED)` reads the folders `vi/` and `en/` (answers, the bot's own phrases, starter
messages) and `facts.toml` into one `Book`. `render.py` fills the fields of a campaign message and `lint/` says what is
wrong with it; `check.py` says what is wrong with the content; `errors.py` holds the mistakes told to people. Nothing
here is said by code: only these files are, and each claim in them names the facts it comes from.
"""

"""What an SMS is, and who carries it.

Pure thinking: `segments` (what a text costs), `unaccent` (its GSM-7 form), `numbers` (who can be reached; `spelling`
cleans a cell first, `carriers.toml` knows the prefixes), `optout` (who wants to be left in peace). The wire: `gateway`
is the contract, one adapter a file in `gateways/`. Start at `gateway.py` to see what the dispatcher relies on.
"""

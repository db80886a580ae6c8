"""Lines that are none of ours: marked by one person, approved by another, then learnt as "anything else".

`lines` is what people do with them; the Book carries those that are live to the bot.
"""

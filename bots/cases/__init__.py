"""Cases: people the machine handed over to a person, or whom staff took up themselves.

`queue` shows them, `work` is what staff do with one, `answering` writes to the person, `search` finds one again,
`opening` is how the machine hands somebody over. Everything done is an event of the case and a line of the audit.
"""

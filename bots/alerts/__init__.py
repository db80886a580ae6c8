"""Calling people out when somebody is in danger: by e-mail and SMS, at once, again and again until one takes the case.

Rows are the truth. `calling.begin_rounds` writes who is to be called, one row for each person and channel; the
scheduler claims them, hands them over and records what became of it. `rounds` (pure) says when and whom, `call_list`
keeps the list, `wording` finds the words, `watch` tells the desk how many wait.
"""

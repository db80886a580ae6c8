"""Officers: who may sign in, what each role may do, and the audit chain of what was done.

Start in `accounts.py` (signing in), `model.py` (roles) and `audit.py` (the chain); `phone.py` keeps an officer's own
number for test messages.
"""

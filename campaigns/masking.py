"""A number shown to who may not see it: enough to tell two people apart, not enough to call either. Pure."""


def masked(e164: str) -> str:
    """
    >>> masked("+84912345678"), masked("+447911123400")
    ('+84 91* *** 678', '+44 79* **** 400')
    """
    country, rest = e164[:3], e164[3:]
    return f"{country} {rest[:2]}* {'*' * max(len(rest) - 6, 0)} {rest[-3:]}"

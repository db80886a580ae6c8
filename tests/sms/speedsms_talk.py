"""Messages to SpeedSMS, and what comes of them."""

from sms.gateway import Outgoing

TEXT = "Đừng đưa hộ chiếu cho người lạ."


def messages(count, text=TEXT, first=1):
    return [Outgoing(str(n), f"+8490{n:07d}", text) for n in range(first, first + count)]


def codes(outcomes):
    return [outcome.error.code if outcome.error else "" for outcome in outcomes]

"""The segment counter over the 2,000 golden texts: how many a second, and whether they come out as they should."""

import argparse
import sys
import time

from sms.segments import count
from tests.sms.test_segments import GOLDEN

WANTED_RATE = 25_000


def differences() -> int:
    """Golden texts that come out otherwise."""
    keys = "encoding", "units", "segments", "left"
    counted = ((golden, count(golden["text"])) for golden in GOLDEN)
    return sum(any(getattr(ours, key) != golden[key] for key in keys) for golden, ours in counted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    texts = [golden["text"] for golden in GOLDEN]
    wrong = differences()
    begun, busy = time.perf_counter(), time.process_time()
    for _ in range(rounds):
        for text in texts:
            count(text)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    number, letters = rounds * len(texts), sum(map(len, texts)) / len(texts)
    print(f"{number} texts of {letters:.0f} characters on average: {number / seconds:.0f}/s", end=" ")
    print(f"({number / busy:.0f}/s of the processor), {wrong} of {len(texts)} differ from the golden counts")
    print(f"wanted: {WANTED_RATE}/s, 0 different")
    sys.exit(wrong > 0 or number / seconds < WANTED_RATE)


if __name__ == "__main__":
    main()

"""Every message of every wave: taken, handed over by the sender, recorded, receipted; nobody twice and nobody missed.

A claim (`claiming.py`) commits durably before the first message of it is handed over; a result (`recording.py`) is
written only by whoever still holds the claim. `attempt` is the fence: it grows with every claim, so that a process that
was thought dead and woke up cannot write over what happened since. Receipts may come first, late or twice
(`receipts.py`); rows whose process died are asked about at the gateway (`reconciling.py`). What follows from what was
heard is decided in one pure module, `outcomes.py`. Every change of rows shifts the wave's tally and what it has spent
in the same transaction (`moving.py`). A wave by the routing table goes through several gateways at once, each claim
taking what falls to its gateway then; the hold writes which one, and whoever asks about a delivery asks that. Locks are
taken in one order: allowances, campaigns, waves, deliveries, tally, figures, spending, opt-outs and what is counted of
them (campaigns.responses), health of gateways, audit.
"""

from campaigns.deliveries.calls import take_calls
from campaigns.deliveries.claiming import Claim, Claimed, claim, unwanted
from campaigns.deliveries.lines import Line, line, lines, lines_to_ask
from campaigns.deliveries.receipts import Receipts, apply_receipts
from campaigns.deliveries.reconciling import Orphan, orphans, settle, waves_with_orphans
from campaigns.deliveries.recording import record, release, spend

__all__ = [
    "Claim",
    "Claimed",
    "Line",
    "Orphan",
    "Receipts",
    "apply_receipts",
    "claim",
    "line",
    "lines",
    "lines_to_ask",
    "orphans",
    "record",
    "release",
    "settle",
    "spend",
    "take_calls",
    "unwanted",
    "waves_with_orphans",
]

"""A question in, a reply out: what a person on any platform wrote is understood and answered with approved words.

Start in `engine.py` (`Engine.respond`, pure) and `inbox.py` (receive, answer, hand over replies: the rows). What thinks
(`letters, language, normalise, features, machine, router, triage, controls, engine`) touches no table and no wire;
`words/*.toml` and `background/*.txt` are its tables and lists, to be read and changed by people who do not program.
"""

import os

# The matrices are small: a second BLAS thread costs more than it brings and takes the core from the sender.
# It must be said before NumPy is first imported; whoever runs the process may say otherwise.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

"""Whether the people on duty can be called here: by the list, the mail server and the gateway of this installation."""

from bots.alerts import watch
from runtime.build import Runtime
from sms.gateway import PRETENDING

#: True of every installation that is only tried out, whose pages say so anyway.
ONLY_TRYING = "call-list-pretends"


def missing(rt: Runtime) -> list[str]:
    """Codes of sentences (messages.errors): why nobody, or not everybody on the call-out list, can be called."""
    name = rt.settings["SMS_GATEWAY"]
    gateway = rt.gateways.get(name)
    sms = gateway is not None and gateway.readiness().ready
    return watch.missing(rt.db, mail=rt.mail.readiness().ready, sms=sms, pretends=name in PRETENDING)

"""The SMS gateways that exist. Each file adapts one provider to sms/gateway.py, in one order: constants, sample
payload as a comment, send, read, find. `runtime/gateways.py` builds them; tests/contracts/ holds them all to the
contract. A new provider is a file here, a name below, a line there, and a row in the contract test."""

NAMES = ("simulator", "twilio", "esms", "speedsms", "smpp")

"""Whose word for a provider's server counts."""

import ssl

import certifi


def trusted() -> ssl.SSLContext:
    """The machine's own certificates (an office's proxy may have one) and Mozilla's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context

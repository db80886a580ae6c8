"""Servers that speak a provider's API, for tests and benchmarks. Each also runs as its own process."""

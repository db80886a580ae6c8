"""One module a noun: each view reads the request, calls one use case, shows the result."""

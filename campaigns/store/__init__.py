"""The statements of the campaigns room, one module a noun; they take the connection and never commit."""

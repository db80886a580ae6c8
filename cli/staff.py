"""`staff add`, `staff reset`, `audit verify`."""

import click

from cli.context import emit, language, with_runtime
from messages.errors import sentence
from staff import accounts
from staff import audit as audit_chain
from staff.model import ROLES


@click.group()
def staff():
    """Officers and their sign-in links."""


@staff.command()
@click.argument("email")
@click.option("--role", required=True, help=f"one of: {', '.join(ROLES)}")
@click.option("--name", default="", help="the person's name")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def add(rt, email, role, name, as_json):
    """Adds an officer and prints a one-time sign-in link."""
    token = accounts.add(rt.db, email=email, role=role, name=name, language=language(), now=rt.clock())
    _print_link(rt, email, token, as_json)


@staff.command()
@click.argument("email")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def reset(rt, email, as_json):
    """A new one-time link; the old password and open sessions stop working."""
    _print_link(rt, email, accounts.reset(rt.db, email=email, now=rt.clock()), as_json)


@staff.command()
@click.argument("email")
@with_runtime
def disable(rt, email):
    """The person may not sign in any more; their open sessions end."""
    accounts.disable(rt.db, email=email, now=rt.clock())


def _print_link(rt, email: str, token: str, as_json: bool) -> None:
    link = f"{rt.settings.public_url}/sign-in/{token}"
    emit(as_json, {"email": email, "link": link, "hours": accounts.LINK_HOURS}, [link])


@click.group()
def audit():
    """The record of who did what."""


@audit.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def verify(rt, as_json):
    """Walks the chain; exit status 1 when a row was changed or is missing."""
    broken = audit_chain.first_broken(rt.db)
    said = "audit-holds" if broken is None else "audit-broken"
    emit(as_json, {"holds": broken is None, "first_broken": broken}, [sentence(said, language(), row=broken)])
    if broken is not None:
        raise click.exceptions.Exit(1)



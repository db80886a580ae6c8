"""Signing in by password or one-time link, choosing a password, signing out."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from messages.errors import Mistake
from staff import accounts
from web.access import access
from web.errors import status_of, told
from web.here import forget, now, officer, remember, rt
from web.language import local_path

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")


@bp.get("")
@access("public")
def show():
    if officer:
        return redirect(url_for("home.show"))
    return _form()


@bp.post("")
@access("public")
def enter():
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        person = accounts.sign_in(rt.db, email=email, password=password, now=now())
    except Mistake as mistake:
        return _form(told(mistake)), status_of(mistake)
    remember(person)
    return redirect(local_path(request.form.get("back")), 303)


def _form(mistake: str = ""):
    back = local_path(request.values.get("back"))
    return render_template("sign_in/show.html", mistake=mistake, email=request.form.get("email", ""), back=back)


@bp.get("/<token>")
@access("public")
def link(token: str):
    """Asks for a press of a button first: mail programs open links to look at them, and would use this one up."""
    return render_template("sign_in/link.html", token=token)


@bp.post("/<token>")
@access("public")
def redeem(token: str):
    remember(accounts.redeem(rt.db, token=token, now=now()))
    session["needs_password"] = True
    return redirect(url_for("sign_in.password"), 303)


@bp.get("/password")
@access("signed-in")
def password():
    return render_template("sign_in/password.html", mistake="", least=accounts.PASSWORD_LEAST)


@bp.post("/password")
@access("signed-in")
def set_password():
    try:
        person = accounts.set_password(rt.db, staff_id=officer.id, password=request.form.get("password", ""), now=now())
    except Mistake as mistake:
        return render_template("sign_in/password.html", mistake=told(mistake), least=accounts.PASSWORD_LEAST), 422
    remember(person)
    flash(_("Your password is set. Use it with your e-mail address from now on."), "good")
    return redirect(url_for("home.show"), 303)


@bp.post("/leave")
@access("public")
def leave():
    """Ends every session of the person: a copied cookie must not outlive the sign-out."""
    if officer:
        accounts.sign_out(rt.db, staff_id=officer.id, now=now())
    forget()
    return redirect(url_for("sign_in.show"), 303)

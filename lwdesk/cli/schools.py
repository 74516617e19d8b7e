"""Commands about schools."""

import argparse
import os
import sys

from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _


def practice(options: argparse.Namespace, home: Home) -> int:
    """Serve a practice school until it is stopped."""
    from lwdesk.practice.server import serve

    serve(options.port, options.users, options.seed, not options.no_limit, options.latency)
    return 0


def add(options: argparse.Namespace, home: Home) -> int:
    """Add a school; its secret goes to the keychain."""
    from lwdesk.app.school.schools import School
    from lwdesk.app.school.schools import add as keep
    from lwdesk.app.settings import Settings
    from lwdesk.cli.sessions import PRACTICE

    if options.name == PRACTICE:
        raise UserError(_("“practice” is the name of the practice school"), "", _("Choose another name"))
    secret = (
        sys.stdin.readline().strip() if options.secret_stdin else os.environ.get("LWDESK_CLIENT_SECRET", "")
    )
    if not secret and sys.stdin.isatty():
        import getpass

        secret = getpass.getpass(_("Client secret: "))
    kept = keep(Settings(home), School(options.name, options.url, options.client_id), secret)
    print(_("Added: {name}").format(name=options.name))
    if not kept:
        print(
            _(
                "This computer has no keychain, so the secret wasn't saved. Set LWDESK_CLIENT_SECRET each time."
            ),
            file=sys.stderr,
        )
    return 0


def show(options: argparse.Namespace, home: Home) -> int:
    """List the schools."""
    from lwdesk.app.school.schools import schools
    from lwdesk.app.settings import Settings
    from lwdesk.cli import show as out

    found = schools(Settings(home))
    if options.json:
        facts = [{"name": s.name, "url": s.url, "client_id": s.client_id} for s in found]
        out.as_json({"schools": facts})
    elif found:
        out.table((s.name, s.url, s.client_id) for s in found)
    else:
        print(_("No schools yet. Add one with: lwdesk schools add NAME --url URL --client-id ID"))
    return 0


def test(options: argparse.Namespace, home: Home) -> int:
    """Test the connection to a school."""
    from lwdesk.cli.sessions import session_for

    with session_for(options.name, home) as session:
        session.client.check()
        print(_("Connected to {name}: {root}").format(name=options.name, root=session.root))
    return 0


def remove(options: argparse.Namespace, home: Home) -> int:
    """Remove a school and its secret."""
    from lwdesk.app.school.schools import remove as forget
    from lwdesk.app.settings import Settings

    forget(Settings(home), options.name)
    print(_("Removed: {name}").format(name=options.name))
    return 0

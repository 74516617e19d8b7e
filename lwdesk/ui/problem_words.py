"""How kinds of problems are called on screen."""

from lwdesk.app.importing.edits import Group
from lwdesk.base.text import N_, _

# Code of a problem -> its title; a code that is not named is called by its column.
_TITLES = {
    "unknown": N_("Not found in your school"),
    "ambiguous": N_("Found more than once"),
    "required": N_("Empty"),
    "email": N_("Not an email address"),
    "email-several": N_("Several emails in one cell"),
    "email-more": N_("More than an email in the cell"),
    "email-spaces": N_("Space inside the email"),
    "email-tidied": N_("Email tidied up"),
    "email-letters": N_("Look-alike letters"),
    "email-dots": N_("Dots in the email"),
    "long-number": N_("Number damaged by Excel"),
    "excel-error": N_("Excel error"),
    "spaces": N_("Spaces removed"),
    "yes-no": N_("Neither yes nor no"),
    "choice": N_("None of the allowed words"),
    "number": N_("Not a number"),
    "number-whole": N_("Not a whole number"),
    "number-low": N_("Number too small"),
    "number-high": N_("Number too large"),
    "number-mark": N_("Comma or point?"),
    "number-tidied": N_("Number tidied up"),
    "date": N_("Not a date"),
    "date-none": N_("A date that does not exist"),
    "date-ambiguous": N_("Day or month first?"),
    "date-serial": N_("Number read as a date"),
    "edited": N_("Changed by you"),
}


def title(group: Group, column_title: str) -> str:
    """What kind of problem it is, and of which column."""
    words = _(_TITLES[group.code]) if group.code in _TITLES else _("Look at this")
    return f"{words}: {column_title}" if column_title else words

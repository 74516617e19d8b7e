"""How kinds of problems are called on screen."""

from lwdesk.app.importing.edits import Group
from lwdesk.base.text import N_, _

# Code of a problem -> its title; a code that is not named is called by its column.
_TITLES = {
    "unknown": N_("Not found in your school"),
    "replaced": N_("Something else is called so now"),
    "ambiguous": N_("Found more than once"),
    "required": N_("Empty"),
    "email": N_("Not an email address"),
    "email-several": N_("Several emails in one cell"),
    "email-more": N_("More than an email in the cell"),
    "email-spaces": N_("Space inside the email"),
    "email-tidied": N_("Email tidied up"),
    "email-letters": N_("Unusual letters in the email"),
    "email-double": N_("Look-alike letters"),
    "email-shared": N_("Two people on one email"),
    "shifted": N_("Cells moved sideways"),
    "zeros-lost": N_("Zeros in front lost"),
    "number-shortened": N_("Number shortened by Excel"),
    "number-marks": N_("Mark of thousands in a number"),
    "number-fraction": N_("“.0” behind a number"),
    "text-mark": N_("Marks meant for Excel"),
    "date-swapped": N_("Day and month swapped"),
    "became-date": N_("Turned into a date by Excel"),
    "letters-mixed": N_("Letters mixed up"),
    "letters-lost": N_("Letters lost"),
    "web-code": N_("Code of a web page"),
    "email-dots": N_("Dots in the email"),
    "long-number": N_("Number damaged by Excel"),
    "excel-error": N_("Excel error"),
    "formula": N_("Formula without a saved result"),
    "spaces": N_("Spaces removed"),
    "yes-no": N_("Neither yes nor no"),
    "choice": N_("None of the allowed words"),
    "number": N_("Not a number"),
    "number-whole": N_("Not a whole number"),
    "number-low": N_("Number too small"),
    "number-high": N_("Number too large"),
    "number-mark": N_("Comma or point?"),
    "number-percentage": N_("A percentage, not a number"),
    "number-currency": N_("Money where a number is needed"),
    "number-currencies": N_("Several currencies"),
    "currency": N_("Is this your school's currency?"),
    "yes-no-letter": N_("Does this letter mean yes or no?"),
    "number-tidied": N_("Number tidied up"),
    "date": N_("Not a date"),
    "date-none": N_("A date that does not exist"),
    "date-ambiguous": N_("Day or month first?"),
    "date-serial": N_("Number read as a date"),
    "kept": N_("Can't be emptied"),
    "date-past": N_("In the past"),
    "date-future": N_("In the future"),
    "date-year": N_("Unusual year"),
    "percent-high": N_("More than 100 %"),
    "zero": N_("Zero"),
    "email-quote": N_("Typographic apostrophe in the email"),
    "id-unknown": N_("Not from this export"),
    "id-twice": N_("One id in two rows"),
    "emptied": N_("Emptied cells"),
    "fixed-column": N_("Cannot be changed"),
    "edited": N_("Changed by you"),
}


def title(group: Group, column_title: str) -> str:
    """What kind of problem it is, and of which column."""
    words = _(_TITLES[group.code]) if group.code in _TITLES else _("Look at this")
    return f"{words}: {column_title}" if column_title else words

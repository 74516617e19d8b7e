"""Exit statuses of the command line."""

from lwdesk.base.text import N_

# Exit statuses. Usage errors have the number that sysexits(3) gives them, apart from what happened to rows.
OK, REFUSED, INCOMPLETE, INTERRUPTED, USAGE = 0, 1, 2, 3, 64
STATUSES = {
    OK: N_("all rows are done or up to date"),
    REFUSED: N_("couldn't be carried out: nothing was sent"),
    INCOMPLETE: N_("finished, and some rows failed or need checking"),
    INTERRUPTED: N_("interrupted, maybe after something was sent: resume the job"),
    USAGE: N_("the command wasn't understood"),
}

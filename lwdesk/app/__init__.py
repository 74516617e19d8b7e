"""Use cases: schools, matching, checking, planning, running, undoing, exporting."""

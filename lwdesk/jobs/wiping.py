"""Wiping of secret values from the file of a job."""

from collections.abc import Iterable

from lwdesk.jobs.file import JobFile

# The rows that were skipped after they failed: they may be taken back.
_SKIPPED = "(SELECT value FROM meta WHERE key = 'before_skip')"


class Wiping(JobFile):
    """The part of a journal that deletes passwords."""

    def wipe(
        self, columns: Iterable[str], cells: Iterable[int], operations: Iterable[str], *, every: bool = False
    ) -> int:
        """Delete secret values (`columns` by id, `cells` by index) where they are no longer needed, to the last byte.

        Calls that are open need them, and rows of which a step of these `operations` is open or may be tried again;
        with `every`, nothing does. Returns the number of rows that keep their values.
        """
        open_calls = f"SELECT id FROM call WHERE state IN ('ready', 'sending') AND {int(not every)}"
        takers = ", ".join(f"'{name}'" for name in operations)
        kept_rows = (
            f"SELECT id FROM row WHERE outcome = 'failed' AND {int(not every)} UNION"
            f" SELECT CAST(key AS INTEGER) FROM json_each({_SKIPPED}) WHERE {int(not every)} UNION"
            f" SELECT row FROM step LEFT JOIN call ON call.id = step.call WHERE step.op IN ({takers})"
            f" AND coalesce(step.outcome, call.state) NOT IN ('done', 'unchanged', 'unsure') AND {int(not every)}"
        )
        sql = 'UPDATE {table} SET "{column}" = {cut} WHERE "{column}" NOT NULL AND {which}'
        places = (
            ("call", "body", f"id NOT IN ({open_calls})"),
            ("call", "values", f"id NOT IN ({open_calls})"),
            ("step", "values", f"coalesce(call, 0) NOT IN ({open_calls})"),
            ("row", "values", f"id NOT IN ({kept_rows})"),
        )
        with self.writing():
            for name in columns:
                for table, column, which in places:
                    cut = f"""CAST(json_remove(CAST("{column}" AS TEXT), '$.{name}') AS BLOB)"""
                    self._do(sql.format(table=table, column=column, cut=cut, which=which))
            for index in cells:
                blank = f"CAST(json_set(CAST(cells AS TEXT), '$[{index}]', NULL) AS BLOB)"
                self._do(f"UPDATE row SET cells = {blank} WHERE id NOT IN ({kept_rows})")
        self._shrink()
        return int(self.ask(f"SELECT count(*) FROM ({kept_rows})")[0][0])

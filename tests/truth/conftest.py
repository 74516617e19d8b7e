"""What tests of the command line use, here too."""

from tests.cli.conftest import lwdesk, school, workbook

__all__ = ["lwdesk", "school", "workbook"]

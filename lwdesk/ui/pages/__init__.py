"""The pages of the window, one file each, in the order of the sidebar."""

from lwdesk.ui.page import Page
from lwdesk.ui.pages.export import ExportPage
from lwdesk.ui.pages.help import HelpPage
from lwdesk.ui.pages.home import HomePage
from lwdesk.ui.pages.import_page import ImportPage
from lwdesk.ui.pages.job import JobPage
from lwdesk.ui.pages.jobs import JobsPage
from lwdesk.ui.pages.schools import SchoolsPage
from lwdesk.ui.pages.settings import SettingsPage

PAGES: tuple[type[Page], ...] = (
    HomePage,
    ImportPage,
    ExportPage,
    JobPage,
    JobsPage,
    SchoolsPage,
    SettingsPage,
    HelpPage,
)

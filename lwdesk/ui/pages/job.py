"""The page of one job, of any school, however long ago."""

from typing import Any, ClassVar

from lwdesk.base.text import N_, _
from lwdesk.ui.context import Context
from lwdesk.ui.job_view import JobView
from lwdesk.ui.page import Page
from lwdesk.ui.widgets import announce, button, column, label, restyle, row


class JobPage(Page):
    """Title, what can be done, and the job."""

    id: ClassVar[str] = "job"
    title: ClassVar[str] = N_("Job")
    icon: ClassVar[str] = "list"
    topic: ClassVar[str] = "jobs"
    in_sidebar: ClassVar[bool] = False

    def __init__(self, context: Context):
        super().__init__(context)
        self.heading, self.words = label(role="title", wrap=True), label(role="quiet", wrap=True)
        self.view = JobView(context)
        self.view.heading_changed.connect(self._head)
        back = button(_("All jobs"), "link", "caret-left", lambda: context.go("jobs"))
        self.body.addLayout(column(row(back, None), self.heading, self.words, gap=4))
        self.body.addWidget(self.view.buttons)
        self.body.addWidget(self.view, 1)

    def shown(self, **about: Any) -> None:
        self.banner.hide()
        if job := about.get("job"):
            self.view.show_job(str(job))
        else:
            self.view.look()

    def kept(self) -> dict[str, Any]:
        self.view.close_rows()
        return {"job": self.view.job} if self.view.job else {}

    def again(self) -> None:
        self.view.look()

    def _head(self, title: str, words: str, tone: str) -> None:
        if title != self.heading.text() and tone:
            announce(self.heading, title)  # the job has ended
        restyle(self.heading, tone=tone)
        self.heading.setText(title)
        self.words.setText(words)

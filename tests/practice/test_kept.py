"""The practice school is as it was at the next start; passwords are kept nowhere."""

import sys

from lwdesk.practice.server import Practice
from tests.app.desk import state


def without_passwords(found):
    place = 7  # of the password, among the facts of a user
    people = {email: facts[:place] + facts[place + 1 :] for email, facts in found["people"].items()}
    return found | {"people": people}


def test_the_school_is_as_it_was_and_works_on(tmp_path):
    path = tmp_path / "practice.school"
    with Practice(users=30, limit=False) as school:
        user = school.school.users[9]
        user.tags.append("kept")
        user.password = "secret-of-a-real-person"
        course = next(iter(school.school.products["course"]))
        school.school.give(user, "course", course, 1, None)
        school.school.queue("x", lambda job: None)
        before = without_passwords(state(school))
        school.save(path)
    assert b"secret-of-a-real-person" not in path.read_bytes()
    assert sys.platform == "win32" or path.stat().st_mode & 0o077 == 0  # Windows has no modes
    with Practice(users=30, limit=False, kept=path) as again:
        assert without_passwords(state(again)) == before
        found = again.school.find_user(user.email)
        assert "kept" in found.tags and found is again.school.by_id[user.id]
        assert found.holds["course", course] is again.school.holders["course", course][user.id]
        assert again.school.take(found, "course", course)


def test_a_file_that_cannot_be_read_or_is_of_another_version_is_not_used(tmp_path, monkeypatch):
    path = tmp_path / "practice.school"
    for content in (b"", b"nonsense", b"\x80\x05N."):
        path.write_bytes(content)
        with Practice(users=12, limit=False, kept=path) as school:
            assert len(school.school.users) == 12
    with Practice(users=20, limit=False) as school:
        monkeypatch.setattr("lwdesk.practice.server.__version__", "0.0.1")
        school.save(path)
        monkeypatch.undo()
    with Practice(users=12, limit=False, kept=path) as school:
        assert len(school.school.users) == 12

"""What the directory keeps of a school."""

import tracemalloc

from lwdesk.catalog.operation import Need


def test_what_is_known_of_users_takes_few_bytes(desk, practice):
    users = [user for user in practice.school.users if not user.suspended]
    tracemalloc.start()
    try:
        desk.session.directory.fetch(Need("user", user.email) for user in users)
        for user in users:
            fact = desk.session.directory.record("user", user.email)
            desk.session.directory.learn("user", user.email, fact)
        found = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(True, "*/app/school/directory.py")]
        )
    finally:
        tracemalloc.stop()
    kept = sum(trace.size for trace in found.statistics("filename"))
    assert kept / len(users) < 6_000  # its JSON, as it is and as it is planned, and its keys

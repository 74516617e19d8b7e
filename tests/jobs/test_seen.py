"""Texts that came before are known, whether they are few or many, and memory stays flat."""

import random
import tracemalloc

import pytest

from lwdesk.jobs import seen


@pytest.mark.parametrize("most", [0, 1, 50, 10_000])
def test_a_text_is_new_once(most, monkeypatch):
    monkeypatch.setattr(seen, "MOST", most)
    rng, known, found = random.Random(1), set(), seen.Seen()
    for _n in range(2000):
        text = f"ü{rng.randrange(700)}"
        assert found.add(text) == (text not in known)
        known.add(text)
    found.clear()
    assert found.add("ü1") and not found.add("ü1")
    found.clear()


def test_memory_stays_flat_however_many_there_are():
    found = seen.Seen()
    for n in range(2 * seen.MOST):
        found.add(f"{n:024x}")
    tracemalloc.start()
    for n in range(2 * seen.MOST, 6 * seen.MOST):
        assert found.add(f"{n:024x}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000 and not found.add(f"{1:024x}")
    found.clear()

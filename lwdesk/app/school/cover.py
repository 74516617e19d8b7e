"""The cheaper way to fetch memberships: list an item's users, or ask for a user's items. Pure."""

from collections.abc import Mapping
from typing import TypeVar

Item = TypeVar("Item")


def cheapest(wanted: Mapping[Item, set[str]], pages: Mapping[Item, int]) -> tuple[set[Item], set[str]]:
    """Which items to walk and which users to ask, so that each wanted (item, user) is covered by one of them.

    `wanted`: the users to know about, for each item; `pages`: what walking the item still costs. Asking a user
    costs 1 and covers all items. Starts with walking everything and gives up a walk wherever asking the users that
    it alone covers is cheaper, until nothing improves.
    """
    walked, asked = set(wanted), set[str]()
    improved = True
    while improved:
        improved = False
        for item in sorted(walked, key=lambda i: len(wanted[i] - asked) - pages[i]):
            lone = wanted[item] - asked
            if len(lone) < pages[item]:
                walked.discard(item)
                asked |= lone
                improved = True
    everybody = set().union(*wanted.values()) if wanted else set()
    if len(everybody) < sum(pages[item] for item in walked) + len(asked):
        return set(), everybody
    return walked, asked

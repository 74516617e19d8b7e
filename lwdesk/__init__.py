"""lwdesk: import rosters into a LearnWorlds school, export its data, from sheets."""

__version__ = "0.1.0"

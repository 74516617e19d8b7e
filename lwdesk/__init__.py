"""lwdesk: import rosters into a LearnWorlds school, export its data, from sheets."""

__version__ = "0.1.0"

# Where it is published: its source, and the releases with their installers.
HOMEPAGE = "https://github.com/lwdesk/lwdesk"

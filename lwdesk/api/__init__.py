"""The LearnWorlds REST API v2 over HTTP: tokens, pacing, retries, paging. Knows no operation."""

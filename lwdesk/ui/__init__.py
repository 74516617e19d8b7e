"""The window: pages that ask `app` and show what the journal says. The only room that touches Qt."""

"""What every room may use: errors, paths, text, logging. Imports nothing of lwdesk."""

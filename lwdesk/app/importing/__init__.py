"""From a file to a plan and its calls: open, match, check, edit, plan, send."""

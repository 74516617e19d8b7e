"""What operations make true in the school: seen, planned, looked up and undone. Pure."""

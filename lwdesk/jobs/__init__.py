"""Jobs: the journal (one SQLite file a job) and the engine that moves it."""

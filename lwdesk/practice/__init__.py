"""An embedded practice school: an HTTP server that behaves like a LearnWorlds school."""

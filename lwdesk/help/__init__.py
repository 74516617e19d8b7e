"""The help: topics in Markdown, one file a topic and language, and the reference pages; search through all of them."""

"""How the help is shown: documents, pictures, the tour."""

"""The steps of an import, one file each."""

"""Every library in use is under a licence that somebody has looked at, and its text is there to be read."""

import importlib.metadata

import pytest
from packaging.requirements import Requirement

from lwdesk.app import about

# Licences that were read and found to allow what the installers do: the texts travel along, sources are pointed at,
# and nothing of it is changed. Before you add one, read it; one that would ask lwdesk to be under it cannot be added.
LOOKED_AT = {
    "MIT",
    "MIT-0",
    "MIT License",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Apache-2.0",
    "Apache Software License",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
    "MPL-2.0 AND MIT",
    "MPL-2.0 AND (Apache-2.0 OR MIT)",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "Apache-2.0, MIT, Unicode-3.0, Zlib",
}
LIBRARIES = about.libraries()


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_the_licence_was_looked_at_and_its_text_is_there(library):
    assert library.licence in LOOKED_AT, f"{library.name} is under “{library.licence}”: read it first"
    assert len(about.licence(library.name)) > 500


def test_all_that_pyproject_names_is_among_them():
    names = {library.name.lower().replace("_", "-") for library in LIBRARIES}
    needs = importlib.metadata.metadata("lwdesk").json["requires_dist"]
    here = [
        need for need in map(Requirement, needs) if need.marker is None or need.marker.evaluate({"extra": ""})
    ]
    direct = {need.name.lower() for need in here}
    assert direct and direct <= names
    assert {"python", "native libraries", "phosphor icons"} <= names


def test_qt_comes_with_both_texts_and_where_its_source_is():
    text = about.licence("PySide6_Essentials")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text and "TERMS AND CONDITIONS" in text
    assert "download.qt.io" in text


def test_a_library_of_several_parts_has_all_their_texts():
    assert about.licence("httptools").count("Permission is hereby granted") > 1

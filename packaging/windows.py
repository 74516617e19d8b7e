"""The installers of Windows: one for a person, without admin rights (NSIS), an .msi for IT departments (WiX), and a
.zip to unpack and start anywhere.

All can be made on Linux too (makensis, wixl), so that their scripts can be tried anywhere.
"""

import os
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from facts import AUTHORS, BUILD, BUNDLE, DIST, HERE, HOMEPAGE, NAME, NUMBERS, ROOT, VERSION, WORDS, filled

SCRIPTS = HERE / "windows"
# Ids that must never change: by them Windows knows that a newer version is one of the same program.
FAMILY = uuid.UUID("6c1b7d6e-3d5c-4f0e-9a55-6a3c6f2f7e41")

# What Windows offers under "Open with", below HKEY_LOCAL_MACHINE or HKEY_CURRENT_USER.
OPENS = rf"Software\Classes\Applications\{NAME}-gui.exe"


def make() -> list[Path]:
    """All three; signed where a certificate is given."""
    sign(*BUNDLE.glob("*.exe"))
    made = [setup(BUNDLE), msi(BUNDLE)]
    sign(*made)
    return [*made, portable(BUNDLE)]


def sign(*paths: Path) -> None:
    """Sign with the certificate in `WINDOWS_CERTIFICATE_FILE`; nothing where there is none."""
    if certificate := os.environ.get("WINDOWS_CERTIFICATE_FILE"):
        tool = _tool("signtool", r"C:\Program Files (x86)\Windows Kits\10\bin\*\x64\signtool.exe")
        how = ("/fd", "SHA256", "/td", "SHA256", "/tr", "http://timestamp.digicert.com")
        password = os.environ["WINDOWS_CERTIFICATE_PASSWORD"]
        subprocess.run([tool, "sign", "/f", certificate, "/p", password, *how, *paths], check=True)


def setup(bundle: Path, *options: str) -> Path:
    """The installer for one person; `options` are makensis's."""
    found = DIST / f"{NAME}-{VERSION}-windows-x86_64-setup.exe"
    facts = {"NAME": NAME, "VERSION": VERSION, "AUTHORS": AUTHORS, "HOMEPAGE": HOMEPAGE, "WORDS": WORDS}
    facts |= {"BUNDLE": str(bundle), "ICON": str(BUILD / "icons" / f"{NAME}.ico"), "TARGET": str(found)}
    facts |= {"SIZE": str(sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) // 1024)}
    facts |= {"NUMBERS": NUMBERS}
    # makensis takes the slashes of the system it runs on, for paths and for options; on Windows it reads scripts in the
    # code page of that system, unless told otherwise.
    mark, facts["SLASH"] = ("/", "\\") if sys.platform == "win32" else ("-", "/")
    tool = _tool("makensis", r"C:\Program Files (x86)\NSIS\makensis.exe")
    defined = [f"{mark}D{name}={text}" for name, text in facts.items()]
    usual = (f"{mark}V2", f"{mark}WX", f"{mark}INPUTCHARSET", "UTF8")
    subprocess.run([tool, *usual, *options, *defined, SCRIPTS / f"{NAME}.nsi"], check=True)
    return found


def msi(bundle: Path) -> Path:
    """The package that administrators hand out; it installs for all who use the computer."""
    found = DIST / f"{NAME}-{VERSION}-windows-x86_64.msi"
    source = BUILD / f"{NAME}.wxs"
    files, ids = list(_tree(bundle, bundle)), list(_ids(bundle))
    parts = "\n".join(f'      <ComponentRef Id="{one}"/>' for one in ids)
    facts = {"files": "\n".join(files), "components": parts, "icon": str(Path("icons") / f"{NAME}.ico")}
    facts |= {"family": str(FAMILY).upper(), "opens": OPENS, "version": VERSION}
    source.write_text(filled(SCRIPTS / f"{NAME}.wxs", **facts), "utf-8")
    if sys.platform != "win32":
        subprocess.run(["wixl", "-a", "x64", "-D", "Win64=yes", "-o", found, source], check=True, cwd=BUILD)
        return found
    wix = r"C:\Program Files (x86)\WiX Toolset v3*\bin"
    middle = source.with_suffix(".wixobj")
    candle, light = _tool("candle", rf"{wix}\candle.exe"), _tool("light", rf"{wix}\light.exe")
    subprocess.run(
        [candle, "-nologo", "-arch", "x64", "-dWin64=yes", "-o", middle, source], check=True, cwd=BUILD
    )
    # What is installed for all has no key of one user: the shortcut's is the computer's, against these three rules.
    rules = ("-sice:ICE38", "-sice:ICE43", "-sice:ICE57")
    subprocess.run([light, "-nologo", "-spdb", *rules, "-o", found, middle], check=True, cwd=BUILD)
    return found


def portable(bundle: Path) -> Path:
    """A folder to unpack anywhere."""
    found, top = DIST / f"{NAME}-{VERSION}-windows-x86_64.zip", f"{NAME}-{VERSION}"
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            archive.write(path, f"{top}/{path.relative_to(bundle).as_posix()}")
        archive.writestr(f"{top}/README.txt", filled(SCRIPTS / "README.txt").replace("\n", "\r\n"))
        archive.write(ROOT / "LICENSE", f"{top}/LICENSE.txt")
    return found


def _ids(bundle: Path) -> Iterator[str]:
    yield from (_id("c", path, bundle) for path in sorted(bundle.rglob("*")) if path.is_file())


def _id(kind: str, path: Path, bundle: Path) -> str:
    """A name for a file or folder that is the same in every version."""
    return f"{kind}{uuid.uuid5(FAMILY, path.relative_to(bundle).as_posix()).hex}"


def _tree(folder: Path, bundle: Path) -> Iterator[str]:
    """The files of a folder as WiX wants them: a component each, folder in folder."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield f"<Directory Id={quoteattr(_id('d', path, bundle))} Name={quoteattr(path.name)}>"
            yield from _tree(path, bundle)
            yield "</Directory>"
        else:
            guid = str(uuid.uuid5(FAMILY, _id("guid", path, bundle))).upper()
            yield f'<Component Id="{_id("c", path, bundle)}" Guid="{guid}" Win64="$(var.Win64)">'
            source = quoteattr(os.path.relpath(path, BUILD))
            yield f'<File Id="{_id("f", path, bundle)}" Source={source} KeyPath="yes"/>'
            yield "</Component>"


def _tool(name: str, usual: str) -> str:
    """A program that is on the path, or in its usual place."""
    if found := shutil.which(name):
        return found
    top, _star, rest = usual.partition("*")
    if rest:
        parent = Path(top).parent
        places = sorted(parent.glob(usual[len(str(parent)) + 1 :].replace("\\", "/")))
        if places:
            return str(places[-1])
    return usual

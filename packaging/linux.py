"""The installers of Linux: a .deb, and a .tar.xz to unpack and start anywhere."""

import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

import icons
from facts import BUILD, BUNDLE, DIST, HERE, NAME, ROOT, VERSION, filled

SHARE = HERE / "linux"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def make() -> list[Path]:
    """Both installers."""
    return [deb(), portable()]


def deb(packing: tuple[str, ...] = ("-Zxz", "-z9")) -> Path:
    """The package of Debian, Ubuntu and Mint."""
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    arch = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    shutil.copytree(BUNDLE, tree / "usr" / "lib" / NAME, symlinks=True)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    _share(tree / "usr" / "share")
    _modes(tree)
    size = sum(path.lstat().st_size for path in tree.rglob("*")) // 1024
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    libc = platform.libc_ver()[1]
    text = filled(SHARE / "control", arch=arch.stdout.strip(), size=str(size), libc=libc)
    control.write_text(text, "utf-8")
    found = DIST / f"{NAME}_{VERSION}_{arch.stdout.strip()}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", *packing, "--build", tree, found], check=True)
    return found


def _share(share: Path) -> None:
    """What the desktop wants to know."""
    for name, folder in ((f"{NAME}.desktop", "applications"), (f"{NAME}.metainfo.xml", "metainfo")):
        _write(share / folder / name, filled(SHARE / name))
    _write(share / "doc" / NAME / "copyright", filled(SHARE / "copyright"))
    hicolor = share / "icons" / "hicolor"
    for side in SIZES:
        _copy(BUILD / "icons" / f"{NAME}-{side}.png", hicolor / f"{side}x{side}" / "apps" / f"{NAME}.png")
    _copy(icons.SOURCE, hicolor / "scalable" / "apps" / f"{NAME}.svg")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _modes(tree: Path) -> None:
    """What anyone may read and start, whatever the builder's own habits are."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.name == NAME else 0o644)


def portable() -> Path:
    """A folder to unpack anywhere."""
    found = DIST / f"{NAME}-{VERSION}-linux-{platform.machine()}.tar.xz"
    top = f"{NAME}-{VERSION}"
    readme = BUILD / "README.txt"
    readme.write_text(filled(SHARE / "README.txt"), "utf-8")
    with tarfile.open(found, "w:xz", preset=9) as archive:
        archive.add(BUNDLE, top, filter=_of_nobody)
        archive.add(readme, f"{top}/README.txt", filter=_of_nobody)
        archive.add(ROOT / "LICENSE", f"{top}/LICENSE", filter=_of_nobody)
        archive.add(icons.SOURCE, f"{top}/{NAME}.svg", filter=_of_nobody)
    return found


def _of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or Path(member.name).name == NAME else 0o644
    return member

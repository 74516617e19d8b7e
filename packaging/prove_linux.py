"""Proves the installers of Linux in a clean Debian without Python: install, upgrade, use, remove. Needs root.

`sudo python packaging/prove_linux.py [--suite bookworm] [--picture FILE.png]`, after `make installers`. What it needs
beside: debootstrap and iproute2; for a picture of the window and its start time Xvfb, xdotool and ImageMagick.
Ends with status 0 where all is as it should be, and says each step.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from facts import BUILD, DIST, NAME, ROOT, VERSION

MIRROR = "http://deb.debian.org/debian"
# An installer of this version, made of the same bundle, is what is upgraded.
OLDER = "0.0.1"
DATA = f"home/ana/.local/share/{NAME}"
# What any installation writes: the lists and logs of the system itself.
NOT_OURS = ("var/lib/dpkg/", "var/lib/apt/", "var/cache/", "var/log/", "installers/")
PRACTICE_JOB = f"{NAME} import /installers/roster.xlsx --operation roster --school practice --yes"


class Room:
    """A clean Debian in a folder, thrown away at the end; Ana is the user who uses it."""

    def __init__(self, suite: str):
        self.clean, self.root = BUILD / "rooms" / suite, BUILD / "rooms" / f"{suite}-used"

    def __enter__(self) -> "Room":
        if not self.clean.exists():
            say(f"a clean Debian ({self.clean.name})")
            run("debootstrap", "--variant=minbase", self.clean.name, self.clean, MIRROR, quiet=True)
        shutil.rmtree(self.root, ignore_errors=True)
        run("cp", "-a", self.clean, self.root)
        run("mount", "-t", "proc", "proc", self.root / "proc")
        shutil.copyfile("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        self.do("useradd -m ana && apt-get update -qq")
        return self

    def __exit__(self, *_error: object) -> None:
        run("umount", self.root / "proc")
        shutil.rmtree(self.root, ignore_errors=True)

    def do(self, command: str, *, fails: bool = False) -> str:
        """As root. Returns what it printed."""
        return self._do(["chroot", self.root], command, fails)

    def ana(self, command: str, *, offline: bool = False, fails: bool = False) -> str:
        """As Ana, who may be cut off from every network."""
        start = self.as_ana()
        if offline:
            alone = 'ip link set lo up && exec "$@"'
            start = ["unshare", "--net", "sh", "-c", alone, "sh", *start]
        return self._do(start, f"cd && {command}", fails)

    def as_ana(self, *command: object) -> list[object]:
        """A command line that does something as Ana."""
        stat = (self.root / "home" / "ana").stat()
        world = (
            "HOME=/home/ana",
            "PATH=/usr/bin:/bin",
            "LANG=C.UTF-8",
            f"DISPLAY={os.environ.get('DISPLAY', '')}",
        )
        who = f"--userspec={stat.st_uid}:{stat.st_gid}"
        return ["chroot", who, self.root, "env", "-i", *world, *command]

    def _do(self, start: list[object], command: str, fails: bool) -> str:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*map(str, start), "sh", "-ec", command], capture_output=True, text=True, env=environment
        )
        if (done.returncode != 0) != fails:
            raise SystemExit(f"{command}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def files(self) -> set[str]:
        """All files there are, but for the system's own book-keeping."""
        listed = subprocess.run(
            ["find", self.root, "-xdev", "-printf", "%P\n"], capture_output=True, text=True, check=True
        )
        return {path for path in listed.stdout.splitlines() if not path.startswith(NOT_OURS)}


def say(words: str) -> None:
    sys.stdout.write(f"── {words}\n")
    sys.stdout.flush()


def show(text: str) -> None:
    sys.stdout.write("".join(f"     {line}\n" for line in text.splitlines()))
    sys.stdout.flush()


def run(*command: object, quiet: bool = False) -> None:
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL if quiet else None)


def check(true: bool, words: str) -> None:
    if not true:
        raise SystemExit(f"FAILED: {words}")
    show(f"yes: {words}")


def older() -> Path:
    """A package of an older version, from the same bundle."""
    found = next(DIST.glob(f"{NAME}_{OLDER}_*.deb"), None)
    if found is None:
        script = "import linux; linux.deb(('-Znone',))"
        environment = os.environ | {"LWDESK_BUILD_VERSION": OLDER, "PYTHONPATH": str(ROOT / "packaging")}
        subprocess.run([sys.executable, "-c", script], check=True, env=environment, stdout=subprocess.DEVNULL)
        found = next(DIST.glob(f"{NAME}_{OLDER}_*.deb"))
    return found


def kept(room: Room) -> dict[str, object]:
    """What a person would miss: schools, mappings, job history."""
    settings = json.loads((room.root / DATA / "settings.json").read_text("utf-8"))
    jobs = json.loads(room.ana(f"{NAME} jobs --json").splitlines()[-1])
    schools = json.loads(room.ana(f"{NAME} schools list --json").splitlines()[-1])
    return {"mappings": settings["mappings"], "jobs": jobs, "schools": schools}


def install(room: Room, package: Path) -> None:
    room.do(f"apt-get install -y -qq --no-install-recommends /installers/{package.name}")


def prove(room: Room, package: Path, before: Path, archive: Path, picture: Path | None) -> None:
    box = room.root / "installers"
    box.mkdir()
    for path in (package, before, archive, ROOT / "resources" / "demo" / "roster.xlsx"):
        shutil.copy(path, box)
    say("no Python here")
    room.do("command -v python3 || command -v python", fails=True)
    say("what the package depends on is installed")
    needs = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True, check=True)
    room.do(f"apt-get satisfy -y -qq --no-install-recommends '{needs.stdout.strip()}'")
    room.do("command -v python3 || command -v python", fails=True)
    empty = room.files()

    say(f"{before.name} is installed, and used: a school, an import with its mapping")
    install(room, before)
    room.ana(f"echo s3cret | {NAME} schools add riverside --url riverside.mylearnworlds.com --client-id 1a2b "
             "--secret-stdin")  # fmt: skip
    room.ana(f"{PRACTICE_JOB} --results first.xlsx || test $? -eq 2")  # 2: some rows are meant to fail
    then = kept(room)
    check(len(then["jobs"]) > 0 and len(then["mappings"]) > 0, "there is a job, and a mapping is remembered")  # type: ignore[arg-type]

    say(f"{package.name} is installed over it")
    install(room, package)
    version = room.do(f"dpkg-query -W -f '${{Version}}' {NAME}")
    check(version == VERSION, f"dpkg says {version}")
    check(kept(room) == then, "schools, mappings and job history are as they were")
    job = next(iter((room.root / DATA / "jobs").glob("*.lwjob"))).stem
    room.ana(f"{NAME} results {job} -o again.xlsx && test -s again.xlsx")
    say("self-test, without any network")
    show(room.ana(f"{NAME} --self-test", offline=True))
    if picture is not None:
        look(room, picture)

    say("removed")
    room.do(f"apt-get purge -y -qq {NAME}")
    left = {path for path in room.files() - empty if not path.startswith("home/ana/")}
    check(not left, f"nothing is left but what is Ana's {sorted(left)[:5] or ''}")
    check((room.root / DATA / "settings.json").exists(), "what is Ana's is still there")

    say(f"{archive.name}: unpacked by Ana, self-test, deleted")
    room.do("apt-get install -y -qq --no-install-recommends xz-utils")
    room.ana(f"tar xf /installers/{archive.name}")
    show(room.ana(f"./{NAME}-{VERSION}/{NAME} --self-test", offline=True))
    now = json.loads(room.ana(f"./{NAME}-{VERSION}/{NAME} jobs --json").splitlines()[-1])
    check(now == then["jobs"], "it sees the same jobs")
    room.ana(f"rm -r {NAME}-{VERSION}")


@contextlib.contextmanager
def screen(room: Room) -> Iterator[None]:
    """A screen that programs in the room can show a window on."""
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-ac", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    number = server.stdout.readline().strip()  # it is ready when it says so
    sockets = room.root / "tmp" / ".X11-unix"
    sockets.mkdir(exist_ok=True)
    run("mount", "--bind", "/tmp/.X11-unix", sockets)
    os.environ["DISPLAY"] = f":{number}"
    try:
        yield
    finally:
        run("umount", sockets)
        sockets.rmdir()
        server.terminate()
        server.wait()


def look(room: Room, picture: Path, times: int = 6) -> None:
    """Start the installed program as a person does: how long until its window is there, and how it looks."""
    say("the window, on a screen")
    seconds = []
    with screen(room):
        for number in range(times):
            began = time.perf_counter()
            program = subprocess.Popen(room.as_ana(NAME), stderr=subprocess.DEVNULL)
            try:
                run("xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{NAME}$", quiet=True)
                seconds.append(time.perf_counter() - began)
                if number == times - 1:
                    time.sleep(2)
                    run("import", "-window", "root", picture)
            finally:
                program.terminate()
                program.wait()
    show(f"first {seconds[0]:.2f} s, then {statistics.median(seconds[1:]):.2f} s (median of {times - 1})")
    check(statistics.median(seconds[1:]) < 1.5, "it starts in less than 1.5 s")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--suite", default="bookworm", help="the Debian to try it in")
    given.add_argument(
        "--older", type=Path, help="an older .deb; one is made of the same bundle where none is given"
    )
    given.add_argument("--picture", type=Path, help="where a picture of the window goes")
    options = given.parse_args()
    package = next(DIST.glob(f"{NAME}_{VERSION}_*.deb"))
    archive = next(DIST.glob(f"{NAME}-{VERSION}-linux-*.tar.xz"))
    with Room(options.suite) as room:
        prove(room, package, options.older or older(), archive, options.picture)
    say("all is as it should be")


if __name__ == "__main__":
    main()

"""Renders the icon of the window, an SVG, into what the systems want: PNG, ICO and ICNS."""

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from facts import BUILD, NAME, ROOT
from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = ROOT / "lwdesk" / "ui" / "icon.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)
ICO = (16, 24, 32, 48, 64, 128, 256)
# Apple Icon Image format: the type of each entry and its side in pixels.
ICNS = {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def render() -> dict[int, bytes]:
    """Side in pixels -> PNG."""
    app = QGuiApplication.instance() or QGuiApplication([])
    drawing = QSvgRenderer(str(SOURCE))
    found = {side: _png(drawing, side) for side in SIZES}
    del app
    return found


def _png(drawing: QSvgRenderer, side: int) -> bytes:
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        drawing.render(painter, QRectF(0, 0, side, side))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon: a directory of entries, then the PNGs."""
    head, body, offset = [struct.pack("<HHH", 0, 1, len(ICO))], [], 6 + 16 * len(ICO)
    for side in ICO:
        data = pictures[side]
        head.append(struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(data), offset))
        body.append(data)
        offset += len(data)
    return b"".join(head + body)


def icns(pictures: dict[int, bytes]) -> bytes:
    """A macOS icon: each entry with its type and length in front."""
    body = b"".join(
        kind + struct.pack(">I", len(pictures[side]) + 8) + pictures[side] for kind, side in ICNS.items()
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> Path:
    """Write all icons. Returns their folder."""
    folder = BUILD / "icons"
    folder.mkdir(parents=True, exist_ok=True)
    pictures = render()
    for side, data in pictures.items():
        (folder / f"{NAME}-{side}.png").write_bytes(data)
    (folder / f"{NAME}.ico").write_bytes(ico(pictures))
    (folder / f"{NAME}.icns").write_bytes(icns(pictures))
    return folder


if __name__ == "__main__":
    main()

"""Draw bars as SVG that takes its colours from the page, light or dark, on a screen or in print."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH = 640
ROW, LABEL, NUMBER = 22, 190, 60
COLUMN_HEIGHT, FOOT, HEAD = 160, 34, 18


def columns(labels: Sequence[str], values: Sequence[int], description: str, under: str = "") -> Markup:
    """Draw a column for each value, with its number on top.

    Parameters
    ----------
    description : what a screen reader says.
    under : what the labels below the columns mean.
    """
    most = max(values, default=0) or 1
    step = WIDTH / max(1, len(values))
    every = max(1, -(-len(labels) * 52 // WIDTH))  # as many labels as fit beside each other
    pieces = []
    for n, (label, value) in enumerate(zip(labels, values, strict=True)):
        height = COLUMN_HEIGHT * value / most
        x, y = n * step, HEAD + COLUMN_HEIGHT - height
        middle = x + step / 2
        if value:
            pieces.append(f'<rect x="{x + 2:.1f}" y="{y:.1f}" width="{step - 4:.1f}" height="{height:.1f}"/>')
            pieces.append(f'<text x="{middle:.1f}" y="{y - 4:.1f}" class="m">{value}</text>')
        if n % every == 0:
            pieces.append(
                f'<text x="{middle:.1f}" y="{HEAD + COLUMN_HEIGHT + 15}" class="m">{escape(label)}</text>'
            )
    floor = HEAD + COLUMN_HEIGHT
    pieces.append(f'<line x1="0" y1="{floor}" x2="{WIDTH}" y2="{floor}"/>')
    pieces.append(f'<text x="{WIDTH}" y="{floor + 31}" class="e">{escape(under)}</text>')
    return _svg(pieces, floor + FOOT, description)


def bars(labels: Sequence[str], shares: Sequence[float], numbers: Sequence[str], description: str) -> Markup:
    """Draw a bar for each share between 0 and 1, with its label before and its number behind it."""
    room = WIDTH - LABEL - NUMBER
    pieces = []
    for n, (label, share, number) in enumerate(zip(labels, shares, numbers, strict=True)):
        y = n * ROW
        width = room * min(max(share, 0.0), 1.0)
        pieces.append(f'<text x="{LABEL - 8}" y="{y + 15}" class="e">{escape(_short(label))}</text>')
        pieces.append(f'<rect x="{LABEL}" y="{y + 3}" width="{room}" height="{ROW - 6}" class="b"/>')
        pieces.append(f'<rect x="{LABEL}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}"/>')
        pieces.append(f'<text x="{LABEL + room + 6}" y="{y + 15}">{escape(number)}</text>')
    return _svg(pieces, ROW * max(1, len(labels)), description)


def _svg(pieces: Sequence[str], height: float, description: str) -> Markup:
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(description)}">'
        f"<title>{escape(description)}</title>{''.join(pieces)}</svg>"
    )


def _short(label: str) -> str:
    return label if len(label) <= 28 else f"{label[:27]}…"

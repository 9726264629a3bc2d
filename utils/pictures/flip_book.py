"""Show a picture with pages: a slider turns them, and a button lets them run, without a kernel."""

import html
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imsave

from utils.pictures.picture import DOTS_PER_INCH, Picture, address

SHARPNESS = 1.25  # less than a single picture has: a notebook's file keeps every page

# Without the script (a notebook that isn't trusted yet, a printed page) the last page is shown, alone and
# complete. With it, what moves lies as a transparent sheet over what does not: twelve whole pages are too
# much for a notebook's file. It opens every book that is still closed, so nothing needs a name.
SCRIPT = """
for (const book of document.querySelectorAll("figure.flip-book:not([data-open])")) {
  book.dataset.open = "";
  const image = book.querySelector("img");
  const pages = JSON.parse(book.dataset.pages);
  const place = document.createElement("div");
  place.style = "position: relative; display: inline-block; max-width: 100%";
  const sheet = Object.assign(document.createElement("img"), {alt: ""});
  sheet.style = "position: absolute; left: 0; top: 0; width: 100%; height: 100%";
  image.replaceWith(place);
  image.src = book.dataset.ground;
  image.style.display = "block";
  place.append(image, sheet);
  const add = (kind, properties) => {
    const element = Object.assign(document.createElement(kind), properties);
    row.append(element);
    return element;
  };
  const row = document.createElement("div");
  row.style = "display: flex; gap: 0.8em; align-items: center; padding: 0.4em 0";
  const button = add("button", {type: "button", textContent: "\\u25B6 play"});
  button.style = "font: inherit; min-width: 6em; padding: 0.2em 0.6em";
  const slider = add("input", {type: "range", min: 0, max: pages.length - 1, value: pages.length - 1});
  slider.style = "flex: 0 1 20em";
  slider.setAttribute("aria-label", book.dataset.label);
  const words = add("span", {});
  const turn = () => {
    const page = pages[slider.value];
    sheet.src = page.source;
    image.alt = page.alt;
    words.textContent = page.words;
    slider.setAttribute("aria-valuetext", page.words);
  };
  let clock = null;
  const rest = () => {
    clearInterval(clock);
    clock = null;
    button.textContent = "\\u25B6 play";
  };
  button.onclick = () => {
    if (clock) return rest();
    if (slider.value === slider.max) slider.value = 0;
    turn();
    button.textContent = "\\u23F8 pause";
    clock = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      turn();
      if (slider.value === slider.max || !book.isConnected) rest();
    }, 450);
  };
  slider.oninput = () => { rest(); turn(); };
  turn();
  book.append(row);
}
"""


class FlipBook(Picture):
    """A picture whose moving parts differ from page to page; printed, it shows the last page."""

    label: str = ""
    """What the slider goes through, for those who can't see it."""
    moving: Sequence[Artist] = ()
    turn: Callable[[int], tuple[str, str]]
    """Moves the parts to their places on a page; returns words beside the slider and alternative text."""
    pages: int = 0

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return pages and script for a notebook, and a text; the notebook adds the last page itself."""
        del include, exclude
        ground, pages, self._printed = self._drawn()
        self._leave()
        book = (
            f'<figure class="flip-book" style="margin: 0" data-label="{html.escape(self.label)}"'
            f' data-ground="{ground}" data-pages="{html.escape(json.dumps(pages))}">'
            f"{self._image(address(self._printed, 'png'))}</figure><script>{SCRIPT}</script>"
        )
        return {"text/html": book, "text/plain": self.alt}

    def _drawn(self) -> tuple[str, list[dict[str, str]], bytes]:
        """Draw what does not move, a transparent sheet of what does for each page, and the last page."""
        before, dots = self.canvas, self.dpi
        canvas: Any = FigureCanvasAgg(self)  # most of its methods have no types
        self.dpi = SHARPNESS * DOTS_PER_INCH
        try:
            for artist in self.moving:
                artist.set_visible(False)
            canvas.draw()
            ground = address(_png(canvas), "png")
            for artist in self.moving:
                artist.set_visible(True)
            pages: list[dict[str, str]] = []
            self.turn(self.pages - 1)
            for artist in self.moving:
                artist.draw(canvas.renderer)
            last = _png(canvas)
            for number in range(self.pages):
                words, alt = self.turn(number)
                canvas.renderer.clear()
                for artist in self.moving:
                    artist.draw(canvas.renderer)
                pages.append({"words": words, "alt": alt, "source": address(_png(canvas), "png")})
            return ground, pages, last
        finally:
            self.set_canvas(before)
            self.dpi = dots


def _png(canvas: Any) -> bytes:  # noqa: ANN401  a canvas, see above
    file = io.BytesIO()
    imsave(file, canvas.buffer_rgba(), format="png", pil_kwargs={"compress_level": 4})
    return file.getvalue()

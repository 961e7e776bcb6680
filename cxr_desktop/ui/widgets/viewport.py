"""Where a film lies on the screen: pure geometry, in film pixels and screen pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

LARGEST_ZOOM = 32.0
STEP = 1.25
VISIBLE_MARGIN = 48.0


@dataclass(frozen=True, slots=True)
class Look:
    """What part of a film is seen, whatever the film's size: `zoom` is 1 where it just fits.

    (`x`, `y`) is the point in the middle, as shares of the film's width and height.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5


@dataclass(frozen=True, slots=True)
class Viewport:
    """A film of `columns` x `rows` pixels seen through a view of `width` x `height` screen pixels.

    `zoom` is screen pixels per film pixel; (`x`, `y`) is the film point, in film pixels from its
    upper left corner, that lies in the middle of the view. `fitted` says that the film follows the
    view's size until somebody zooms or pans.
    """

    columns: int
    rows: int
    width: int
    height: int
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True

    @classmethod
    def fitting(cls, columns: int, rows: int, width: int, height: int) -> Viewport:
        """Show the whole film, centred."""
        return cls(columns, rows, max(width, 1), max(height, 1)).fit()

    @property
    def fit_zoom(self) -> float:
        """The zoom at which the whole film is just seen."""
        return min(self.width / self.columns, self.height / self.rows)

    @property
    def smallest_zoom(self) -> float:
        """Half the fitted size, or 1:1 for a film smaller than that."""
        return min(self.fit_zoom * 0.5, 1.0)

    @property
    def left(self) -> float:
        """Screen x of the film's left edge."""
        return self.width / 2 - self.x * self.zoom

    @property
    def top(self) -> float:
        """Screen y of the film's upper edge."""
        return self.height / 2 - self.y * self.zoom

    def to_film(self, x: float, y: float) -> tuple[float, float]:
        """Turn a screen point into a film point."""
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    @property
    def look(self) -> Look:
        """The part of the film that is seen."""
        return Look(self.zoom / self.fit_zoom, self.x / self.columns, self.y / self.rows)

    def looking(self, look: Look) -> Viewport:
        """See that part of this film."""
        if look == Look():
            return self.fit()
        zoom = self._within_limits(look.zoom * self.fit_zoom)
        return self._looking_at(look.x * self.columns, look.y * self.rows, zoom)

    def fit(self) -> Viewport:
        """Show the whole film, centred."""
        return replace(self, zoom=self.fit_zoom, x=self.columns / 2, y=self.rows / 2, fitted=True)

    def resized(self, width: int, height: int) -> Viewport:
        """Follow the view's new size: stay fitted, or keep the middle and the zoom."""
        changed = replace(self, width=max(width, 1), height=max(height, 1))
        return changed.fit() if self.fitted else changed.zoomed(changed.zoom)

    def zoomed(self, zoom: float, at: tuple[float, float] | None = None) -> Viewport:
        """Zoom so that the film point under the screen point `at` (or the middle) stays there."""
        at_x, at_y = at if at is not None else (self.width / 2, self.height / 2)
        zoom = self._within_limits(zoom)
        film_x, film_y = self.to_film(at_x, at_y)
        x = film_x + (self.width / 2 - at_x) / zoom
        y = film_y + (self.height / 2 - at_y) / zoom
        return self._looking_at(x, y, zoom)

    def panned(self, dx: float, dy: float) -> Viewport:
        """Move the film by screen pixels; a strip of it always stays in view."""
        return self._looking_at(self.x - dx / self.zoom, self.y - dy / self.zoom, self.zoom)

    def _within_limits(self, zoom: float) -> float:
        return min(max(zoom, self.smallest_zoom), max(LARGEST_ZOOM, self.fit_zoom))

    def _looking_at(self, x: float, y: float, zoom: float) -> Viewport:
        reach_x = max(self.width / 2 - VISIBLE_MARGIN, 0) / zoom
        reach_y = max(self.height / 2 - VISIBLE_MARGIN, 0) / zoom
        return replace(
            self,
            zoom=zoom,
            x=min(max(x, -reach_x), self.columns + reach_x),
            y=min(max(y, -reach_y), self.rows + reach_y),
            fitted=False,
        )

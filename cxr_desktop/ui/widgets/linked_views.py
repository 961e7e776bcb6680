"""Two films seen alike: the same part, the same kind of window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize

from cxr_desktop.domain.radiograph import Window
from cxr_desktop.ui.widgets.film_view import FilmView
from cxr_desktop.ui.widgets.viewport import Look


class LinkedViews:
    """Carries zoom, place, window and invert from the view that is changed to the other.

    Places are shares of the film and zooms relative to the whole film, so that films of different
    sizes match; a view that only changed its size takes the look that both had.
    """

    def __init__(self, one: FilmView, other: FilmView) -> None:
        self._views = (one, other)
        self._sizes: dict[FilmView, QSize] = {}
        self._look = Look()
        self._is_busy = False
        for view in self._views:
            view.view_changed.connect(partial(self._on_changed, view))

    def lead(self, view: FilmView) -> None:
        """Let the other view follow this one now."""
        self._look = view.view.look
        self._sizes = {one: one.size() for one in self._views}
        self._carry(view)

    def _on_changed(self, view: FilmView) -> None:
        if self._is_busy or any(one.film is None for one in self._views):
            return
        if view.size() != self._sizes.get(view):
            self._sizes[view] = view.size()
            self._is_busy = True
            view.look_at(self._look)
            self._is_busy = False
            return
        self._look = view.view.look
        self._carry(view)

    def _carry(self, leader: FilmView) -> None:
        follower = self._views[1] if leader is self._views[0] else self._views[0]
        self._is_busy = True
        follower.look_at(self._look)
        window = window_like(leader, follower)
        if window != follower.window_level:
            follower.use_window(window)
        if follower.is_inverted != leader.is_inverted:
            follower.set_inverted(leader.is_inverted)
        self._is_busy = False


def window_like(leader: FilmView, follower: FilmView) -> Window:
    """Return the follower's window that does to its film what the leader's does to its own.

    A preset becomes the same preset; any other window is moved and stretched as it was from the
    window that the film came with: two exposures share no grey scale.
    """
    if leader.film is None or follower.film is None:
        return follower.window_level
    used, own, theirs = leader.window_level, leader.film.window, follower.film.window
    names = [preset.name for preset in leader.presets] if used.name else []
    if used.name in names:
        preset = follower.presets[names.index(used.name)]
        return Window(preset.window.centre, preset.window.width, preset.name)
    scale = theirs.width / own.width
    centre = theirs.centre + (used.centre - own.centre) * scale
    return Window(centre, used.width * scale)

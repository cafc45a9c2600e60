"""The house style: sizes in pixels of a picture 1200 wide, and colors."""

from __future__ import annotations

WIDTH = 1200
HEIGHT = 800
MARGIN = 44

# A phone shows the picture at a third of its size, so 30 becomes 10.
TITLE = 48
TEXT = 30
SMALL = 26
LEADING = 1.22  # distance of baselines, in sizes

PAPER = "#FCFBF7"
SHADE = "#EFEEE8"
GRID = "#DEDCD4"
AXIS = "#8A8F98"
SOFT = "#565F6B"
INK = "#18212C"

# Okabe and Ito's colors for the color-blind, darkened until they can be read as text on PAPER.
FAINT = "#DCE7EE"  # BLUE as a ground
BLUE = "#0067A5"
VERMILION = "#BF4A05"
GREEN = "#007A5A"
PURPLE = "#97467A"
OCHRE = "#8A6100"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, OCHRE, SOFT)

"""Charts: pictures described as data, and their drawing as PNG, SVG, plain text and CSV."""

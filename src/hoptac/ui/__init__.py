"""Components, base pages, styles and scripts that every page is made of."""

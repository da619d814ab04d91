"""Plots of how a project comes along: what is plotted, how it looks, and the drawing of it."""

"""LaTeX to dependency graph. Knows no Lean, no database, no web."""

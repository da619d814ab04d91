"""LaTeX to a draft of the document: plasTeX, bounded, in a process of its own. Only here is plasTeX known."""

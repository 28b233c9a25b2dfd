"""Results as HTML that needs no script: for notebooks, the demo and plain pages."""

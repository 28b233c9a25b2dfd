"""What was handed in: notebooks of any layout and state, and the answers in them."""

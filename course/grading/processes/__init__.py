"""Processes that run learners' cells, and the frames in which one talks to them."""

"""The demo: web pages around trained classifiers, on Gradio.

`pages.py` puts the pages together, one module each (`classify.py`, `explain.py`);
`controls.py` is what they share, `models.py` what they ask, `guard.py` what stands
before them, and `launch.py` starts them. Pictures come from `course.views`.
"""

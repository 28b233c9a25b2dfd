"""Results of grading, and the marks and the grade book that they become."""

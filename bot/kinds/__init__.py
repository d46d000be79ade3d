"""The kinds of question: each module reads the forms of its kind (`read`) and drafts its answer (`write`)."""
